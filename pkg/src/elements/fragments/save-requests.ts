// Saves requests as a file: thousands in slices, so that the page answers meanwhile.
import { csvOf, type Exported, jsonOf } from "../../shown/export.ts";
import { Slices } from "../../slices.ts";
import { save } from "./save.ts";

export type Format = "csv" | "json";

/** @param exported what is written of each. @returns the file's name */
export async function saveRequests<T>(
  all: readonly T[],
  format: Format,
  exported: (one: T) => Exported,
): Promise<string> {
  const rows = await new Slices().map(all, (one) => exported(one));
  const file = `ocisign-requests-${new Date().toISOString().slice(0, 10)}.${format}`;
  if (format === "csv") save(file, "text/csv", csvOf(rows));
  else save(file, "application/json", jsonOf(rows));
  return file;
}
