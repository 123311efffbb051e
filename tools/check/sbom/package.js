// What the npm package is made of. It depends on nothing: what it holds of others is in its bundles and its module. The
// bundler says which packages it read, and cargo which crates it linked.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packagesAmong } from "../../build/bundled-licences.js";
import { cratesInModule } from "../../build/module-crates.js";
import { inputsOfStamp } from "../../build/stamp.js";
import { root } from "../../machine/command.js";

/** @typedef {import("./schema.js").Component} Component */

/** Each bundle of the package, by the stamp of its build. */
const bundles = ["accepts", "cli", "elements", "journal", "library", "trust"];
const moduleName = "ocisign.wasm";

/** @returns {Promise<import("./schema.js").Bom>} */
export async function packageBom() {
  const { name, version, license } = readJson(join(root, "pkg", "package.json"));
  const purl = `pkg:npm/${name}@${version}`;
  const components = [...bundledPackages(), ...(await linkedCrates())].sort((a, b) =>
    a["bom-ref"] < b["bom-ref"] ? -1 : 1,
  );
  return {
    ...{ bomFormat: "CycloneDX", specVersion: "1.5", version: 1 },
    metadata: {
      component: {
        ...{ type: "library", name, version, "bom-ref": purl, purl },
        licenses: [{ expression: license }],
      },
    },
    components,
    dependencies: [
      { ref: purl, dependsOn: components.map((it) => it["bom-ref"]) },
      ...components.map((it) => ({ ref: it["bom-ref"] })),
    ],
  };
}

/** @returns {Component[]} */
function bundledPackages() {
  /** @type {Map<string, string[]>} */
  const holders = new Map();
  for (const bundle of bundles) {
    const inputs = inputsOfStamp(join(root, "target", `${bundle}.stamp`));
    // The declarations are made of those of packages, and hold nothing of them.
    const code = inputs.filter((file) => !/\.d\.[cm]?ts$/.test(file));
    for (const name of packagesAmong(code)) holders.set(name, [...(holders.get(name) ?? []), bundle]);
  }
  const lock = readJson(join(root, "package-lock.json"));
  return [...holders].map(([name, holding]) =>
    npmComponent(name, holding, lock.packages[`node_modules/${name}`]),
  );
}

/** @param {string} name @param {string[]} holding @param {{ version: string, integrity: string }} locked */
function npmComponent(name, holding, { version, integrity }) {
  const { license } = readJson(join(root, "node_modules", name, "package.json"));
  const [group, own = ""] = name.startsWith("@") ? name.split("/") : [undefined, name];
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  const [algorithm = "", hash = ""] = integrity.split("-");
  return /** @type {Component} */ ({
    type: "library",
    ...(group ? { group } : {}),
    ...{ name: own, version, "bom-ref": purl, purl },
    licenses: [{ expression: license }],
    hashes: [{ alg: algorithm.replace("sha", "SHA-"), content: Buffer.from(hash, "base64").toString("hex") }],
    properties: holding.map((bundle) => held(bundle)),
  });
}

/** @returns {Promise<Component[]>} */
async function linkedCrates() {
  const sums = checksums();
  const crates = await cratesInModule();
  return crates.map(({ name, version, license, repository }) => {
    const purl = `pkg:cargo/${name}@${version}`;
    const sum = sums.get(`${name} ${version}`);
    return {
      ...{ type: "library", name, version, "bom-ref": purl, purl },
      // The older way to write a choice.
      licenses: [{ expression: license.replaceAll("/", " OR ") }],
      ...(sum ? { hashes: [{ alg: "SHA-256", content: sum }] } : {}),
      ...(repository ? { externalReferences: [{ type: "vcs", url: repository }] } : {}),
      properties: [held(moduleName)],
    };
  });
}

/** The lock file's hashes of crates. @returns {Map<string, string>} */
function checksums() {
  const text = readFileSync(join(root, "Cargo.lock"), "utf8");
  const entry = /\[\[package\]\]\nname = "(.+)"\nversion = "(.+)"\nsource = .+\nchecksum = "(.+)"/g;
  return new Map([...text.matchAll(entry)].map(([, name, version, sum = ""]) => [`${name} ${version}`, sum]));
}

/** @param {string} part of the package */
function held(part) {
  return { name: "ocisign:part", value: part };
}

/** @param {string} file */
function readJson(file) {
  if (!existsSync(file)) throw new Error(`${file} is missing`);
  return JSON.parse(readFileSync(file, "utf8"));
}
