// Does a page read layers in a worker, and without one where it may have none, and stay small whatever they unpack to?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { useBrowser, useWhileTesting } from "../support/browser.js";
import { bytesOf, descriptorOf, inFake, types } from "../support/changing.js";
import { endlessLayer } from "../support/endless-layer.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { dpkgStatus, holdLayers, tarOf } from "../support/layers.js";
import { listening } from "../support/listening.js";

const dist = fileURLToPath(new URL("../../pkg/dist/", import.meta.url));
const { newPage } = useBrowser();
const portal = useWhileTesting(portalServer, ({ close }) => close());
const registry = useWhileTesting(
  () => fakeRegistry({ isOpen: true }),
  ({ close }) => close(),
);

/** A page with the package's own files, as they are. */
async function portalServer() {
  const state = { policy: "", missing: "" };
  const page =
    '<!doctype html><link rel="icon" href="data:,"><script type="module">import init, * as all from "/browser.js"; await init(); globalThis.ocisign = all;</script>';
  const server = createServer(({ url = "" }, response) => {
    const name = url.slice(1);
    if (name === "") {
      const headers = {
        "content-type": "text/html",
        ...(state.policy && { "content-security-policy": state.policy }),
      };
      return response.writeHead(200, headers).end(page);
    }
    if (name === state.missing || !/^[\w-]+\.(js|wasm)$/.test(name)) return response.writeHead(404).end();
    const type = name.endsWith(".js") ? "text/javascript" : "application/wasm";
    response.writeHead(200, { "content-type": type }).end(readFileSync(dist + name));
  });
  const { port, close } = await listening(server);
  return { origin: `http://127.0.0.1:${port}`, state, close };
}

/** @param {{ policy?: string, missing?: string, complaints?: string[] }} [how] */
async function open({ policy = "", missing = "", complaints } = {}) {
  Object.assign(portal().state, { policy, missing });
  const { page } = await newPage({ complaints });
  /** @type {string[]} */
  const workers = [];
  page.on("worker", (worker) => workers.push(worker.url()));
  await page.goto(portal().origin);
  await page.waitForFunction(() => globalThis.ocisign);
  return { page, workers };
}

/** What is told in the page, and how often it did something else meanwhile. @param {import("playwright-core").Page} page @param {string} before @param {string} after @param {"layers" | "sbom"} [list] */
const compare = (page, before, after, list = "layers") =>
  page.evaluate(
    async (/** @type {string[]} */ [old, now, packagesBy]) => {
      let turns = 0;
      let isOver = false;
      const turn = () => {
        turns += 1;
        if (!isOver) setTimeout(turn);
      };
      turn();
      const changes = await globalThis.ocisign.compareImages(old, now, {
        packages: /** @type {any} */ (packagesBy),
        files: packagesBy === "layers",
      });
      isOver = true;
      const { packages, files } = changes.platforms[0].value;
      const said = (/** @type {any} */ part) => part.error?.message ?? part.changes?.length;
      return { packages: said(packages), files: said(files), turns };
    },
    [before, after, list],
  );

/** @param {string} version */
const status = (version) => [
  { name: "var/lib/dpkg/status", content: dpkgStatus([["a", version]]) },
  { name: "data", content: version.repeat(1_000_000) },
];

async function images() {
  const there = inFake(registry());
  return [
    (await holdLayers(there, [status("1")])).reference,
    (await holdLayers(there, [status("2")])).reference,
  ];
}

test("in a worker", async () => {
  const [old = "", now = ""] = await images();
  const { page, workers } = await open();
  const { packages, files } = await compare(page, old, now);
  assert.deepEqual([packages, files], [1, 2]);
  assert.deepEqual(workers, [`${portal().origin}/compare-worker.js`]);
});

test("without one, where the page's policy, or who serves it, stands in the way", async () => {
  const [old = "", now = ""] = await images();
  for (const how of [{ policy: "worker-src 'none'" }, { missing: "compare-worker.js" }]) {
    const { page, workers } = await open({ ...how, complaints: [] });
    const { packages, files } = await compare(page, old, now);
    assert.deepEqual([packages, files], [1, 2], JSON.stringify(how));
    // One whose file is missing is told of, and never runs.
    assert.ok(workers.length <= 1);
  }
});

