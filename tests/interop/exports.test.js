// Exports of a trust file for podman, CRI-O, skopeo and buildah, judged by the library that decides in them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { verifyImage } from "ocisign";
import { Tools } from "../support/cosign.js";
import { cases, exportedWorld, heldRepositories, verdicts, writeExport } from "../support/exported.js";
import { containersImageBy } from "../support/go-witnesses.js";
import { importSource } from "../support/source.js";

/** @type {typeof import("../../pkg/src/trust/export/index.ts")} */
const { exportTrust } = await importSource("pkg/src/trust/export/index.ts");

const tools = new Tools("exports");
after(() => tools.close());
/** @type {Awaited<ReturnType<typeof exportedWorld>>} */
let world;
before(async () => {
  world = await exportedWorld();
  tools.logIn([world.access]);
});
after(() => world?.close());

test("of each image, ocisign itself says what the exports are measured by", async () => {
  const judged = [];
  const { url, username, password } = world.access;
  const registry = { url, username: username ?? undefined, password: password ?? undefined };
  for (const [name, image] of Object.entries(world.images)) {
    const { state } = await verifyImage(image, { trust: world.trust, registry }).catch(noRule);
    judged.push([name, state === "verified"]);
  }
  const expected = Object.entries(cases).map(([name, { admitted }]) => [name, admitted]);
  assert.deepEqual(Object.fromEntries(judged), Object.fromEntries(expected));
});

/** @param {{ code?: string }} error */
function noRule(error) {
  if (error.code !== "no-trust-rule") throw error;
  return { state: error.code };
}

/** @param {import("ocisign/trust").TrustExport} made */
function judgedBy({ files }) {
  writeExport(tools.folder, files);
  return (/** @type {string} */ image) =>
    containersImageBy(tools, "policy.json", "registries.d", image).isAccepted;
}

test("where the repositories are named, containers/image says the same of each, and compares them, too", () => {
  const repositories = heldRepositories(world.domain);
  const made = exportTrust(world.trust, { to: "containers", repositories });
  assert.deepEqual(made.notExpressed, []);
  const { judged, expected } = verdicts(world.images, judgedBy(made));
  assert.deepEqual(judged, expected);
});

test("with a revoked digest, it refuses what lies below a name: it cannot refuse a digest there", () => {
  const made = exportTrust(world.trust, { to: "containers" });
  assert.match(made.notExpressed[0], /^rule "team apps": .*so it refuses every image of .*\/team\/\*\*/);
  const { judged } = verdicts(world.images, judgedBy(made));
  assert.deepEqual(
    Object.keys(judged).filter((name) => judged[name]),
    ["two of three"],
  );
});

test("without one, it says the same below a name, but for a key that counts for single digests", () => {
  const { revokedDigests, ...trust } = world.trust;
  assert.equal(revokedDigests.length, 1);
  const made = exportTrust(trust, { to: "containers" });
  assert.equal(made.notExpressed.length, 1);
  assert.match(made.notExpressed[0], /^rule "team apps": .*the key old does not count for sha256:/);
  const differs = {
    refusesMore: ["a retired key that counts for it"],
    admitsMore: ["a revoked digest"],
  };
  const { judged, expected } = verdicts(world.images, judgedBy(made), differs);
  assert.deepEqual(judged, expected);
});
