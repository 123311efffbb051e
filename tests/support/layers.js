// Layers written byte by byte, so that a test has every field of a tar archive in its hand, and images made of them.
import { gzipSync } from "node:zlib";
import { compareImages } from "ocisign";
import { descriptorOf, hold, only, types } from "./changing.js";

const block = 512;

/**
 * @typedef {object} Entry
 * @property {string | Buffer} name
 * @property {string | Buffer} [content]
 * @property {string} [type] one character; default a file, a folder where the name ends with a slash
 * @property {number} [mode]
 * @property {number} [uid]
 * @property {string} [target]
 * @property {number | Buffer} [size] in place of the content's
 * @property {Record<string, string | Buffer>} [pax] records of an extended header before it
 * @property {string} [prefix]
 * @property {string} [magic] default `ustar\0` and `00`
 * @property {(header: Buffer) => void} [spoil] changes the header before its checksum is made
 */

/** One header. @param {Entry} entry */
export function headerOf(entry) {
  const { name, content = "", target = "", prefix = "", magic = "ustar\u000000", spoil } = entry;
  const isFolder = String(name).endsWith("/");
  const { type = isFolder ? "5" : "0", mode = isFolder ? 0o755 : 0o644, uid = 0 } = entry;
  const { size = Buffer.byteLength(content) } = entry;
  const header = Buffer.alloc(block);
  Buffer.from(name).copy(header, 0, 0, 100);
  header.write(octal(mode, 7), 100);
  header.write(octal(uid, 7), 108);
  header.write(octal(0, 7), 116);
  if (Buffer.isBuffer(size)) size.copy(header, 124);
  else header.write(octal(size, 11), 124);
  header.write(octal(0, 11), 136);
  header.write(type, 156);
  header.write(target, 157, 100);
  header.write(magic, 257);
  header.write(prefix, 345);
  spoil?.(header);
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  return header;
}

const octal = (/** @type {number} */ value, /** @type {number} */ digits) =>
  value.toString(8).padStart(digits, "0");

const padded = (/** @type {Buffer} */ bytes) =>
  Buffer.concat([bytes, Buffer.alloc((block - (bytes.length % block)) % block)]);

/** Records of an extended header. @param {Record<string, string | Buffer>} records */
export function paxOf(records) {
  return Buffer.concat(
    Object.entries(records).map(([key, value]) => {
      const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from("\n")]);
      let length = rest.length;
      while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
      return Buffer.concat([Buffer.from(String(length)), rest]);
    }),
  );
}

/** An entry with its content. @param {Entry} entry */
export function entryOf(entry) {
  const { content = "", pax } = entry;
  const before = pax ? [entryOf({ name: "pax", type: "x", content: paxOf(pax) })] : [];
  return Buffer.concat([...before, headerOf(entry), padded(Buffer.from(content))]);
}

/** A whole archive. @param {(Entry | Buffer)[]} entries bytes stand as they are */
export function tarOf(entries) {
  const parts = entries.map((entry) => (Buffer.isBuffer(entry) ? entry : entryOf(entry)));
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

/** A layer as it is stored. @param {(Entry | Buffer)[]} entries */
export const layerOf = (entries) => gzipSync(tarOf(entries));

/**
 * Puts an image of layers there. @param {import("./changing.js").Holder} holder
 * @param {(Buffer | (Entry | Buffer)[] | Record<string, any>)[]} layers @param {Omit<import("./changing.js").Made, "layers">} [made]
 */
export async function holdLayers(holder, layers, made = {}) {
  const listed = [];
  for (const layer of layers) {
    if (!Buffer.isBuffer(layer) && !Array.isArray(layer)) {
      listed.push(layer);
      continue;
    }
    const bytes = Buffer.isBuffer(layer) ? layer : layerOf(layer);
    await holder.blob(bytes);
    listed.push(descriptorOf(bytes, types.layer));
  }
  return hold(holder, { ...made, layers: listed });
}

/**
 * What differs between two images of layers. @param {import("./changing.js").Holder} holder
 * @param {Parameters<typeof holdLayers>[1]} before @param {Parameters<typeof holdLayers>[1]} after
 * @param {import("ocisign").CompareOptions} [options]
 */
export async function compareLayers(holder, before, after, options) {
  const [old, now] = [await holdLayers(holder, before), await holdLayers(holder, after)];
  return only(await compareImages(old.reference, now.reference, options));
}

/** A paragraph of dpkg's database. @param {string} name @param {string} version */
export const deb = (name, version, state = "install ok installed") =>
  `Package: ${name}\nStatus: ${state}\nPriority: optional\nMaintainer: Ä <a@b.example>\nArchitecture: amd64\nVersion: ${version}\nDescription: a package\n Version: 0 is not a field\n`;

/** @param {[string, string][]} packages */
export const dpkgStatus = (packages) => packages.map(([name, version]) => deb(name, version)).join("\n");

/** A paragraph of apk's. @param {string} name @param {string} version */
export const apk = (name, version, licence = "MIT") =>
  `C:Q1${name}=\nP:${name}\nV:${version}\nA:x86_64\nS:1\nL:${licence}\nT:a package\np:cmd:x\nF:bin\nR:${name}\n`;

/** @param {[string, string, string?][]} packages */
export const apkInstalled = (packages) => `${packages.map((it) => apk(...it)).join("\n")}\n`;

/** What was told of packages, in short lines. @param {import("ocisign").PackageChanges} packages */
export function linesOf(packages) {
  if (packages.state !== "compared") throw new Error(JSON.stringify(packages));
  return packages.changes.map((change) => {
    if (change.state === "changed")
      return `${change.name} ${change.before.version} → ${change.after.version}`;
    if (change.state === "added") return `+ ${change.name} ${change.after.version}`;
    if (change.state === "removed") return `- ${change.name} ${change.before.version}`;
    return `? ${change.name}`;
  });
}

/** What was told of files, in short lines. @param {import("ocisign").FileChanges} files */
export function filesOf(files) {
  if (files.state !== "compared") throw new Error(JSON.stringify(files));
  return files.changes.map(({ change, marks, shared }) => {
    const { path, kind } = change.state === "removed" ? change.before : change.after;
    const sign = { added: "+", removed: "-", changed: "~" }[change.state];
    return [sign, path, kind === "file" ? "" : `(${kind})`, ...marks, shared ? `shared ${shared}` : ""]
      .filter(Boolean)
      .join(" ");
  });
}
