// What exports of a trust file say, before anybody judges by them: tests/admission and tests/interop let their consumers
// do that.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { readExample } from "../support/examples.js";
import { keyPair } from "../support/signatures.js";
import { importSource } from "../support/source.js";

/** @type {typeof import("../../pkg/src/trust/export/index.ts")} */
const { consumers, exportTrust } = await importSource("pkg/src/trust/export/index.ts");

const pems = Array.from({ length: 24 }, () => keyPair("P-256").pem);
const at = "2026-06-01T00:00:00Z";

/** A trust file with one rule. @param {object} [rule] @param {Record<string, object>} [keys] @param {object} [more] */
function trustOf(rule = {}, keys = { release: { publicKey: pems[0] } }, more = {}) {
  const whole = { name: "apps", images: ["registry.example/team/app"], keys: Object.keys(keys), ...rule };
  return { version: 1, keys, rules: [whole], ...more };
}

/** @param {object} trust @param {import("ocisign/trust").Consumer} to @param {string} path */
function textOf(trust, to, path) {
  const { files } = exportTrust(trust, { to, at });
  return files.find((file) => file.path === path)?.text ?? assert.fail(path);
}

/** @param {object} trust */
const policyJson = (trust) => JSON.parse(textOf(trust, "containers", "policy.json"));

/** @param {number} count */
const manyKeys = (count) =>
  Object.fromEntries(pems.slice(0, count).map((publicKey, place) => [`key ${place}`, { publicKey }]));

test("a simple trust file is written for each consumer, with nothing lost", () => {
  for (const to of consumers) {
    const { files, notExpressed, limits, until } = exportTrust(trustOf(), { to, at });
    assert.deepEqual(notExpressed, [], to);
    assert.equal(until, undefined);
    assert.ok(limits.length > 0);
    for (const { path, text } of files) {
      if (path.endsWith(".json")) JSON.parse(text);
      if (path.endsWith(".yaml"))
        for (const { errors } of [parseAllDocuments(text)].flat()) assert.deepEqual(errors, []);
    }
  }
});

test("of containers/image, exactly the sets of signers that are enough fulfil every requirement", () => {
  for (const [count, threshold] of [
    [1, 1],
    [3, 1],
    [3, 2],
    [3, 3],
    [5, 3],
    [6, 2],
  ]) {
    const trust = trustOf({ images: ["registry.example/team/**"], threshold }, manyKeys(count));
    const requirements = policyJson(trust).transports.docker["registry.example/team"];
    for (let set = 0; set < 2 ** count; set++) {
      const signed = pems
        .slice(0, count)
        .filter((_, place) => set & (1 << place))
        .map((pem) => btoa(pem));
      const holds = requirements.every(({ keyData, keyDatas = [keyData] }) =>
        keyDatas.some((/** @type {string} */ one) => signed.includes(one)),
      );
      assert.equal(holds, signed.length >= threshold, `${signed.length} signed, ${threshold} of ${count}`);
    }
  }
});

test("a rule that would take too many requirements is refused, and named", () => {
  const trust = trustOf({ threshold: 12 }, manyKeys(24));
  const { notExpressed } = exportTrust(trust, { to: "containers", at });
  assert.match(notExpressed[0], /^rule "apps": 12 of 24 keys would take more than 100 requirements/);
  assert.deepEqual(policyJson(trust).transports.docker["registry.example/team/app"], [{ type: "reject" }]);
});

test("a repository in the signature is asked for only where the consumer compares it; elsewhere all is refused", () => {
  const trust = trustOf({ requireRepository: true });
  const lost = consumers.filter((to) => exportTrust(trust, { to, at }).notExpressed.length > 0);
  assert.deepEqual(lost, ["kyverno", "policy-controller", "ratify"]);
  assert.match(textOf(trust, "kyverno", "kyverno.yaml"), /\|\| false\)$/m);
  const [policy] = parseAllDocuments(textOf(trust, "policy-controller", "policy-controller.yaml"));
  assert.equal(policy.toJS().spec.authorities[0].static.action, "fail");
  assert.doesNotMatch(textOf(trust, "ratify", "policy.rego"), /^valid if/m);
});

