// Each command's help fits a screen and has examples, and each example runs.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { pushImage } from "../../demo/image.js";
import { cliSandbox } from "../support/cli.js";
import { startIssuer } from "../support/issuer.js";
import { Visitor } from "../support/issuer-visitor.js";
import { linkIn, quickly } from "../support/signing-in.js";

let at;
/** @type {string} */
let previous;
/** @type {Awaited<ReturnType<typeof startIssuer>>} */
let issuer;
before(async () => {
  at = await cliSandbox("help");
  issuer = await startIssuer();
  previous = at.image.replace(at.digest, await pushImage(at.registry, "team/app", "an earlier version"));
  at.file("token", at.token("requester"));
  at.file("notify.mjs", "");
  at.file("images.txt", `${at.image}\n`);
  const { privateKey, publicKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  at.file("private.pem", privateKey);
  at.file("public.pem", publicKey);
  const key = await at.ocisign(["key", "-P", "automatic"]);
  at.file("ocisign.pem", key.stdout);
  const rule = { name: "all", images: [`${at.sandbox.registry.domain}/**`], keys: ["ocisign"] };
  at.file(
    "trust.json",
    JSON.stringify({ version: 1, keys: { ocisign: { publicKey: key.stdout } }, rules: [rule] }),
  );
  const listed = ["sign", "--from-file", "images.txt", "-P", "OCI SIGN", "--journal", "images.journal"];
  assert.equal((await at.ocisign(listed)).code, 0);
  const old = await at.ocisign(["key", "-P", "OCI SIGN"]);
  at.file("old.pem", old.stdout);
  // What the examples verify has to be signed, with the keys that they name.
  for (const product of ["automatic", "OCI SIGN"]) {
    const signed = at.start(["sign", at.image, "-P", product, "--wait", "--skip", "none"]);
    await signed.says(/: /, "stderr");
    await approveAll();
    assert.equal((await signed.ended).code, 0);
  }
});
after(async () => {
  issuer?.close();
  await at?.close();
});

async function approveAll() {
  for (const { id, state, approvals } of await at.as("requester").signings()) {
    if (state !== "waiting") continue;
    for (const role of ["approver-one", "approver-two"]) {
      const { objectId } = at.sandbox.person(role);
      if (!approvals.some((approval) => approval.objectId === objectId)) await at.as(role).approve(id);
    }
  }
}

/** What the examples name by a variable, as a person sets them. */
function variables(request) {
  return {
    IMAGE: at.image,
    PREVIOUS: previous,
    MIRROR: `${at.sandbox.registry.domain}/mirror/app`,
    URL: at.sandbox.base,
    DIGEST: at.digest,
    ID: request,
    BATCH: "the-batch",
    PRODUCT: at.product.id,
    OPERATION: at.product.productOperations[0].id,
    OCISIGN_REGISTRY_USERNAME: at.sandbox.registry.username,
    OCISIGN_REGISTRY_PASSWORD: at.sandbox.registry.password,
    BASE64: Buffer.from(`${at.image}\n`).toString("base64"),
  };
}

const commands = [
  [],
  ...[
    "sign",
    "approve",
    "reject",
    "status",
    "signings",
    "watch",
    "products",
    "key",
    "verify",
    "ensure",
    "accepts",
    "bundle",
    "diff",
    "copy",
  ].map((name) => [name]),
  ["report"],
  ["payload"],
  ["attach"],
  ["doctor"],
  ["whoami"],
  ["login"],
  ["logout"],
  ["withdraw"],
  ["trust"],
  ...["check", "export"].map((name) => ["trust", name]),
  ["imagesigning"],
  ...["add", "approve", "reject", "get"].map((name) => ["imagesigning", name]),
  ["help"],
  ["completion"],
];
const topics = [
  "certificates",
  "connection",
  "digests",
  "environment",
  "exit-codes",
  "lists",
  "output",
  "signing-in",
  "verifying",
];

test("every command is tried here", async () => {
  const listed = async (...path) => {
    const { stdout } = await at.ocisign([...path, "--help"]);
    const [, rows = ""] = stdout.match(/^Commands:\n((?: {2}.*\n)+)/m) ?? [];
    const names = Array.from(rows.matchAll(/^ {2}(\S+)/gm), ([, name]) => name);
    // The rarer ones stand in one row.
    const [, rare = ""] = rows.match(/^ {2}more +([^.]*)\./m) ?? [];
    const all = [...names.filter((name) => name !== "more"), ...rare.split(/,\s*/).filter(Boolean)];
    return all.map((name) => [...path, name]);
  };
  const all = [...(await listed()), ...(await listed("imagesigning")), ...(await listed("trust"))];
  assert.deepEqual(all.toSorted(), commands.filter((path) => path.length > 0).toSorted());
});

test("help fits a screen of 24 lines and 80 columns, and a topic is no wider", async () => {
  const own = commands.filter((path) => path.length === 1).length;
  for (const path of commands) {
    const { stdout } = await at.ocisign([...path, "--help"]);
    const lines = stdout.trimEnd().split("\n");
    // The program lists its commands, a line each.
    assert.ok(
      lines.length <= (path.length === 0 ? own + 7 : 24),
      `${path}: ${lines.length} lines\n${stdout}`,
    );
    for (const line of lines) assert.ok(line.length <= 80, line);
  }
  for (const topic of topics) {
    const { code, stdout } = await at.ocisign(["help", topic]);
    assert.equal(code, 0);
    for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
  }
});

test("help is no wider than 80 columns on a wide terminal, and fits a narrow one", async () => {
  for (const [columns, most] of [
    [200, 80],
    [60, 60],
  ]) {
    const { stdout } = await at.terminal(`stty cols ${columns}; ocisign help verify`).ended;
    const rows = stdout.split(/\r?\n/).filter((line) => /^ {2,}/.test(line) && !line.includes("$ "));
    assert.ok(rows.length > 5, stdout);
    for (const line of rows) assert.ok(line.length <= most, `${columns}: ${line}`);
  }
});

test("each option is explained: by its command, or by the topics", async () => {
  const explained = (await Promise.all(topics.map((topic) => at.ocisign(["help", topic])))).map(
    ({ stdout }) => stdout,
  );
  for (const path of commands.filter((path) => path.length > 0)) {
    const { stdout } = await at.ocisign([...path, "--help"]);
    const offered = (await at.ocisign(["complete", "--", ...path, "--"])).stdout;
    for (const [, option] of offered.matchAll(/^(--[\w-]+)\t/gm)) {
      const all = [stdout, ...explained].join("\n");
      assert.match(all, new RegExp(`${option}(?![\\w-])`), `${path}: ${option}`);
    }
  }
});

test("the topics name every setting, its variable and every exit code", async () => {
  const [connection, environment, exits] = await Promise.all(
    ["connection", "environment", "exit-codes"].map(
      async (topic) => (await at.ocisign(["help", topic])).stdout,
    ),
  );
  const flags = Array.from(connection.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm), ([, flag]) => flag);
  for (const flag of [
    "--url",
    "--token",
    "--token-file",
    "--token-command",
    "--profile",
    "--cert",
    "--tls-key",
  ]) {
    assert.ok(flags.includes(flag), flag);
  }
  for (const flag of ["--cacert", "--config", "--call-timeout", "--registry-url", "--registry-username"]) {
    assert.ok(flags.includes(flag), flag);
  }
  for (const [variable] of connection.matchAll(/OCISIGN_[A-Z_]+/g)) assert.ok(environment.includes(variable));
  for (const code of [0, 1, 2, 3, 4, 5, 130, 141, 143]) assert.match(exits, new RegExp(`^ {2}${code} `, "m"));
});

