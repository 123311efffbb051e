// Does the package depend on where and when it is built? Two clean builds give the same tarball, byte for byte, or this
// tells the file that differs and where.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { difference } from "../check/reproduce/compare.js";
import { copySources, elsewhere, packIn, uncommitted, usual } from "../check/reproduce/places.js";
import { root, Stop } from "../machine/command.js";
import { readOptions, refuse } from "../machine/options.js";
import { runSteps } from "../machine/steps.js";

const options = readOptions(
  `Builds the package twice, in two clean copies of the files that git knows, and compares the tarballs byte for byte.
Folder, home, umask, time, time zone, language and the order of files differ. Both tarballs stay in target/reproduce.

  npm run reproduce [-- --against ocisign-0.1.0.tgz]

  --against  compares one build with this tarball: of a release whose tag you checked out, or of another machine
  --keep     leaves the copies, with all that was built in them, and tells where
  --help     this text

The versions of Node, npm and Rust have to be the same. Compiling takes minutes.`,
  { against: { type: "string" }, keep: { type: "boolean" } },
);

const kept = join(root, "target", "reproduce");
const given = options.against === undefined ? undefined : resolve(options.against);
if (given !== undefined && !existsSync(given)) refuse(`there is no ${options.against}`);
// Before minutes of building. So gzip begins.
if (given !== undefined && readFileSync(given).subarray(0, 2).toString("hex") !== "1f8b")
  refuse(`${options.against} is no tarball`);
const folder = mkdtempSync(join(tmpdir(), "ocisign-reproduce-"));
const places = given === undefined ? [usual, elsewhere] : [elsewhere];
/** @type {import("../check/reproduce/compare.js").Tarball[]} */
const tarballs = given === undefined ? [] : [{ name: options.against ?? "", file: given }];

const failed = await runSteps([
  { name: "what git does not have", run: noteUncommitted },
  ...places.map((place) => ({
    name: `a build in ${place.name}`,
    run: (/** @type {(text: string) => void} */ note) => build(place, note),
  })),
  { name: "the same tarball, byte for byte", run: compare },
]);
if (options.keep) console.log(`The copies are in ${folder}.`);
else rmSync(folder, { recursive: true, force: true });
if (failed.length > 0) process.exitCode = 1;

async function noteUncommitted() {
  const lines = await uncommitted();
  if (lines.length === 0) return;
  console.log(
    `The sources are taken as they are now, without what is new to git. A clone has other ones:\n${lines.join("\n")}`,
  );
}

/** @param {import("../check/reproduce/places.js").Place} place @param {(text: string) => void} note */
async function build(place, note) {
  const copy = join(folder, place.folder, "sources");
  await copySources(copy, place);
  const made = await packIn(copy, place, note);
  mkdirSync(kept, { recursive: true });
  const file = join(kept, `${place.folder.split(/[\\/]/)[0]}.tgz`);
  copyFileSync(made, file);
  tarballs.push({ name: place.name, file });
}

async function compare() {
  const [one, other] = tarballs;
  if (!one || !other) throw new Error("there are not two tarballs");
  const found = await difference(one, other);
  const hash = (/** @type {string} */ file) =>
    createHash("sha512").update(readFileSync(file)).digest("base64");
  if (found === undefined) {
    console.log(`Both are sha512-${hash(one.file)}`);
    return;
  }
  const files = [one, other].map(({ file }) => relative(root, file));
  const again = given === undefined ? "" : ` -- --against ${options.against}`;
  throw new Stop(`${found}

The tarballs: ${files.join(", ")}. This builds and compares again: npm run reproduce${again}`);
}
