// Requests as a table and as JSON, for those who work on with them elsewhere. Every text is written on one line, with
// what it hides written out: a spreadsheet shows neither escape sequences nor marks of direction.
import type { Course } from "./activity.ts";
import { csvRow } from "./csv.ts";
import { visible } from "./visible.ts";

const columns = [
  ...([
    "id",
    "name",
    "image",
    "product",
    "productName",
    "requester",
    "requestedAt",
    "state",
    "code",
  ] as const),
  ...(["endedAt", "waitedSeconds", "approvedBy", "reason"] as const),
];

type Column = (typeof columns)[number];

/** A request, as it is exported. */
export type Exported = Readonly<Record<Column, string | number>>;

/** @param nameOf what a product is called; empty where nobody says */
export function exportedOf(course: Course, nameOf: (productId: string) => string): Exported {
  const { id, name, image, productId, requester, createdAt, state, code, endedAt, waitedMs, deeds } = course;
  const approvers = deeds.filter(({ kind }) => kind === "approved").map(({ by }) => by?.name ?? "");
  return {
    ...{ id: visible(id, "exact"), name: visible(name), image: visible(image, "exact") },
    ...{ product: visible(productId, "exact"), productName: visible(nameOf(productId)) },
    ...{
      requester: visible(requester?.name ?? ""),
      requestedAt: createdAt?.toISOString() ?? "",
      state,
      code,
    },
    endedAt: endedAt?.toISOString() ?? "",
    waitedSeconds: waitedMs === undefined ? "" : Math.round(waitedMs / 1000),
    ...{ approvedBy: visible(approvers.join("; ")), reason: visible(course.reason) },
  };
}

export function csvOf(rows: readonly Exported[]): string {
  return [columns, ...rows.map((row) => columns.map((column) => row[column]))].map(csvRow).join("");
}

export function jsonOf(rows: readonly Exported[]): string {
  return `${JSON.stringify(rows, undefined, 2)}\n`;
}
