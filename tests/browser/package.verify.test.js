// The package in a browser: does it verify and describe images, from a page of another origin, as a portal is?
import assert from "node:assert/strict";
import { sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { attachSignature, simpleSigningPayload } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { launchChromium } from "../../tools/machine/browser.js";
import { useBrowser, useSandbox, useWhileTesting } from "../support/browser.js";
import { listening } from "../support/listening.js";
import { testSandbox } from "../support/sandbox.js";
import { keyPair } from "../support/signatures.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const cosign = new URL("../fixtures/cosign/", import.meta.url);
const { closeAfterTest, newPage } = useBrowser();
const portal = useWhileTesting(portalServer, ({ close }) => close());
const started = useSandbox(() => ["--allow-origin", portal().origin]);

async function open() {
  const { page } = await newPage();
  await page.goto(portal().origin);
  await page.waitForFunction(() => globalThis.ocisign);
  return page;
}

/** A bare page with the package, bundled as a portal bundles it. */
async function portalServer() {
  const bundle = await build({
    stdin: {
      contents:
        'import init, * as all from "ocisign"; await init("/ocisign.wasm"); globalThis.ocisign = all;',
      resolveDir: root,
    },
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  const files = {
    "/": [
      "text/html",
      '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>',
    ],
    "/page.js": ["text/javascript", bundle.outputFiles[0].contents],
    "/ocisign.wasm": ["application/wasm", readFileSync(`${root}/pkg/dist/ocisign.wasm`)],
  };
  const server = createServer(({ url }, response) => {
    const [type, body] = files[url] ?? ["text/plain", "nothing"];
    response.writeHead(files[url] ? 200 : 404, { "content-type": type }).end(body);
  });
  const { port, close } = await listening(server);
  return { origin: `http://127.0.0.1:${port}`, close };
}

/** @param {import("playwright-core").Page} on @param {string} reference */
const describeImage = (on, reference) =>
  on.evaluate(async (image) => {
    const { describeImage: describe, OcisignError } = globalThis.ocisign;
    return describe(image).catch((error) => {
      if (!(error instanceof OcisignError)) throw error;
      return { code: error.code, said: `${error.message} ${error.fix}` };
    });
  }, reference);
/** @param {import("playwright-core").Page} page @param {string} reference @param {object} options */
const verify = (page, reference, options) =>
  page.evaluate(([image, given]) => globalThis.ocisign.verifyImage(image, given), [reference, options]);

test("what real cosign signed, checked by the browser's own cryptography", async () => {
  const page = await open();
  for (const name of ["v2-simple-ec", "v3-simple-rsa", "v3-simple-p521", "v3-bundle-rsa", "v3-bundle-p384"]) {
    const read = (file) => readFileSync(new URL(`${name}/${file}`, cosign), "utf8");
    const options = { manifest: read("manifest.json"), blob: read("blob"), publicKey: read("key.pem") };
    const { reference } = JSON.parse(read("case.json"));
    const states = await page.evaluate(
      async ([given, image]) => {
        const { verifySignatures } = globalThis.ocisign;
        const good = await verifySignatures({ ...given, reference: image });
        const changed = await verifySignatures({
          ...given,
          reference: image,
          blob: given.blob.replace("a", "b"),
        });
        return [good.state, changed.state];
      },
      [options, reference],
    );
    assert.deepEqual(states, ["verified", "invalid"], name);
  }
});

test("a registry that allows the page's origin is read, and one that does not is unreachable", async () => {
  const { sandbox } = started();
  const page = await open();
  const key = keyPair("rsa", 4096);
  const image = `${sandbox.registry.domain}/team/app@${await pushImage(new Registry(sandbox.registry), "team/app")}`;
  assert.equal((await verify(page, image, { publicKey: key.pem })).state, "unsigned");
  const { platforms } = await describeImage(page, image);
  assert.deepEqual(
    platforms.map(({ os, architecture }) => `${os}/${architecture}`),
    ["linux/amd64"],
  );

  const { username, password } = sandbox.registry;
  const signature = sign("sha256", Buffer.from(simpleSigningPayload(image).text), key.privateKey);
  await attachSignature(image, {
    signature,
    publicKey: key.pem,
    registry: { username: String(username), password: String(password) },
  });
  const verified = await verify(page, image, { publicKey: key.pem });
  assert.equal(verified.state, "verified", verified.reason);
  assert.equal((await verify(page, image, { publicKey: keyPair("rsa").pem })).state, "invalid");

  const closed = await testSandbox();
  closeAfterTest(closed.close);
  const there = image.replace(sandbox.registry.domain, closed.registry.domain);
  const unreachable = await verify(page, there, { publicKey: key.pem });
  assert.equal(unreachable.state, "unreachable");
  assert.match(unreachable.problems[0].fix + unreachable.problems[0].message, /CORS/);
  const undescribed = await describeImage(page, there);
  assert.equal(undescribed.code, "network");
  assert.match(undescribed.said, /CORS/);
});

test("a page that is not secure has no cryptography, and is told so", async () => {
  // A name that is not localhost, served by the same machine: not a secure context.
  const insecure = await launchChromium(["--host-resolver-rules=MAP portal.test 127.0.0.1"]);
  closeAfterTest(() => insecure.close());
  const other = await insecure.newPage();
  await other.goto(portal().origin.replace("127.0.0.1", "portal.test"));
  await other.waitForFunction(() => globalThis.ocisign);
  const read = (file) => readFileSync(new URL(`v3-simple-rsa/${file}`, cosign), "utf8");
  const options = { manifest: read("manifest.json"), blob: read("blob"), publicKey: read("key.pem") };
  const image = JSON.parse(read("case.json")).reference;
  const code = await other.evaluate(
    ([given, reference]) =>
      globalThis.ocisign
        .verifySignatures({ ...given, reference })
        .catch((error) => `${error.code}: ${error.fix}`),
    [options, image],
  );
  assert.match(code, /^no-crypto: .*HTTPS or on localhost/);
  const undescribed = await describeImage(other, image);
  assert.equal(undescribed.code, "no-crypto");
});
