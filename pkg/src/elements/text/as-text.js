/** Any JSON value in words: texts are as they are, nothing is empty, anything else is JSON. @param {unknown} value @returns {string} */
export function asText(value) {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : (JSON.stringify(value) ?? String(value));
}