test("Kyverno is asked about containers that join a running pod, too, by exports and by the example", () => {
  for (const text of [textOf(trustOf(), "kyverno", "kyverno.yaml"), readExample("kubernetes/kyverno.yaml")]) {
    const { matchConstraints } = parse(text).spec;
    const [{ resources }] = matchConstraints.resourceRules;
    assert.deepEqual(resources, ["pods", "pods/ephemeralcontainers"]);
    assert.match(text, /images\.ephemeralContainers/);
  }
});

test("where a digest is revoked, a tag that may lead to it is not enough", () => {
  const digest = `sha256:${"b".repeat(64)}`;
  const revoking = trustOf({}, undefined, { revokedDigests: [{ digest, reason: "CVE-2026-1" }] });
  for (const [to, path, condition] of /** @type {const} */ ([
    ["kyverno", "kyverno.yaml", 'it.image.contains("@")'],
    ["ratify", "policy.rego", "count(image) == 2"],
  ])) {
    assert.ok(textOf(revoking, to, path).includes(condition), to);
  }
  // Before it is asked, Kyverno resolves a tag.
  assert.ok(!textOf(trustOf(), "kyverno", "kyverno.yaml").includes("contains"));
});

test("a scope of one repository is not one of those below it", () => {
  const requirements = policyJson(trustOf()).transports.docker["registry.example/team/app"];
  assert.deepEqual(
    requirements.map(({ signedIdentity }) => signedIdentity),
    [{ type: "matchRepository" }, { type: "exactRepository", dockerRepository: "registry.example/team/app" }],
  );
});

test("a key counts in its time: where a consumer knows the time, it is told; elsewhere the export says until when", () => {
  const keys = {
    ending: { publicKey: pems[0], validUntil: "2026-07-01T00:00:00Z" },
    coming: { publicKey: pems[1], validFrom: "2026-06-15T00:00:00Z" },
    retiring: {
      publicKey: pems[2],
      retired: { at: "2026-08-01T00:00:00Z", reason: "rotated", countsFor: [] },
    },
    gone: { publicKey: pems[3], validUntil: "2026-05-01T00:00:00Z" },
  };
  const trust = trustOf({}, keys);
  for (const to of consumers) assert.equal(exportTrust(trust, { to, at }).until, "2026-06-15T00:00:00.000Z");
  const kyverno = textOf(trust, "kyverno", "kyverno.yaml");
  assert.match(
    kyverno,
    /time\.now\(\) < timestamp\("2026-07-01T00:00:00\.000Z"\) \? \[attestors\["ending"\]\]/,
  );
  assert.match(
    kyverno,
    /time\.now\(\) >= timestamp\("2026-06-15T00:00:00\.000Z"\) \? \[attestors\["coming"\]\]/,
  );
  assert.match(
    kyverno,
    /time\.now\(\) < timestamp\("2026-08-01T00:00:00\.000Z"\) \? \[attestors\["retiring"\]\]/,
  );
  assert.doesNotMatch(kyverno, /gone/);
  for (const [to, path] of /** @type {const} */ ([
    ["policy-controller", "policy-controller.yaml"],
    ["ratify", "policy.rego"],
  ])) {
    assert.match(textOf(trust, to, path), /time\.now_ns\(\) \/ 1000000000 >= 1781481600 # 2026-06-15T/, to);
  }
  const [{ keyDatas }] = policyJson(trust).transports.docker["registry.example/team/app"];
  assert.deepEqual(keyDatas, [btoa(pems[0]), btoa(pems[2])]);
  const { limits } = exportTrust(trust, { to: "containers", at });
  assert.ok(limits.some((limit) => limit.includes("export again before 2026-06-15T00:00:00.000Z")));
});

test("a rule without a key that counts refuses its images, and loses nothing", () => {
  const trust = trustOf({}, { lost: { publicKey: pems[0], revoked: { reason: "stolen" } } });
  for (const to of consumers) assert.deepEqual(exportTrust(trust, { to, at }).notExpressed, [], to);
  assert.deepEqual(policyJson(trust).transports.docker["registry.example/team/app"], [{ type: "reject" }]);
  assert.match(textOf(trust, "kyverno", "kyverno.yaml"), /\|\| false\)$/m);
  assert.doesNotMatch(textOf(trust, "ratify", "policy.rego"), /^valid if/m);
});