test("the topics name each value of a row in a pipe, and each command that asks a registry", async () => {
  const said = (await at.ocisign(["help", "output"])).stdout.replace(/\s+/g, " ");
  const [, signings = "", products = ""] =
    /`signings`: ([^.]*)\. `products`: ([^.]*)\./.exec(said) ?? assert.fail(said);
  for (const [command, values] of [
    ["signings", signings],
    ["products", products],
  ]) {
    const [row = ""] = (await at.ocisign([command])).stdout.split("\n");
    assert.equal(values.split(",").length, row.split("\t").length, `${command}: ${values}\n${row}`);
  }
  const connection = (await at.ocisign(["help", "connection"])).stdout;
  assert.match(connection, /^Registry, .*`sign --from-file`/m);
});

test("a word that is no command and no topic: what is near is asked for, and nothing is repeated", async () => {
  const near = await at.ocisign(["help", "conection"]);
  assert.equal(near.code, 2);
  assert.match(near.stderr, /Did you mean `ocisign help connection`\?/);
  const far = await at.ocisign(["help", "hunter2-hunter2"]);
  assert.equal(far.code, 2);
  assert.match(far.stderr, /^Usage: ocisign/);
  assert.ok(!far.stderr.includes("hunter2"));
});

for (const path of commands) {
  test(`ocisign ${[...path, "--help"].join(" ")}: every example runs`, async () => {
    const { code, stdout, stderr } = await at.ocisign([...path, "--help"]);
    assert.equal(code, 0);
    assert.equal(stderr, "");
    const metadata = [{ name: "ocisign-batch", value: "the-batch" }];
    const examples = [...stdout.matchAll(/^ {2}\$ (.*(?:(?<=\\)\n.*)*)$/gm)].map(([, line]) => line);
    assert.ok(examples.length > 0);
    for (const line of examples) {
      const { id } = await at
        .as("requester")
        .requestSigning({ productId: at.product.id, artifact: at.image, metadata });
      await tried(line.replace("https://app.laavat.io/acme/api/v1", at.sandbox.base), variables(id));
    }
  });
}

