// What a crate of this workspace is made of, by cargo-cyclonedx.
import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { cargoCyclonedx, needCargoTool } from "../../machine/cargo-tools.js";
import { root, run } from "../../machine/command.js";

/** Where each crate's manifest is. */
const folders = new Map([
  ["ocisign", root],
  ["ocisign-sandbox", join(root, "sandbox")],
]);

/** It writes beside the manifests, and takes a name without an ending. */
const unfinished = "sbom-unfinished";

/** @param {string} crate @param {(text: string) => void} note @returns {Promise<import("./schema.js").Bom>} */
export async function crateBom(crate, note) {
  const folder = folders.get(crate) ?? root;
  const program = await needCargoTool(cargoCyclonedx, note);
  const form = ["--format", "json", "--spec-version", "1.5", "--override-filename", unfinished];
  const scope = ["--manifest-path", join(folder, "Cargo.toml"), "--target", "all", "--no-build-deps"];
  // By which it leaves out the serial number.
  const env = { SOURCE_DATE_EPOCH: "0" };
  try {
    await run(program, ["cyclonedx", ...form, ...scope], { env, onLine: note });
    return comparable(JSON.parse(readFileSync(join(folder, `${unfinished}.json`), "utf8")));
  } finally {
    for (const at of await manifestFolders()) rmSync(join(at, `${unfinished}.json`), { force: true });
  }
}

/** Each may have got a list. @returns {Promise<string[]>} */
async function manifestFolders() {
  const { stdout } = await run("git", ["ls-files", "*Cargo.toml"]);
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((file) => join(root, dirname(file)));
}

/** @typedef {import("./schema.js").Bom} Bom */

/** The same in every checkout, and at any time. @param {Bom} bom @returns {Bom} */
function comparable(bom) {
  const { timestamp, ...metadata } = bom.metadata;
  const here = pathToFileURL(root).href.replace(/\/$/, "");
  const text = JSON.stringify({ ...bom, metadata });
  return JSON.parse(text.replaceAll(here, "file://.").replaceAll(root.replace(/\/$/, ""), "."));
}
