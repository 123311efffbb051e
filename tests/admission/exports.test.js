// Exports of a trust file, judged by those who read them: does each say of every image what the trust file says? What is
// known to differ stands here by name, and in docs/trust-export.md.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { byKyverno, byPolicyController, byRatify } from "../support/admission.js";
import { exportedWorld, heldRepositories, verdicts, writeExport } from "../support/exported.js";
import { temporaryFolder } from "../support/sandbox.js";
import { importSource } from "../support/source.js";

/** @type {typeof import("../../pkg/src/trust/export/index.ts")} */
const { exportTrust } = await importSource("pkg/src/trust/export/index.ts");

const { folder, remove } = temporaryFolder("exports");
after(remove);
/** @type {Awaited<ReturnType<typeof exportedWorld>>} */
let world;
/** @type {string} */
let narrow;
/** @type {string} */
let right;
before(async () => {
  world = await exportedWorld();
  // Pushed first: while a program is waited for, this process does not see that the registry ends idle connections.
  narrow = await world.push("a wider rule's key", { repository: "narrow/app", by: ["a"], admitted: false });
  right = await world.push("right", { repository: "wide/app", by: ["a"], admitted: true });
});
after(() => world?.close());

/** None of them compares the repository that a signature names. */
const admitsMore = ["copied from another repository"];

/** When keys counted that no longer do, and one that does now did not: these consumers know the time themselves. */
const longAgo = "2024-06-01T00:00:00Z";

/** @param {string} name @param {import("ocisign/trust").ExportTrustOptions} options */
function exported(name, options) {
  const own = join(folder, name);
  mkdirSync(own);
  const made = exportTrust(world.trust, options);
  writeExport(own, made.files);
  return { ...made, folder: own };
}

test("Kyverno says the same, and is told everything, also when keys count", () => {
  const { notExpressed, folder } = exported("kyverno", { to: "kyverno", at: longAgo });
  assert.deepEqual(notExpressed, []);
  const admits = (/** @type {string} */ image) => {
    const { status, stdout } = byKyverno(join(folder, "kyverno.yaml"), [image]);
    // It judged the pod, whatever it says of it.
    assert.match(stdout, /pass: 1, fail: 0, warn: 0, error: 0|pass: 0, fail: 1, warn: 0, error: 0/);
    return status === 0;
  };
  const { judged, expected } = verdicts(world.images, admits, { admitsMore });
  assert.deepEqual(judged, expected);
});

test("policy-controller says the same, but for two things that the export names", () => {
  const { notExpressed, folder } = exported("policy-controller", { to: "policy-controller" });
  assert.equal(notExpressed.length, 2);
  assert.match(notExpressed[0], /^rule "team apps": .* the key old for sha256:\w+ only \(countsFor\)/);
  assert.match(notExpressed[1], /^rule "inner": .* asks for the signatures of rule "team apps", too/);
  const policy = join(folder, "policy-controller.yaml");
  const admits = (/** @type {string} */ image) => byPolicyController(policy, image).status === 0;
  const refusesMore = ["a retired key that counts for it", "a narrower rule"];
  const { judged, expected } = verdicts(world.images, admits, { admitsMore, refusesMore });
  assert.deepEqual(judged, expected);
});

test("policy-controller knows the time", () => {
  const { folder } = exported("then", { to: "policy-controller", at: longAgo });
  const policy = join(folder, "policy-controller.yaml");
  const judged = ["right", "deep below", "a retired key", "an expired key", "two of three"].map(
    (name) => byPolicyController(policy, world.images[name]).status === 0,
  );
  assert.deepEqual(judged, [true, true, false, false, true]);
});

test("policy-controller is told more where the repositories are named", () => {
  const repositories = heldRepositories(world.domain);
  const { notExpressed, folder } = exported("named", { to: "policy-controller", repositories });
  assert.equal(notExpressed.length, 1);
  const policy = join(folder, "policy-controller.yaml");
  const admits = (/** @type {string} */ image) => byPolicyController(policy, image).status === 0;
  const refusesMore = ["a retired key that counts for it"];
  const { judged, expected } = verdicts(world.images, admits, { admitsMore, refusesMore });
  assert.deepEqual(judged, expected);
});

