// The names that the crate offers, as rustdoc's pages have them: stable Rust writes these, and each run of the tests makes
// them. The types stand in tests/api/crate.txt too, but only nightly Rust can be asked for them (crate-api.js).
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { kept } from "./api.js";
import { crateFile } from "./crate-api.js";

/** The page of what has a name. */
const page = /^(struct|enum|trait|fn|type|constant|macro|union|static)\.(\w+)\.html$/;
/** What stands on it: a method, a field, a variant, a field of a variant; on a module's page, what is offered again. */
const part =
  / id="(?:method|tymethod|structfield|variant|associatedconstant|reexport)\.(\w+(?:\.field\.\w+)?)"/g;
const ofTraits = / id="(?:trait|synthetic|blanket)-implementations"/;

/** Fails when a name came or went that was not announced. @param {string} docs the crate's folder of pages */
export function compareNames(docs) {
  const announced = announcedNames(readFileSync(join(kept, crateFile), "utf8"));
  const offered = offeredNames(docs);
  const gone = [...announced].filter((name) => !offered.has(name)).map((name) => `- ${name}`);
  const come = [...offered].filter((name) => !announced.has(name)).map((name) => `+ ${name}`);
  const lines = [...gone, ...come].sort();
  if (lines.length === 0) return;
  throw new Error(`The crate does not offer what tests/api/${crateFile} has. If this is meant: run \`npm run api -- --accept\`
with nightly Rust, and tell it in CHANGELOG.md.\n${lines.join("\n")}`);
}

/** @param {string} text of crate.txt @returns {Set<string>} */
export function announcedNames(text) {
  const names = new Set();
  let ofTrait = "";
  for (const line of text.split("\n")) {
    const [, implementing] = /^impl\b.* for (\S+?)(?:<.*)?$/.exec(line) ?? [];
    if (line.startsWith("impl")) ofTrait = implementing ?? "";
    const plain = line.replace(/^#\[\w+\] |<[^>]*>/g, "");
    const [, path = ""] = /^pub (?!mod )(?:[a-z ]+ )?(ocisign[\w:]*\w)/.exec(plain) ?? [];
    // What a trait brings belongs to the trait.
    if (!path || (ofTrait && path.startsWith(`${ofTrait}::`))) continue;
    ofTrait = "";
    names.add(path);
  }
  return names;
}

/** @param {string} docs @returns {Set<string>} */
function offeredNames(docs) {
  const names = new Set();
  for (const file of readdirSync(docs, { recursive: true }).map(String)) {
    const [, kind, name] = page.exec(basename(file)) ?? [];
    if (kind === undefined && basename(file) !== "index.html") continue;
    const text = readFileSync(join(docs, file), "utf8");
    // What leads elsewhere stands there.
    if (text.includes('http-equiv="refresh"')) continue;
    const path = ["ocisign", ...dirname(file).split(sep), name ?? "."].filter((it) => it !== ".").join("::");
    if (name !== undefined) names.add(path);
    const [own = ""] = kind === "type" ? [] : text.split(ofTraits);
    for (const [, inner = ""] of own.matchAll(part)) names.add(`${path}::${inner.replace(".field.", "::")}`);
  }
  return names;
}
