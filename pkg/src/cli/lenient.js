// What a service may write in another shape than the sandbox does: the reference shows no reply. It is for the eyes
// only, and no reason to fail after a request was made, with its id untold.

/** A list, or what stands in the place of one. @param {unknown} value @returns {unknown[]} */
export function listOf(value) {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** A field of something that is perhaps no object. @param {unknown} value @param {string} name @returns {unknown} */
export function fieldOf(value, name) {
  return typeof value === "object" && value !== null
    ? /** @type {Record<string, unknown>} */ (value)[name]
    : undefined;
}

/** A person, a group or any other value in words. @param {unknown} value @returns {string} */
export function wordsOf(value) {
  if (typeof value !== "object" || value === null) return String(value ?? "?");
  const called = ["name", "objectId", "id"].map((name) => fieldOf(value, name));
  const word = called.find((it) => typeof it === "string" && it !== "");
  return word === undefined ? JSON.stringify(value) : String(word);
}
