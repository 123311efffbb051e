// examples/react: compiled as a TypeScript user compiles it, bundled, and driven in a real Chromium.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import ts from "typescript";
import { launchChromium } from "../../tools/machine/browser.js";
import { openPage, portal, ready, root } from "../support/examples.js";
import { groupA } from "../support/sandbox.js";
import { complaints } from "../support/typescript.js";

const folder = join(root, "examples", "react");
const files = ["main.tsx", "SignImage.tsx"].map((name) => join(folder, name));

let browser;
let world;
let place;

before(async () => {
  /** @type {Record<string, string | Uint8Array>} */
  const pages = {};
  place = await portal({ pages, token: () => world.sandbox.person("requester").token });
  world = await ready([groupA], ["--allow-origin", place.origin]);
  pages["/"] = '<!doctype html><link rel="icon" href="data:,"><div id="root"></div>';
  pages["/"] += '<script type="module" src="/main.js"></script>';
  pages["/main.js"] = await bundle();
  pages["/ocisign.wasm"] = readFileSync(join(root, "pkg", "dist", "ocisign.wasm"));
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await world?.sandbox.close();
  place?.close();
});

async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [files[0]],
    bundle: true,
    format: "esm",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    target: "es2022",
    write: false,
    plugins: [{ name: "your service", setup: putInPlace }],
  });
  return outputFiles[0].contents;
}

/** @param {import("esbuild").PluginBuild} build */
function putInPlace({ onLoad }) {
  onLoad({ filter: /examples.react.main\.tsx$/ }, ({ path }) => ({
    contents: world.adapt(readFileSync(path, "utf8")),
    loader: "tsx",
  }));
}

test("TypeScript accepts it under the strictest settings", () => {
  const options = {
    jsx: ts.JsxEmit.ReactJSX,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  };
  assert.deepEqual(complaints(files, options), []);
});

test("the button requests, and tells how it goes until the image is signed", async () => {
  const { page, complaints: heard } = await openPage(browser, place.origin);
  await page.getByText(world.image).waitFor();
  const button = page.getByRole("button", { name: "Sign this image" });
  await button.click();
  await page.getByRole("status").getByText("Waiting for approval").waitFor();
  assert.ok(await button.isDisabled());

  const [request] = await world.as("approver-one").signings();
  await world.as("approver-one").approve(request.id);
  await page.getByText("Signed: the registry holds the signature").waitFor();
  assert.deepEqual(heard, []);
});