test("gzip in several parts, which browsers do not read, is read all the same", async () => {
  const tar = tarOf(status("5"));
  const parts = [tar.subarray(0, 700), tar.subarray(700)].map((part) => gzipSync(part));
  const there = inFake(registry());
  const [old, now] = [
    await holdLayers(there, [status("1")]),
    await holdLayers(there, [Buffer.concat(parts)]),
  ];
  const { page } = await open();
  const { packages, files } = await compare(page, old.reference, now.reference);
  assert.deepEqual([packages, files], [1, 2]);
});

/** The most memory of a page's process, in bytes, by the system's word. @param {import("playwright-core").Page} page */
async function memoryOf(page) {
  const session = await /** @type {import("playwright-core").Browser} */ (
    page.context().browser()
  ).newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const sizes = processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id }) => /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1]);
  return Math.max(...sizes.map(Number)) * 1024;
}

/** What a page may take, beside the 64 MiB of any reply that Chromium holds before a page asks for them. */
const most = (150 + 64) * 1024 ** 2;

for (const [how, given] of Object.entries({ worker: {}, "no worker": { policy: "worker-src 'none'" } })) {
  test(`what unpacks to terabytes takes little memory, and the page answers meanwhile: ${how}`, async (t) => {
    const there = inFake(registry());
    const length = 1024 ** 3;
    const { handler, sent } = endlessLayer(length);
    const digest = `sha256:${"ab".repeat(32)}`;
    registry().answer(`GET /v2/team/app/blobs/${digest}`, handler);
    const [old, now] = [
      await holdLayers(there, [status("1")]),
      await holdLayers(there, [status("1"), { mediaType: types.layer, digest, size: length }]),
    ];
    const { page } = await open({ ...given, complaints: [] });
    const before = await memoryOf(page);
    const { packages, files, turns } = await compare(page, old.reference, now.reference);
    const more = (await memoryOf(page)) - before;
    t.diagnostic(`${Math.round(more / 1024 ** 2)} MiB more, ${turns} turns, ${sent.bytes} bytes sent`);
    for (const said of [packages, files]) assert.match(String(said), /it is no honest layer/);
    assert.ok(more < most, `${more} bytes`);
    assert.ok(turns > 20);
  });
}

test("an SBOM as large as one may be takes little memory, whatever is in it", async (t) => {
  const there = inFake(registry());
  const [old, now] = [await holdLayers(there, [status("3")]), await holdLayers(there, [status("4")])];
  const largest = 32 * 1024 * 1024;
  for (const [filling, said] of /** @type {const} */ ([
    ['"files":[[],[],', 0],
    ['"files":[{"a":"b"},{"a":[1,2,3]},', 0],
    [
      `"packages":[${'{"name":"a"},'.repeat(1000)}`,
      "The packages cannot be compared: It names more than 50000 packages.",
    ],
  ])) {
    const start = `{"spdxVersion":"SPDX-2.3",${filling.slice(0, filling.indexOf("[") + 1)}`;
    const items = filling.slice(filling.indexOf("[") + 1);
    const document = Buffer.from(
      `${start}${items.repeat(Math.floor((largest - start.length - 10) / items.length))}0]}`,
    );
    const bytes =
      said === 0 ? document : Buffer.from(document.toString().replace(/0\]\}$/, '{"name":"b"}]}'));
    for (const { descriptor } of [old, now]) refer(descriptor.digest, bytes);
    const { page } = await open();
    const before = await memoryOf(page);
    const { packages } = await compare(page, old.reference, now.reference, "sbom");
    const more = (await memoryOf(page)) - before;
    t.diagnostic(`${Math.round(more / 1024 ** 2)} MiB more`);
    assert.equal(packages, said);
    assert.ok(more < most, `${more} bytes`);
  }
});

/** @param {string} digest @param {Buffer} bytes */
function refer(digest, bytes) {
  const type = "application/spdx+json";
  const config = Buffer.from("{}");
  for (const blob of [bytes, config]) registry().blob("team/app", blob);
  const manifest = bytesOf({
    schemaVersion: 2,
    mediaType: types.manifest,
    artifactType: type,
    config: descriptorOf(config, "application/vnd.oci.empty.v1+json"),
    layers: [descriptorOf(bytes, type)],
    subject: { mediaType: types.manifest, digest, size: 1 },
  });
  registry().manifest("team/app", manifest);
  const listed = { ...descriptorOf(manifest, types.manifest), artifactType: type };
  registry().referrers("team/app", digest, { schemaVersion: 2, mediaType: types.index, manifests: [listed] });
}
