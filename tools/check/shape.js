// What a JSON document is made of: the names of its fields and the kinds of its values, without the values.

/** A kind; an object's fields; what a list's members are. @param {unknown} value @returns {unknown} */
export function shapeOf(value) {
  if (Array.isArray(value)) return distinct(value.map(shapeOf));
  if (value === null || typeof value !== "object") return value === null ? "null" : typeof value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, it]) => [name, shapeOf(it)]));
}

/** @param {unknown[]} shapes */
function distinct(shapes) {
  return [...new Map(shapes.map((shape) => [JSON.stringify(shape), shape])).values()];
}
