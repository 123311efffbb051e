// JSON that a person wrote: errors name line and column.
import { findNodeAtLocation, parseTree, printParseErrorCode } from "jsonc-parser";
import { Problem } from "./problem.js";
import { visible } from "./visible.js";

/**
 * @typedef {object} JsonFile
 * @property {Record<string, unknown>} value
 * @property {(key: string) => string} place where a key stands, as `file:line:column`
 */

/**
 * Reads an object, strictly: neither comments nor trailing commas nor a name twice.
 *
 * @param {string} text @param {string} file @returns {JsonFile}
 */
export function readJsonObject(text, file) {
  const at = (/** @type {number} */ offset) => `${visible(file)}:${position(text, offset)}`;
  /** @type {import("jsonc-parser").ParseError[]} */
  const errors = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  if (errors.length > 0 || !tree) {
    const [{ error, offset }] = errors.length > 0 ? errors : [{ error: 0, offset: 0 }];
    throw notJson(`${at(offset)}: this is not JSON: ${words(printParseErrorCode(error))}.`);
  }
  if (tree.type !== "object") throw notJson(`${at(tree.offset)}: this is not a JSON object.`);
  const seen = new Set();
  for (const property of tree.children ?? []) {
    const name = property.children?.[0];
    if (seen.has(name?.value))
      throw notJson(`${at(property.offset)}: "${visible(name?.value)}" stands here twice.`);
    seen.add(name?.value);
  }
  return {
    value: JSON.parse(text),
    place(key) {
      const node = findNodeAtLocation(tree, [key]);
      return at(node?.parent?.offset ?? tree.offset);
    },
  };
}

/** @param {string} message */
function notJson(message) {
  return new Problem("bad-file", message, "Correct it there.");
}

/** `PropertyNameExpected` as `property name expected`. @param {string} name */
function words(name) {
  return name.replace(/(?<=.)([A-Z])/g, " $1").toLowerCase();
}

/** @param {string} text @param {number} offset */
function position(text, offset) {
  const lines = text.slice(0, offset).split("\n");
  return `${lines.length}:${(lines.at(-1) ?? "").length + 1}`;
}
