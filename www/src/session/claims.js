// Who a token is about, as it says itself. Nothing here is checked: it is for showing only, the service decides.

/**
 * @typedef {object} Claims
 * @property {string} [objectId] the same for a person whatever their name is
 * @property {string} [name] for people to read
 * @property {string[]} groups their ids
 * @property {Date} [expiresAt]
 */

/**
 * The claims of a JWT; nothing when the token is none.
 *
 * @example
 * claimsOf("e30.eyJzdWIiOiJhbm4iLCJleHAiOjQxMDI0NDQ4MDB9.")?.objectId; // "ann"
 *
 * @param {unknown} token @returns {Claims | undefined}
 */
export function claimsOf(token) {
  const payload = payloadOf(token);
  if (payload === undefined) return undefined;
  const { oid, sub, name, preferred_username, upn, groups, exp } = payload;
  return {
    objectId: firstText(oid, sub),
    name: firstText(name, preferred_username, upn),
    groups: Array.isArray(groups) ? groups.filter(isText) : [],
    expiresAt: dateOf(exp),
  };
}

/** @param {unknown} token @returns {Record<string, unknown> | undefined} */
function payloadOf(token) {
  if (typeof token !== "string") return undefined;
  const parts = token.trim().split(".");
  if (parts.length !== 3) return undefined;
  try {
    const payload = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(parts[1])));
    const isObject = typeof payload === "object" && payload !== null && !Array.isArray(payload);
    return isObject ? payload : undefined;
  } catch {
    // Three parts alone do not make a JWT: this token says nothing about anybody.
    return undefined;
  }
}

/** @param {string} base64url */
function bytesOf(base64url) {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** @param {unknown[]} values */
function firstText(...values) {
  return values.find(isText);
}

/** @param {unknown} value @returns {value is string} */
function isText(value) {
  return typeof value === "string" && value !== "";
}

/** @param {unknown} seconds since 1970 */
function dateOf(seconds) {
  if (typeof seconds !== "number") return undefined;
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
