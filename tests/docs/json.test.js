// The JSON of the documents: each is read by the program that it is for.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SigningClient } from "ocisign";
import { startSandbox } from "../../demo/sandbox.js";
import { readDocument } from "../packed/support/docs.js";
import { shellIn } from "../support/cli.js";
import { blocksFor } from "../support/documents.js";
import { root } from "../support/examples.js";
import { fakeService } from "../support/fake-service.js";
import { program, temporaryFolder } from "../support/sandbox.js";

/** @type {ReturnType<typeof shellIn>} */
let shell;
/** @type {Awaited<ReturnType<typeof fakeService>>} */
let service;

before(async () => {
  service = await fakeService(() => ({ status: 200, body: [] }));
  shell = shellIn("docs-json");
});
after(() => {
  service?.close();
  shell?.remove();
});

/** @typedef {Record<string, any>} Json */

/** The library completes it, or refuses it. @param {Json} profile */
function readsProfile(profile) {
  const { profile: whole } = new SigningClient({
    baseUrl: "https://app.laavat.io/acme/api/v1",
    token: "x",
    profile,
  });
  for (const [name, value] of Object.entries(profile)) {
    if (name.startsWith("$")) continue;
    assert.ok(Object.hasOwn(whole, name), `the library knows no ${name} of a profile`);
    const keys = typeof value === "object" ? Object.keys(value) : [];
    for (const key of keys) assert.ok(JSON.stringify(whole).includes(JSON.stringify(key)), key);
  }
}

/** The page's own table names every field. @param {Json} settings */
function readsSettings(settings) {
  const known = readDocument("page.md")
    .rowsOf("settings.json")
    .flatMap(([cell = ""]) => cell.match(/(?<=`)[\w.]+/g));
  for (const name of Object.keys(settings))
    assert.ok(known.includes(name), `page.md does not explain ${name}`);
  new URL(settings.baseUrl, "https://portal.example");
  const { profile = {}, keys } = settings;
  readsProfile(keys ? { ...profile, keys } : profile);
}

/** The command line reads it as its file. @param {Json} config */
async function readsConfig(config) {
  shell.file("profile.json", JSON.stringify({ statuses: {} }));
  const file = shell.file(
    "config.json",
    JSON.stringify({ ...config, url: service.url, tokenCommand: "echo x" }),
  );
  const { code, stderr } = await shell.ocisign(["--config", file, "products"]);
  assert.equal(code, 0, stderr);
}

/** The sandbox starts with it. @param {Json} directory */
async function readsDirectory(directory) {
  const { folder, remove } = temporaryFolder("docs-directory");
  try {
    const file = shell.file("people.json", JSON.stringify(directory));
    const sandbox = await startSandbox({ program, data: folder, args: ["--directory", file] });
    await sandbox.stop();
  } finally {
    remove();
  }
}

const configKeys = /** @type {string[]} */ (
  readFileSync(join(root, "docs", "cli.md"), "utf8")
    .match(/It is JSON with any of ([\s\S]*?)\. Relative/)?.[1]
    ?.match(/(?<=`)\w+(?=`)/g)
);

const profileKeys = Object.keys(
  JSON.parse(readFileSync(createRequire(import.meta.url).resolve("ocisign/profile.schema.json"), "utf8"))
    .properties,
);

/** Who reads a document, by its keys. @type {[name: string, is: (keys: string[]) => boolean, read: (json: Json) => unknown][]} */
const readers = [
  ["settings of the page", (keys) => keys.includes("baseUrl"), readsSettings],
  ["directory of the sandbox", (keys) => keys.includes("people"), readsDirectory],
  ["configuration of the command line", (keys) => keys.every((key) => configKeys.includes(key)), readsConfig],
  ["profile", (keys) => keys.every((key) => profileKeys.includes(key)), readsProfile],
];

for (const { place, code } of blocksFor("json")) {
  test(`${place} is read by the program that it is for`, async () => {
    const json = JSON.parse(code);
    const found = readers.find(([, is]) => is(Object.keys(json)));
    assert.ok(found, `nobody reads JSON with ${Object.keys(json)}: add its reader here`);
    await found[2](json);
  });
}
