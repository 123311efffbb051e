// Reads the fields of foreign JSON. A field of another type is a fault that names its place.
import { quoted, refuse } from "./fault.js";

/** An object, perhaps with certain fields and no others. @param {any} value @param {string} place @param {string[]} [exactly] @returns {any} */
export function objectAt(value, place, exactly) {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    refuse(`${place} is not an object.`);
  if (!exactly) return value;
  onlyFields(value, place, exactly);
  const missing = exactly.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) refuse(`${place} has no field \`${missing}\`.`);
  return value;
}

/** @param {any} value @param {string} place @param {string[]} known */
export function onlyFields(value, place, known) {
  const unknown = Object.keys(objectAt(value, place)).find((name) => !known.includes(name));
  if (unknown !== undefined) refuse(`${place} has the unknown field ${quoted(unknown)}.`);
}

/** @param {any} value @param {string} place @returns {any[]} */
export function listAt(value, place) {
  return Array.isArray(value) ? value : refuse(`${place} is not a list.`);
}

/** @param {any} value @param {string} place @returns {string} */
export function textAt(value, place) {
  return typeof value === "string" ? value : refuse(`${place} is not a string.`);
}

/** A text that may be left out. @param {any} value @param {string} place @returns {string | undefined} */
export function optionalTextAt(value, place) {
  return value === undefined || value === null ? undefined : textAt(value, place);
}
