// A pasted list: many different images, one a line.

/** @param {number} lines */
export function listOf(lines) {
  const line = (/** @type {number} */ at) =>
    `registry.example:5000/team/app-${at % 5000}:${at}@sha256:${at.toString(16).padStart(8, "0").repeat(8)}`;
  return Array.from({ length: lines }, (_, at) => line(at)).join("\n");
}
