// Every command against the sandbox, and every exit code.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, test } from "node:test";
import { decodeStatus, publicKey } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { cliSandbox, documentOf } from "../support/cli.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { productFor, profileOf } from "../support/sandbox.js";
import { keyPair } from "../support/signatures.js";

let at;
let keyFile;
before(async () => {
  at = await cliSandbox("commands");
  const key = publicKey(at.automatic, undefined, await profileOf(at.sandbox));
  keyFile = at.file("automatic.pem", key.pem);
});
after(() => at?.close());

const asked = () => at.as("requester").requestSigning({ productId: at.product.id, artifact: at.image });

test("0: requested, and the id is the first thing on standard output", async () => {
  const { code, stdout, stderr } = await at.ocisign([
    ...["sign", at.image, "--product", at.product.id, "--name", "n", "--description", "why"],
    ...["--metadata", "Version=v1.0", "--metadata", "a=b=c"],
  ]);
  assert.equal(code, 0, stderr);
  const [, id] = stdout.match(/^request +(\S+)\n/) ?? assert.fail(stdout);
  const request = await at.as("requester").signing(id);
  assert.equal(request.description, "why");
  assert.equal(request.name, "n");
  assert.deepEqual(request.payload.metadata, [
    { name: "Version", value: "v1.0" },
    { name: "a", value: "b=c" },
  ]);
});

test("0: a product by its name, signed, waited for and proved", async () => {
  const { code, stdout, stderr } = await at.ocisign([
    "sign",
    at.image,
    "-P",
    "automatic",
    "--verify",
    "--json",
  ]);
  assert.equal(code, 0, stderr);
  const { state, verification } = documentOf({ stdout });
  assert.deepEqual([state, verification.state], ["signed", "verified"]);
});

test("3: still waiting when the time is over, with the words to go on", async () => {
  const { code, stdout, stderr } = await at.ocisign([
    ...["sign", at.image, "-P", at.product.id, "--wait", "--timeout", "200ms"],
  ]);
  assert.equal(code, 3, stderr);
  const [, id] = stdout.match(/^request +(\S+)/m) ?? assert.fail(stdout);
  assert.match(stderr, new RegExp(`ocisign status ${id} --wait`));
  assert.equal((await at.ocisign(["status", id])).code, 3);
});

test("4: rejected, for who waits and for who looks", async () => {
  const { id } = await asked();
  const waiting = at.start(["status", id, "--wait"]);
  await waiting.says(/waiting for approval/, "stderr");
  const rejected = await at.ocisign(["reject", id, "--comment", "no"], {
    env: { OCISIGN_TOKEN: at.token("approver-one") },
  });
  assert.equal(rejected.code, 0, rejected.stderr);
  const { code, stdout } = await waiting.ended;
  assert.equal(code, 4);
  assert.match(stdout, /^state +rejected \(status 32\)$/m);
  assert.match(stdout, /^reason .*no$/m);
});

test("5: unsigned and wrongly signed; 1: what could not be read is neither", async () => {
  const unsigned = `${at.sandbox.registry.domain}/team/unsigned@${await pushImage(at.registry, "team/unsigned")}`;
  await at.ocisign(["sign", at.image, "-P", "automatic", "--wait"]);
  const verify = async (...args) => {
    const outcome = await at.ocisign(["verify", ...args, "--json"]);
    return [documentOf(outcome).state, outcome.code];
  };
  assert.deepEqual(await verify(at.image, "--key", keyFile), ["verified", 0]);
  assert.deepEqual(await verify(at.image, "--product", "automatic"), ["verified", 0]);
  assert.deepEqual(await verify(unsigned, "--key", keyFile), ["unsigned", 5]);
  const other = at.file("other.pem", keyPair("P-256").pem);
  assert.deepEqual(await verify(at.image, "--key", other), ["invalid", 5]);
  assert.deepEqual(await verify(at.image, "--key", other, "--key", keyFile), ["verified", 0]);
  const both = ["--key", other, "--key", keyFile, "--threshold", "2"];
  assert.deepEqual(await verify(at.image, ...both), ["invalid", 5]);
  const gone = at.image.replace("team/app", "team/gone");
  assert.deepEqual(await verify(gone, "--key", keyFile), ["unreachable", 1]);
  assert.deepEqual(await verify(at.image, "--key", keyFile, "--recursive", "--require-repository"), [
    "verified",
    0,
  ]);
});

test("verify with a key asks no service and needs no token", async () => {
  await at.ocisign(["sign", at.image, "-P", "automatic", "--wait"]);
  const nothing = { OCISIGN_URL: "", OCISIGN_TOKEN: "", OCISIGN_PROFILE: "" };
  const verified = await at.ocisign(["verify", at.image, "--key", keyFile], { env: nothing });
  assert.equal(verified.code, 0, verified.stderr);
  assert.match(verified.stdout, /^verified {2}127/);
  const key = await at.ocisign(["key", "--product", "automatic"]);
  const piped = await at.ocisign(["verify", at.image, "--key", "-"], { env: nothing, input: key.stdout });
  assert.equal(piped.code, 0, piped.stderr);
});

