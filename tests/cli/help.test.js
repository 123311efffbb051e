// Each command's help has examples, and each example runs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cliSandbox } from "../support/cli.js";

let at;
before(async () => {
  at = await cliSandbox("help");
  at.file("token", at.token("requester"));
  at.file("images.txt", `${at.image}\n`);
  const key = await at.ocisign(["key", "-P", "automatic"]);
  at.file("ocisign.pem", key.stdout);
  const old = await at.ocisign(["key", "-P", "OCI SIGN"]);
  at.file("old.pem", old.stdout);
  // What the examples verify has to be signed, with the keys that they name.
  for (const product of ["automatic", "OCI SIGN"]) {
    const signed = at.start(["sign", at.image, "-P", product, "--wait"]);
    await signed.says(/: /, "stderr");
    await approveAll();
    assert.equal((await signed.ended).code, 0);
  }
});
after(() => at?.close());

async function approveAll() {
  for (const { id, state, approvals } of await at.as("requester").signings()) {
    if (state !== "waiting") continue;
    for (const role of ["approver-one", "approver-two"]) {
      const { objectId } = at.sandbox.person(role);
      if (!approvals.some((approval) => approval.objectId === objectId)) await at.as(role).approve(id);
    }
  }
}

const sample = {
  image: /656666598317\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/test@sha256:3fbc[0-9a-f]{60}/g,
  digest: /sha256:3fbc[0-9a-f]{60}/g,
  request: /a83081a6-1d3b-4117-a81b-0ebcfcf0669c/g,
  product: /e1ec8ea5-b569-4da7-8a70-6eb910dad8ac/g,
  operation: /b4f4c9e4-cbd2-4073-820c-9d553a957e54/g,
  encoded: /NjU2[A-Za-z0-9]+=*/g,
  url: /https:\/\/app\.laavat\.io\/acme\/api\/v1/g,
};

/** The example, with what is only a sample replaced by what there is here. */
function made(line, request) {
  return line
    .replace(sample.image, at.image)
    .replace(sample.digest, at.digest)
    .replace(sample.request, request)
    .replace(sample.product, at.product.id)
    .replace(sample.operation, at.product.productOperations[0].id)
    .replace(sample.encoded, Buffer.from(`${at.image}\n`).toString("base64"))
    .replace(sample.url, at.sandbox.base);
}

const commands = [
  [],
  ...["sign", "approve", "reject", "status", "signings", "products", "key", "verify"].map((name) => [name]),
  ["imagesigning"],
  ...["add", "approve", "reject", "get"].map((name) => ["imagesigning", name]),
  ["completion"],
];

for (const path of commands) {
  test(`ocisign ${[...path, "--help"].join(" ")}: every example runs`, async () => {
    const { code, stdout, stderr } = await at.ocisign([...path, "--help"]);
    assert.equal(code, 0);
    assert.equal(stderr, "");
    const examples = [...stdout.matchAll(/^ {2}\$ (.*)$/gm)].map(([, line]) => line);
    assert.ok(examples.length > 0);
    for (const line of examples) {
      const { id } = await at
        .as("requester")
        .requestSigning({ productId: at.product.id, artifact: at.image });
      await tried(made(line, id));
    }
  });
}

async function tried(line) {
  const approver = at.token("approver-one");
  const decides = /ocisign (approve|reject) /.test(line);
  const env = {
    TOKEN: at.token("requester"),
    APPROVERTOKEN: approver,
    ...(decides ? { OCISIGN_TOKEN: approver } : {}),
    ...(line.startsWith("export") ? { OCISIGN_TOKEN: "" } : {}),
  };
  const asks = /^ocisign approve \S+$/.test(line);
  const waits = /--wait|--verify/.test(line) && !line.startsWith("export");
  const running = asks ? at.terminal(line, { env }) : at.startBash(completed(line), { env });
  if (asks) {
    await running.says(/last 8 characters/);
    running.child.stdin.write(`${at.digest.slice(-8)}\n`);
  }
  if (waits) {
    await running.says(/waiting for approval/, "stderr");
    await approveAll();
  }
  const { code, stdout, stderr } = await running.ended;
  // A request that still waits is an outcome, and no failure of the example.
  const expected = /ocisign status \S+$|imagesigning get/.test(line) ? 3 : 0;
  assert.equal(code, expected, `${line}\n${stdout}\n${stderr}`);
}

/** `export …` alone would do nothing; zsh's and fish's lines are for other shells, but their scripts are printed. */
function completed(line) {
  if (line.startsWith("export")) return `${line} && ocisign products`;
  const script = line.match(/ocisign completion \w+/)?.[0];
  return script && !script.endsWith("bash") ? `${script} > script` : line;
}

test("help reads the same whichever way it is asked for", async () => {
  for (const name of ["sign", "verify", "imagesigning"]) {
    const [byWord, byOption] = [await at.ocisign(["help", name]), await at.ocisign([name, "--help"])];
    assert.equal(byWord.stdout, byOption.stdout);
    assert.equal(byWord.code, 0);
  }
});

test("--version is that of the package, and the bare program shows its help", async () => {
  const { version } = (await import("../../pkg/package.json", { with: { type: "json" } })).default;
  assert.equal((await at.ocisign(["--version"])).stdout, `${version}\n`);
  const bare = await at.ocisign([]);
  assert.equal(bare.code, 2);
  assert.match(bare.stderr, /^Usage: ocisign/);
  assert.ok(!bare.stderr.includes("error:"));
});

test("bash completes commands, options and choices", async () => {
  const complete = async (...words) => (await at.ocisign(["complete", "--", ...words])).stdout;
  assert.match(await complete("si"), /^sign\t/m);
  assert.match(await complete("verify", "--thr"), /^--threshold\t/m);
  assert.match(await complete("imagesigning", ""), /^approve\t/m);
  assert.match(await complete("signings", "--state", ""), /^waiting\t/m);
  const script = await at.bash(
    "ocisign completion bash > script && bash -n script && . ./script && complete -p ocisign",
  );
  assert.equal(script.code, 0, script.stderr);
  assert.match(script.stdout, /complete .*ocisign/);
});
