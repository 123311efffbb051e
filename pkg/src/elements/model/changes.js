// What changed in a request since it was shown.

/** An approval is bound to these. The service is not told of the requester, but nobody should read one and approve another's. */
const bound = ["name", "idProductOperation", "description", "payload", "productId", "requester"];

/** @typedef {{ path: string, before: unknown, after: unknown }} Change */

/** @param {import("ocisign").Signing} before @param {import("ocisign").Signing} after @returns {Change[]} */
export function changesBetween(before, after) {
  return bound.flatMap((field) => changesAt(field, before[field], after[field]));
}

/** @param {string} path @param {unknown} before @param {unknown} after @returns {Change[]} */
function changesAt(path, before, after) {
  if (Object.is(before, after)) return [];
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    return [{ path, before, after }];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => {
    const place = Array.isArray(before) ? `${path}[${key}]` : `${path}.${key}`;
    return changesAt(place, own(before, key), own(after, key));
  });
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isObject(value) {
  return typeof value === "object" && value !== null;
}

/** @param {Record<string, unknown>} object @param {string} key */
function own(object, key) {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
