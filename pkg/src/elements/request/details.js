// What a request says beside its image.

/**
 * @typedef {{ key: number, name: string, value: string }} Row metadata; the key tells rows apart while they are edited
 *
 * @typedef {object} Details
 * @property {string} name
 * @property {string} description
 * @property {string} payloadName
 * @property {readonly Row[]} metadata
 */

/** @type {Details} */
export const noDetails = { name: "", description: "", payloadName: "", metadata: [] };

/** What is asked for, as `buildSigningRequest` and the client take it. @param {import("../model/product.js").Product} product @param {string | undefined} operationId @param {Details} details @param {string | import("ocisign").ImageReference} artifact @returns {import("ocisign").RequestByProduct} */
export function inputOf(product, operationId, { name, description, payloadName, metadata }, artifact) {
  return {
    // As it was read: what is sent has to be what was shown, even if the product changes meanwhile.
    product,
    ...(operationId && { operationId }),
    artifact,
    // What is left empty has a default.
    ...(name.trim() && { name }),
    ...(description.trim() && { description }),
    ...(payloadName.trim() && { payloadName }),
    metadata: metadata.filter((row) => !isEmpty(row)).map(({ name, value }) => ({ name, value })),
  };
}

/** What is odd about a row of metadata. @param {readonly Row[]} rows @param {Row} row @returns {"nameless" | "repeated" | undefined} */
export function oddity(rows, row) {
  if (isEmpty(row)) return undefined;
  const name = row.name.trim();
  if (name === "") return "nameless";
  return rows.some((other) => other.key !== row.key && other.name.trim() === name) ? "repeated" : undefined;
}

/** @param {Row} row */
function isEmpty({ name, value }) {
  return name.trim() === "" && value.trim() === "";
}