test("names that no file, cluster or expression could bear become labels, each its own", () => {
  const keys = Object.fromEntries(
    ['a "quoted" key', "ключ", "a-quoted-key", "../key", "🔑"].map((name, place) => [
      name,
      { publicKey: pems[place] },
    ]),
  );
  const trust = trustOf({ name: 'rule\'s "name": #1' }, keys);
  const { spec } = parse(textOf(trust, "kyverno", "kyverno.yaml"));
  const labels = spec.attestors.map(({ name }) => name);
  assert.equal(new Set(labels).size, 5);
  for (const label of labels) assert.match(label, /^[a-z0-9]+(-[a-z0-9]+)*$/);
  assert.deepEqual(
    spec.attestors.map(({ cosign }) => cosign.key.data),
    pems.slice(0, 5).map((pem) => pem.trimEnd().concat("\n")),
  );
  const { files } = exportTrust(trust, { to: "ratify", at });
  for (const { path } of files) assert.match(path, /^(config\.json|policy\.rego|keys\/[a-z0-9-]+\.pub)$/);
});

test("Docker Hub is called what each consumer calls it", () => {
  const trust = trustOf({ images: ["docker.io/library/nginx"] });
  assert.match(textOf(trust, "kyverno", "kyverno.yaml"), /it\.name == "index\.docker\.io\/library\/nginx"/);
  assert.match(
    textOf(trust, "policy-controller", "policy-controller.yaml"),
    /"index\.docker\.io\/library\/nginx@\*\*"/,
  );
  assert.ok(policyJson(trust).transports.docker["docker.io/library/nginx"]);
});

test("Ratify is not told of RSA keys: with those it would not compare the digest", () => {
  const trust = trustOf({}, { rsa: { publicKey: keyPair("rsa").pem }, release: { publicKey: pems[0] } });
  const { files, notExpressed } = exportTrust(trust, { to: "ratify", at });
  assert.match(notExpressed[0], /^rule "apps": .*the RSA keys rsa do not count/);
  assert.deepEqual(
    files.map(({ path }) => path),
    ["config.json", "policy.rego", "keys/release.pub"],
  );
});

test("one scope for two rules asks both, and says so", () => {
  const keys = { one: { publicKey: pems[0] }, other: { publicKey: pems[1] } };
  const rules = [
    { name: "below", images: ["registry.example/team/**"], keys: ["one"] },
    { name: "itself", images: ["registry.example/team"], keys: ["other"] },
  ];
  const { notExpressed } = exportTrust({ version: 1, keys, rules }, { to: "containers", at });
  assert.match(notExpressed[0], /^rule "itself" and rule "below": .*one scope for registry\.example\/team/);
});

test("what a caller passes wrongly is refused, with what to pass", () => {
  const refused = (/** @type {any} */ options, /** @type {RegExp} */ message) =>
    assert.throws(() => exportTrust(trustOf(), options), { code: "bad-input", message });
  refused({ to: "docker" }, /to is no consumer/);
  refused({ to: "toString" }, /to is no consumer/);
  refused({ to: "kyverno", at: "tomorrow" }, /at is no time/);
  refused({ to: "kyverno", repositories: [] }, /repositories is no list/);
  refused({ to: "kyverno", repositories: ["registry.example/team/app:1"] }, /names a tag/);
  refused({ to: "kyverno", repositories: ["Team/App"] }, /is no repository/);
  refused(
    { to: "kyverno", repositories: ["registry.example/other"] },
    /no rule of the trust file holds for registry\.example\/other/,
  );
  assert.throws(() => exportTrust(trustOf({ threshold: 2 }), { to: "kyverno", at }), { code: "bad-trust" });
});