test("a registry's password comes from the environment or a file, and is never shown", async () => {
  const registry = await fakeRegistry();
  try {
    registry.answerAll("GET", (request, response) => {
      const [user, password] = Buffer.from(request.headers.authorization?.split(" ")[1] ?? "", "base64")
        .toString()
        .split(":");
      if (user === "ci" && password === "s3cret-pass")
        return response
          .writeHead(404, { "content-type": "application/json" })
          .end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
      response.writeHead(401, { "www-authenticate": 'Basic realm="r"' }).end();
    });
    const image = at.image.replace(at.sandbox.registry.domain, registry.domain);
    const verify = (env, ...args) => at.ocisign(["verify", image, "--key", keyFile, ...args], { env });
    const file = at.file("password", "s3cret-pass\n");
    for (const outcome of [
      await verify({ OCISIGN_REGISTRY_USERNAME: "ci", OCISIGN_REGISTRY_PASSWORD: "s3cret-pass" }),
      await verify({}, "--registry-username", "ci", "--registry-password-file", file),
    ]) {
      assert.equal(outcome.code, 1);
      assert.match(outcome.stdout, /does not hold the image/);
      assert.ok(!`${outcome.stdout}${outcome.stderr}`.includes("s3cret-pass"));
    }
    const lonely = await verify({}, "--registry-username", "ci");
    assert.equal(lonely.code, 2);
    assert.match(lonely.stderr, /OCISIGN_REGISTRY_PASSWORD/);
  } finally {
    registry.close();
  }
});

test("products, one product, its key; a name must be known, and be one's own", async () => {
  const list = await at.ocisign(["products"]);
  const row = [at.product.id, "OCI SIGN", at.sandbox.registry.domain, "RSA2048", "yes"];
  assert.ok(list.stdout.split("\n").includes(row.join("\t")), list.stdout);
  const one = await at.ocisign(["products", "automatic", "--json"]);
  assert.equal(documentOf(one).id, at.automatic.id);
  const key = await at.ocisign(["key", "-P", at.automatic.id, "--json"]);
  assert.match(documentOf(key).fingerprint, /^sha256:[0-9a-f]{64}$/);
  const typo = await at.ocisign(["key", "-P", "automtaic"]);
  assert.equal(typo.code, 1);
  assert.match(typo.stderr, /Did you mean "automatic"\?/);
  await at.as("requester").createProduct(productFor(at.sandbox, { name: "twice" }));
  await at.as("requester").createProduct(productFor(at.sandbox, { name: "twice" }));
  const twice = await at.ocisign(["key", "-P", "twice"]);
  assert.equal(twice.code, 1);
  assert.match(twice.stderr, /2 products are named "twice"[\s\S]*[0-9a-f-]{36}, [0-9a-f-]{36}/);
});

test("signings: all, by state, by product, by number", async () => {
  const { id } = await asked();
  const list = async (...args) => documentOf(await at.ocisign(["signings", "--json", ...args]));
  assert.ok((await list()).some((signing) => signing.id === id));
  const waiting = await list("--state", "waiting");
  assert.ok(waiting.some((signing) => signing.id === id));
  assert.ok(waiting.every(({ state }) => state === "waiting"));
  assert.equal((await list("--state", "waiting", "--limit", "1")).length, 1);
  const own = await list("--product", "automatic");
  assert.ok(own.every(({ productId }) => productId === at.automatic.id));
  assert.ok((await list("--status", "2")).every(({ code }) => code === 2));
  const text = await at.ocisign(["signings"]);
  assert.match(text.stdout, new RegExp(`^${id}\\twaiting\\t${at.image}\\t`, "m"));
});

test("without a profile a status is unknown, and a wait for 16 works all the same", async () => {
  const end = await at.ocisign(["sign", at.image, "-P", "automatic", "--wait"], {
    env: { OCISIGN_PROFILE: "" },
  });
  assert.equal(end.code, 0, end.stderr);
  assert.match(end.stdout, /signed \(status 16\)/);
  assert.equal(decodeStatus(2).state, "unknown");
  const profile = at.file("profile.json", JSON.stringify({ statuses: { 2: "waiting" } }));
  const { id } = await asked();
  const shown = await at.ocisign(["status", id, "--profile", profile]);
  assert.match(shown.stdout, /waiting for approval \(status 2\)/);
  const broken = at.file("broken.json", '{\n  "statuses": { "2": "done" }\n}');
  const refused = await at.ocisign(["status", id, "--profile", broken]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /--profile: .*statuses/);
});

test("an image of another registry is refused before anything is sent", async () => {
  const before = (await at.as("requester").signings()).length;
  const elsewhere = `registry.example/app@${at.digest}`;
  const refused = await at.ocisign(["sign", elsewhere, "-P", "automatic"]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /registry\.example/);
  assert.equal((await at.as("requester").signings()).length, before);
});

test("a key that is unusual is accepted with a warning", async () => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 3 });
  const file = at.file("three.pem", String(publicKey.export({ type: "spki", format: "pem" })));
  const person = await at.ocisign(["verify", at.image, "--key", file]);
  assert.match(person.stdout, /^ {2}warning: sha256:[0-9a-f]{64}: .* not 65537/m);
  const { warnings } = documentOf(await at.ocisign(["verify", at.image, "--key", file, "--json"]));
  assert.equal(warnings.length, 1);
});