/** @param {string} image */
const digestIn = (image) => image.slice(image.indexOf("@") + 1);

/** Ratify as it is configured, for a registry of this machine. @param {string} folder */
function overHttp(folder) {
  const file = join(folder, "config.json");
  const config = JSON.parse(readFileSync(file, "utf8"));
  config.store.plugins[0].useHttp = true;
  writeFileSync(file, JSON.stringify(config));
}

/** @param {string} folder */
const ratifyIn = (folder) => (/** @type {string} */ image) => {
  const { status, stdout } = byRatify(folder, image);
  assert.equal(status, 0, stdout);
  // It leaves out what is false.
  return JSON.parse(stdout).isSuccess === true;
};

test("Ratify says the same, and is told everything, also when keys count", () => {
  const { notExpressed, folder } = exported("ratify", { to: "ratify", at: longAgo });
  assert.deepEqual(notExpressed, []);
  overHttp(folder);
  const { judged, expected } = verdicts(world.images, ratifyIn(folder), { admitsMore });
  assert.deepEqual(judged, expected);
});

test("an image that is named by a tag gets around no revoked digest and no narrower rule", () => {
  const { domain, images, keys } = world;
  const trust = {
    version: 1,
    keys: { a: { publicKey: keys.a.pem }, c: { publicKey: keys.c.pem } },
    rules: [
      { name: "all", images: [`${domain}/**`], keys: ["a"] },
      { name: "narrow", images: [`${domain}/narrow/app`], keys: ["c"] },
    ],
    revokedDigests: [{ digest: digestIn(images["a revoked digest"]), reason: "CVE-2026-1" }],
  };
  const byTag = (/** @type {string} */ image) => `${image.split("@")[0]}:demo`;
  const folders = ["kyverno", "ratify"].map((to) => join(folder, `tags-${to}`));
  const [kyverno, ratify] = folders;
  // policy-controller is not asked: in a cluster it takes no image without a digest, and its tester does.
  for (const [place, to] of /** @type {const} */ (["kyverno", "ratify"]).entries()) {
    mkdirSync(folders[place]);
    writeExport(folders[place], exportTrust(trust, { to }).files);
  }
  overHttp(ratify);
  const judges = {
    kyverno: (/** @type {string} */ image) => byKyverno(join(kyverno, "kyverno.yaml"), [image]).status === 0,
    ratify: ratifyIn(ratify),
  };
  for (const [to, admits] of Object.entries(judges)) {
    // The policy is one that admits something.
    assert.equal(admits(right), true, to);
    for (const image of [images["a revoked digest"], narrow]) {
      assert.equal(admits(image), false, `${to}: ${image}`);
      assert.equal(admits(byTag(image)), false, `${to}: ${byTag(image)}`);
    }
  }
});

test("Ratify's own trust policies admit a signature that was made for another image: so none is written", () => {
  const { folder } = exported("trust-policies", { to: "ratify" });
  overHttp(folder);
  const file = join(folder, "config.json");
  const config = JSON.parse(readFileSync(file, "utf8"));
  const [{ artifactTypes, key }] = config.verifier.plugins;
  const policy = { name: "all", scopes: [`${world.domain}/*`], keys: [{ file: key }], tLogVerify: false };
  config.verifier.plugins = [{ name: "cosign", artifactTypes, trustPolicies: [policy] }];
  config.policy.plugin = { name: "configPolicy", artifactVerificationPolicies: { default: "any" } };
  writeFileSync(file, JSON.stringify(config));
  const admits = ratifyIn(folder);
  assert.equal(admits(world.images["another key"]), false);
  assert.equal(admits(world.images["made for another image"]), true);
});
