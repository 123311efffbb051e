// The API against its own description, by schemathesis: whatever it sends, no reply is a 5xx, and every reply is one
// that the description has.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { finish } from "../../tools/machine/command.js";
import { python } from "../../tools/machine/python.js";
import { clientsOf, productFor, testSandbox } from "../support/sandbox.js";

const seed = process.env.OCISIGN_SEED ?? String(Math.floor(Math.random() * 2 ** 31));
const seconds = process.env.OCISIGN_SCHEMATHESIS_SECONDS ?? "40";
const checks = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_headers_conformance",
  "response_schema_conformance",
  "unsupported_method",
  "allow_header_conformance",
  "ignored_auth",
];

let sandbox;
let folder;
before(async () => {
  sandbox = await testSandbox({ name: "schemathesis" });
  folder = mkdtempSync(join(tmpdir(), "ocisign-schemathesis-"));
});
after(async () => {
  await sandbox?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As this person, with these words in the configuration. */
async function examine(role, configuration, ...options) {
  const config = join(folder, `${role}.toml`);
  // The token stands in a file that only we read, and not in the list of processes.
  const token = `[headers]\nAuthorization = "Bearer ${sandbox.person(role).token}"\n`;
  writeFileSync(config, token + configuration, { mode: 0o600 });
  const start = "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())";
  const args = ["-c", start, "--config-file", config, "run", `${sandbox.base}/openapi.json`];
  // One worker: Python 3.11 crashes when several threads parse at a time.
  const how = [
    "--checks",
    checks.join(","),
    "--seed",
    seed,
    "--workers",
    "1",
    "--no-color",
    "--warnings",
    "off",
  ];
  const { code, output } = await finish(python(), [...args, ...how, ...options], { cwd: folder });
  assert.equal(code, 0, `OCISIGN_SEED=${seed}\n${output}`);
  assert.match(output, /No issues found/, output);
  return output;
}

test("a requester's calls, with all kinds of bodies and ids", async () => {
  await examine("requester", "", "--phases", "examples,coverage,fuzzing", "--max-time", seconds);
});

test("an admin's calls about credentials", async () => {
  await examine("admin", "", "--include-tag", "credentials", "--max-time", String(Number(seconds) / 4));
});

test("decisions about a request that exists, of a product that exists", async () => {
  const clients = await clientsOf(sandbox);
  const product = await clients("requester").createProduct(productFor(sandbox));
  const image = `${sandbox.registry.domain}/app@${await pushImage(new Registry(sandbox.registry), "app")}`;
  const request = await clients("requester").requestSigning({ productId: product.id, artifact: image });
  await examine(
    "approver-one",
    `[parameters]\nid = "${request.id}"\n`,
    "--include-tag",
    "signings",
    "--max-time",
    String(Number(seconds) / 4),
  );
  await examine(
    "outsider",
    `[parameters]\nid = "${product.id}"\n`,
    "--include-operation-id",
    "getProduct",
    "--max-examples",
    "20",
  );
});

test("its metrics are what Prometheus' own parser reads", async () => {
  const script = `
import sys
from prometheus_client.parser import text_string_to_metric_families
families = {family.name: family for family in text_string_to_metric_families(open(sys.argv[1]).read())}
assert families["ocisign_sandbox_http_requests"].type == "counter", families
assert families["ocisign_sandbox_http_request_duration_seconds"].type == "histogram", families
assert sum(sample.value for sample in families["ocisign_sandbox_http_requests"].samples) > 0
`;
  const file = join(folder, "metrics");
  writeFileSync(file, await (await fetch(new URL("/metrics", sandbox.base))).text());
  const { code, output } = await finish(python(), ["-c", script, file]);
  assert.equal(code, 0, output);
});
