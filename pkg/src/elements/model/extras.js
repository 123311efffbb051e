// What a request holds beside the fields that are shown by name. Whoever approves is bound to these too, so they are
// shown by where they stand.

/** The fields of a payload, of an artifact and of a metadata row that are shown by name. */
const known = {
  payload: ["name", "metadata", "optionalParameters"],
  parameter: ["artifactURI"],
  row: ["name", "value"],
};

/** @typedef {{ path: string, value: unknown }} Extra */

/** @param {import("./request-view.js").RequestView} view @returns {Extra[]} */
export function extrasOf({ signing, rest }) {
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

/** @param {string} path @param {unknown} list @param {string[]} shown @returns {Extra[]} */
function ofEach(path, list, shown) {
  if (!Array.isArray(list)) return [];
  return list.flatMap((element, index) =>
    isObject(element) ? fields(`${path}[${index}].`, element, shown) : [],
  );
}

/** @param {string} path @param {Record<string, unknown>} object @param {string[]} [shown] @returns {Extra[]} */
function fields(path, object, shown = []) {
  return Object.entries(object)
    .filter(([key]) => !shown.includes(key))
    .map(([key, value]) => ({ path: `${path}${key}`, value }));
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
