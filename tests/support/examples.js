// The examples as a user has them, with what they call "your service" put in its place.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { runNpm } from "../../tools/machine/npm.js";
import { listening } from "./listening.js";
import { clientsOf, productFor, testSandbox } from "./sandbox.js";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** What stands in the examples, for a reader to replace. */
const inExamples = {
  baseUrl: "https://app.laavat.io/acme/api/v1",
  origin: "https://app.laavat.io",
  image: "registry.example/team/app@sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79",
  registry: "https://registry.example",
  domain: "registry.example",
  productId: "e1ec8ea5-b569-4da7-8a70-6eb910dad8ac",
};

/**
 * A sandbox with an image and a product.
 *
 * @param {string[]} approvalGroups of the product @param {string[]} [args] of the sandbox
 */
export async function ready(approvalGroups, args) {
  const sandbox = await testSandbox({ name: "examples", args });
  const as = await clientsOf(sandbox);
  const product = await as("requester").createProduct(productFor(sandbox, { approvalGroups }));
  const digest = await pushImage(new Registry(sandbox.registry), "team/app");
  const image = `${sandbox.registry.domain}/team/app@${digest}`;
  const own = {
    baseUrl: sandbox.base,
    origin: new URL(sandbox.base).origin,
    image,
    registry: sandbox.registry.url,
    domain: sandbox.registry.domain,
    productId: product.id,
  };
  return { sandbox, as, product, image, digest, adapt: (text) => adapt(text, own) };
}

/** @param {string} text @param {Record<string, string>} own */
function adapt(text, own) {
  let adapted = text;
  for (const [name, shown] of Object.entries(inExamples)) adapted = adapted.replaceAll(shown, own[name]);
  return adapted;
}

/** @param {string} path below examples/ */
export function readExample(path) {
  return readFileSync(join(root, "examples", path), "utf8");
}

/** A folder with the packed package installed from its tarball. */
export async function installed() {
  const folder = mkdtempSync(join(tmpdir(), "ocisign-installed-"));
  const { stdout } = await runNpm(["pack", "--workspace", "ocisign", "--json", "--pack-destination", folder]);
  const [{ filename }] = JSON.parse(stdout);
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  const quiet = ["--no-audit", "--no-fund", "--prefer-offline"];
  await runNpm(["install", "--prefix", folder, ...quiet, join(folder, filename)]);
  return {
    folder,
    tarball: join(folder, filename),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const mediaTypes = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};

/**
 * A portal: pages of its own, the package's files under /ocisign/, and a token for whoever is signed in.
 *
 * @param {{ pages: Record<string, string | Uint8Array>, token: () => string }} what
 */
export async function portal({ pages, token }) {
  const server = createServer(({ url = "" }, response) => {
    const body = bodyOf(url, pages, token);
    const type = mediaTypes[extname(url)] ?? (url === "/" ? "text/html" : "text/plain");
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type }).end(body);
  });
  const { port, close } = await listening(server);
  return { origin: `http://127.0.0.1:${port}`, close };
}

function bodyOf(url, pages, token) {
  if (url === "/token") return token();
  if (pages[url] !== undefined) return pages[url];
  // Served as it is, or with the folder that npm put it in.
  const [, below] = url.match(/^(?:\/node_modules)?\/ocisign\/(.*)$/) ?? [];
  if (below === undefined) return undefined;
  const path = normalize(below);
  return path.startsWith("..") ? undefined : readFileSync(join(root, "pkg", path));
}

/** A page that fails the test by its complaints. @param {import("playwright-core").Browser} browser */
export async function openPage(browser, address) {
  const page = await browser.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // A registry says with a 404 that it holds no signature at a place, and the browser notes it.
    const isAnswer = /the server responded with a status of 404/.test(message.text());
    if (message.type() === "error" && !isAnswer) complaints.push(message.text());
  });
  await page.goto(address);
  return { page, complaints };
}
