// Which journals can be put together: those of one product, service and operation, which have no image in common.

import { Places } from "../../bulk/places.ts";
import type { JournalHead } from "../../bulk/sign/journal.ts";
import { visible } from "../../shown/visible.ts";
import { Problem } from "../problem.ts";
import { hashOf, keyOf } from "./hash.ts";
import type { Survey } from "./survey.ts";
import { counted } from "./wrong-lines.ts";

const fields = [
  ["service", "service"],
  ["productId", "product"],
  ["operationId", "operation"],
] as const satisfies readonly (readonly [keyof JournalHead, string])[];

export function checkSameRun(surveys: readonly Survey[]): void {
  const [first, ...others] = surveys;
  for (const other of others) {
    for (const [field, name] of fields) {
      const [ours, theirs] = [first?.head[field], other.head[field]];
      if (first === undefined || ours === theirs) continue;
      const what =
        `The journals are of different runs: the ${name} of ${visible(first.path)} is ` +
        `${visible(ours ?? "not said")}, that of ${visible(other.path)} is ${visible(theirs ?? "not said")}.`;
      throw new Problem("bad-journal", what, "Report each by itself.");
    }
  }
}

/** So many images are named. */
const most = 20;

/** @throws {Problem} when an image is in two of them: it would count twice */
export async function checkApart(surveys: readonly Survey[]): Promise<void> {
  /** The number of the journal of each image. */
  const whose = new Places();
  const told: object[] = [];
  const shown: string[] = [];
  let count = 0;
  for (const [number, { path, last }] of surveys.entries()) {
    for await (const { reference, why } of last()) {
      // A line that repeats another of its own list.
      if (why === "repeated") continue;
      const first = whose.add(keyOf(hashOf(reference)), number);
      if (first === undefined || first === number) continue;
      count += 1;
      const other = surveys[first]?.path ?? "";
      if (told.length === most) continue;
      told.push({ reference, journals: [other, path] });
      shown.push(`${visible(reference)}: in ${visible(other)} and ${visible(path)}`);
    }
  }
  if (count === 0) return;
  if (count > most) shown.push(`… and ${counted(count - most, "more image")}`);
  const what = `${counted(count, "image")} ${count === 1 ? "is" : "are"} in two of the journals.`;
  const fix = "Name each journal once, and only those of different parts of one list.";
  throw new Problem("bad-journal", what, fix, { shown: shown.join("\n"), lines: told });
}
