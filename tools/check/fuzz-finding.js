// What a person is told of an input that breaks a target, of whichever language: which file, what it holds, what it broke,
// and the command that shows it again.
import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { root } from "../machine/command.js";

/** Of an input, so much is shown. */
const mostShown = 1000;

/** The command that gives a target exactly one input again. @param {string} target @param {string} file */
export function reproducing(target, file) {
  return `npm run fuzz -- --target ${target} --input ${quoted(pathOf(file))}`;
}

/** @param {string} target @param {string} file that is there @param {string} why */
export function finding(target, file, why) {
  return `${target} is broken by ${pathOf(file)}
  to see it again: ${reproducing(target, file)}
  input: ${shown(readFileSync(file))}
  ${why}`;
}

/** As a person in this checkout names a file. @param {string} file */
function pathOf(file) {
  const path = relative(root, resolve(root, file));
  return path.startsWith("..") ? resolve(file) : path;
}

/** The bytes as one text, with all that is not printable written out. @param {Buffer} bytes */
function shown(bytes) {
  const text = JSON.stringify(bytes.toString("latin1"));
  const plain = text.replace(/[^ -~]/g, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return plain.length > mostShown ? `${plain.slice(0, mostShown)}… (${bytes.length} bytes)` : plain;
}

/** For a shell. @param {string} path */
function quoted(path) {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
