// Are two tarballs the same, byte for byte? If not: which file, and where in it.
import { readFileSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";

/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {number} mode
 * @property {string} about what else its header says
 * @property {Buffer} data
 *
 * @typedef {{ name: string, file: string }} Tarball `name` is what the text calls it
 */

const mostNames = 20;
const contextBytes = 60;

/**
 * What differs first, in words; nothing when every byte is the same.
 *
 * @param {Tarball} one @param {Tarball} other @returns {Promise<string | undefined>}
 */
export async function difference(one, other) {
  const [first, second] = [one, other].map(({ file }) => readFileSync(file));
  if (!first || !second) throw new Error("there are two");
  if (first.equals(second)) return undefined;
  const [ours, theirs] = [await entriesOf(first), await entriesOf(second)];
  const names = { one: one.name, other: other.name };
  return (
    missing(ours, theirs, names) ??
    inContent(ours, theirs, names) ??
    inHeader(ours, theirs, names) ??
    inOrder(ours, theirs, names) ??
    packed(first, second)
  );
}

/** @param {Buffer} tarball @returns {Promise<Map<string, Entry>>} by name, in the order of the tarball */
async function entriesOf(tarball) {
  const { extract } = await import("tar-stream");
  const entries = new Map();
  const reading = extract();
  reading.end(gunzipSync(tarball));
  for await (const entry of reading) {
    const { name, mode = 0, mtime, uid, gid, type } = entry.header;
    const about = JSON.stringify({ mtime, uid, gid, type });
    entries.set(name, { name, mode, about, data: await buffer(entry) });
  }
  return entries;
}

/** @typedef {Map<string, Entry>} Entries @typedef {{ one: string, other: string }} Names */

/** @param {Entries} ours @param {Entries} theirs @param {Names} names */
function missing(ours, theirs, { one, other }) {
  const without = (/** @type {Entries} */ from, /** @type {Entries} */ to) =>
    [...from.keys()].filter((name) => !to.has(name));
  const lines = [
    ...without(ours, theirs).map((name) => `${name} is only in ${one}`),
    ...without(theirs, ours).map((name) => `${name} is only in ${other}`),
  ];
  return lines.length > 0 ? listed(lines) : undefined;
}

/** @param {Entries} ours @param {Entries} theirs @param {Names} names */
function inContent(ours, theirs, { one, other }) {
  const pairs = [...ours.values()].map((entry) => ({ entry, twin: theirs.get(entry.name) }));
  const different = pairs.flatMap(({ entry, twin }) =>
    twin && !twin.data.equals(entry.data) ? [{ entry, twin }] : [],
  );
  const [first] = different;
  if (!first) return undefined;
  const at = firstDifference(first.entry.data, first.twin.data);
  const others = different.slice(1).map(({ entry }) => `${entry.name} differs, too`);
  return `${first.entry.name} differs at byte ${at} (${first.entry.data.length} bytes and ${first.twin.data.length}):
  ${one}: ${around(first.entry.data, at)}
  ${other}: ${around(first.twin.data, at)}${others.length > 0 ? `\n${listed(others)}` : ""}`;
}

/** @param {Entries} ours @param {Entries} theirs @param {Names} names */
function inHeader(ours, theirs, { one, other }) {
  const said = (/** @type {Entry} */ { mode, about }) => `mode ${mode.toString(8)}, ${about}`;
  for (const entry of ours.values()) {
    const twin = theirs.get(entry.name);
    if (twin && said(twin) !== said(entry))
      return `${entry.name} has the same bytes, and another header:\n  ${one}: ${said(entry)}\n  ${other}: ${said(twin)}`;
  }
  return undefined;
}

/** @param {Entries} ours @param {Entries} theirs @param {Names} names */
function inOrder(ours, theirs, { one, other }) {
  const [here, there] = [[...ours.keys()], [...theirs.keys()]];
  const at = here.findIndex((name, index) => name !== there[index]);
  return at < 0
    ? undefined
    : `the order differs: file ${at + 1} is ${here[at]} in ${one}, ${there[at]} in ${other}`;
}

/** @param {Buffer} one @param {Buffer} other */
function firstDifference(one, other) {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) if (one[at] !== other[at]) return at;
  return length;
}

/** @param {Buffer} data @param {number} at */
function around(data, at) {
  const start = Math.max(0, at - contextBytes / 2);
  const text = JSON.stringify(data.subarray(start, at + contextBytes).toString("latin1"));
  return `${start > 0 ? "…" : ""}${text}${at + contextBytes < data.length ? "…" : ""}`;
}

/** What is no file: bytes beside them, or how they are compressed. @param {Buffer} first @param {Buffer} second */
function packed(first, second) {
  const [one, other] = [gunzipSync(first), gunzipSync(second)];
  return one.equals(other)
    ? "Every file is the same. Only the compression differs: build both with the same version of Node."
    : `Every file is the same. What stands beside them differs at byte ${firstDifference(one, other)} of the archive.`;
}

/** @param {string[]} lines */
function listed(lines) {
  const more = lines.length > mostNames ? [`… and ${lines.length - mostNames} more`] : [];
  return [...lines.slice(0, mostNames), ...more].join("\n");
}
