// The list as a file: all requests that are chosen and found, on all pages, in their order.
import { html } from "lit";
import type { Profile } from "ocisign";
import { courseOf } from "../../shown/activity.ts";
import { exportedOf } from "../../shown/export.ts";
import { type Format, saveRequests } from "../fragments/save-requests.ts";
import { strings } from "../strings/index.ts";
import { nameOf, type ProductNames } from "./arranging.ts";
import type { Row } from "./row.ts";

export function exportChoice(count: number, onExport: (format: Format) => void) {
  const { exportAll, csv, json, exportAs } = strings.approvals;
  const one = (format: Format, name: string) =>
    html`<button type="button" class="small plain" aria-label=${exportAs(name)} @click=${() => onExport(format)}>${name}</button>`;
  return html`<div class="row export" part="export">
    <span class="small muted">${exportAll(count)}</span> ${one("csv", csv)} ${one("json", json)}
  </div>`;
}

/** Saves them, and says under which name. */
export function exportRows(
  rows: readonly Row[],
  format: Format,
  { names, profile }: { names: ProductNames; profile: Profile | undefined },
): Promise<string> {
  return saveRequests(rows, format, (row) => {
    return exportedOf(courseOf(row.signing, profile), () => nameOf(row, names));
  });
}
