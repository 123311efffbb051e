// The list as a file: all requests that are chosen and found, on all pages, in their order.
import { html } from "lit";
import type { Profile } from "ocisign";
import { courseOf } from "../../shown/activity.ts";
import { csvOf, type Exported, exportedOf, jsonOf } from "../../shown/export.ts";
import { save } from "../fragments/save.ts";
import { strings } from "../strings/index.ts";
import { nameOf, type ProductNames } from "./arranging.ts";
import type { Row } from "./row.ts";

/** So many are written before the page may do something else. */
const slice = 200;

export type Format = "csv" | "json";

export function exportChoice(count: number, onExport: (format: Format) => void) {
  const { exportAll, csv, json, exportAs } = strings.approvals;
  const one = (format: Format, name: string) =>
    html`<button type="button" class="small plain" aria-label=${exportAs(name)} @click=${() => onExport(format)}>${name}</button>`;
  return html`<div class="row export" part="export">
    <span class="small muted">${exportAll(count)}</span> ${one("csv", csv)} ${one("json", json)}
  </div>`;
}

/** Saves them, and says under which name. */
export async function exportRows(
  rows: readonly Row[],
  format: Format,
  { names, profile }: { names: ProductNames; profile: Profile | undefined },
): Promise<string> {
  const exported: Exported[] = [];
  for (const [at, row] of rows.entries()) {
    exported.push(exportedOf(courseOf(row.signing, profile), () => nameOf(row, names)));
    if (at % slice === slice - 1) await new Promise((done) => setTimeout(done));
  }
  const file = `ocisign-requests-${new Date().toISOString().slice(0, 10)}.${format}`;
  if (format === "csv") save(file, "text/csv", csvOf(exported));
  else save(file, "application/json", jsonOf(exported));
  return file;
}
