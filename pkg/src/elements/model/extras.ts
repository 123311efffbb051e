// The fields of a request that no other place shows by name. An approval is bound to these too, so the page shows each
// by its path.

import type { RequestView } from "./request-view.ts";

/** The fields of a payload, of an artifact and of a metadata row that are shown by name. */
const known = {
  payload: ["name", "metadata", "optionalParameters"],
  parameter: ["artifactURI"],
  row: ["name", "value"],
};

export type Extra = { path: string; value: unknown };

export function extrasOf({ signing, rest }: RequestView): Extra[] {
  const { payload } = signing;
  if (!isObject(payload))
    return [...fields("", rest), ...(payload === undefined ? [] : [{ path: "payload", value: payload }])];
  return [
    ...fields("", rest),
    ...fields("payload.", payload, known.payload),
    ...ofEach("payload.optionalParameters", payload.optionalParameters, known.parameter),
    ...ofEach("payload.metadata", payload.metadata, known.row),
  ];
}

function ofEach(path: string, list: unknown, shown: string[]): Extra[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((element: unknown, index) =>
    isObject(element) ? fields(`${path}[${index}].`, element, shown) : [],
  );
}

function fields(path: string, object: Record<string, unknown>, shown: string[] = []): Extra[] {
  return Object.entries(object)
    .filter(([key]) => !shown.includes(key))
    .map(([key, value]) => ({ path: `${path}${key}`, value }));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