/** Signs in as the example says, where no browser can be started. @param {string} line */
async function signedIn(line) {
  const env = { ISSUER: issuer.url, OCISIGN_KEYCHAIN: "no", ...quickly };
  const running = at.startBash(line, { env });
  await running.says(/Waiting for you/, "stderr");
  await new Visitor().signIn(linkIn(running.said.stderr));
  const { code, stderr } = await running.ended;
  assert.equal(code, 0, `${line}\n\n${stderr}`);
}

async function tried(line, variables) {
  if (line.startsWith("ocisign login")) return signedIn(line);
  const approver = at.token("approver-one");
  const decides = /ocisign (approve|reject) /.test(line);
  const { username = "", password = "" } = at.sandbox.registry;
  const pushes = line.startsWith("ocisign copy");
  const env = {
    ...variables,
    ...(pushes ? { OCISIGN_REGISTRY_USERNAME: username, OCISIGN_REGISTRY_PASSWORD: password } : {}),
    TOKEN: at.token("requester"),
    APPROVERTOKEN: approver,
    ...(decides ? { OCISIGN_TOKEN: approver } : {}),
    ...(line.startsWith("export") ? { OCISIGN_URL: "" } : {}),
    ...(line.includes("@token") ? { OCISIGN_TOKEN: "" } : {}),
  };
  const asksOfOne = /^ocisign approve \S+$/.test(line);
  const asks = asksOfOne || /^ocisign approve --batch \S+$/.test(line);
  const waits = /--wait|--verify/.test(line) && !line.startsWith("export");
  const running = asks ? at.terminal(line, { env }) : at.startBash(completed(line), { env });
  if (asks) {
    await running.says(/last 8 characters/);
    const said = stripVTControlCharacters(running.said.stdout);
    const [, count, hash = ""] = said.match(/^(\d+) requests?, with the hash\r?\n(\S+)/m) ?? [];
    const act = asksOfOne ? at.digest.slice(-8) : `${count} ${hash.slice(-8)}`;
    running.child.stdin.write(`${act}\n`);
  }
  if (waits) {
    // Not the note of an earlier request, which comes before the new one is sent.
    await running.says(/^[0-9a-f]{8}-\S+: .*waiting for approval/m, "stderr");
    await approveAll();
  }
  const { code, stdout, stderr } = await running.ended;
  // A request that still waits is an outcome, and no failure of the example.
  const isOpen = /ocisign status \S+$|imagesigning get|ocisign report/.test(line);
  // The two images have no layer in common.
  const expected = isOpen ? 3 : line.startsWith("ocisign diff") ? 7 : 0;
  assert.equal(code, expected, `${line}\n${stdout}\n${stderr}`);
}

/** `export …` alone would do nothing; zsh's and fish's lines are for other shells, but their scripts are printed. */
function completed(line) {
  if (line.startsWith("export")) return `${line} && ocisign products`;
  const script = line.match(/ocisign completion \w+/)?.[0];
  return script && !script.endsWith("bash") ? `${script} > script` : line;
}

test("help reads the same whichever way it is asked for", async () => {
  for (const path of [[], ["sign"], ["verify"], ["imagesigning"], ["imagesigning", "add"]]) {
    const [byWord, byOption] = [await at.ocisign(["help", ...path]), await at.ocisign([...path, "--help"])];
    assert.equal(byWord.stdout, byOption.stdout);
    assert.equal((await at.ocisign([...path, "-h"])).stdout, byOption.stdout);
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
