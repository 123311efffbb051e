// The client against the real sandbox: the whole flow, every refusal, and what a kill leaves behind.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { sign } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  attachSignature,
  decodeArtifactUri,
  parseReference,
  publicKey,
  SigningClient,
  simpleSigningPayload,
  verifyImage,
  waitAndVerify,
} from "ocisign";
import { pushImage } from "../../demo/image.js";
import { digestOf, Registry } from "../../demo/registry.js";
import { startSandbox } from "../../demo/sandbox.js";
import { prove } from "../support/proof.js";
import {
  clientsOf,
  groupA,
  groupB,
  productFor,
  profileOf,
  program,
  temporaryFolder,
  testSandbox,
} from "../support/sandbox.js";
import { keyPair } from "../support/signatures.js";

const quick = { intervalMs: 20, maxIntervalMs: 100, timeoutMs: 60_000 };
let sandbox;
let as;
let registry;
let product;
let image;

before(async () => {
  sandbox = await testSandbox();
  as = await clientsOf(sandbox);
  registry = new Registry(sandbox.registry);
  product = await as("requester").createProduct(productFor(sandbox));
  image = `${sandbox.registry.domain}/team/app@${await pushImage(registry, "team/app")}`;
});

after(() => sandbox?.close());

async function approvedByBoth(id) {
  for (const role of ["approver-one", "approver-two"]) {
    const approver = as(role);
    await approver.approve(id, { expect: await approver.signing(id) });
  }
}

test("request, two approvals, 16, and a signature that holds", async () => {
  const requester = as("requester");
  const request = await requester.requestSigning({
    productId: product.id,
    artifact: image,
    description: "for the release",
    metadata: [{ name: "Version", value: "v1.0" }],
  });
  assert.equal(request.state, "waiting");
  assert.equal(request.productId, product.id);
  assert.equal(decodeArtifactUri(request.payload.optionalParameters[0].artifactURI), image);
  await assert.rejects(requester.waitForSignature(request.id, { ...quick, timeoutMs: 50 }), {
    code: "timeout",
  });

  const seen = [];
  const done = requester.waitForSignature(request.id, {
    ...quick,
    onStatus: ({ state }) => seen.push(state),
  });
  await approvedByBoth(request.id);
  const signed = await done;
  assert.deepEqual([signed.status, signed.state, signed.final], [16, "signed", true]);
  assert.equal(seen.at(-1), "signed");

  const shown = await requester.product(product.id);
  const key = publicKey(shown, undefined, await profileOf(sandbox));
  await prove(registry, image, key.pem);
  assert.ok((await requester.signings()).some(({ id }) => id === request.id));
  assert.ok((await requester.products()).some(({ id }) => id === product.id));
});

test("openssl verifies the signature's bytes with the PEM of publicKey, for RSA and EC", async () => {
  const { folder, remove } = temporaryFolder("openssl");
  try {
    for (const keyType of ["RSA4096", "RSA3072", "secp256r1", "secp384r1", "secp521r1"]) {
      const made = await as("requester").createProduct(
        productFor(sandbox, { name: keyType, keyType, approvalGroups: [] }),
      );
      const key = publicKey(made, undefined, await profileOf(sandbox));
      assert.equal(key.keyType, keyType);
      const target = `${sandbox.registry.domain}/openssl/${keyType.toLowerCase()}@${await pushImage(registry, `openssl/${keyType.toLowerCase()}`)}`;
      const request = await as("requester").requestSigning({ productId: made.id, artifact: target });
      const end = await as("requester").waitForSignature(request.id, quick);
      assert.equal(end.state, "signed", String(end.reason));
      const { repository, digest } = parseReference(target);
      const manifest = JSON.parse(await registry.manifest(repository, `${digest.replace(":", "-")}.sig`));
      const [layer] = manifest.layers;
      const payload = await registry.blob(repository, layer.digest);
      assert.equal(digestOf(payload), layer.digest);
      const file = (name, bytes) => {
        writeFileSync(join(folder, name), bytes);
        return join(folder, name);
      };
      const signature = Buffer.from(layer.annotations["dev.cosignproject.cosign/signature"], "base64");
      const args = (bytes) => [
        ...["dgst", "-sha256", "-verify", file("key.pem", key.pem)],
        ...["-signature", file("signature", signature), file("payload", bytes)],
      ];
      assert.match(execFileSync("openssl", args(payload), { encoding: "utf8" }), /Verified OK/);
      const changed = Buffer.from(payload.toString().replace("critical", "criticaL"));
      assert.throws(() => execFileSync("openssl", args(changed), { stdio: "pipe" }), { status: 1 });
    }
  } finally {
    remove();
  }
});

test("one call waits and verifies, and says what the registry holds", async () => {
  const made = await as("requester").createProduct(
    productFor(sandbox, { name: "verified", approvalGroups: [] }),
  );
  const request = await as("requester").requestSigning({ productId: made.id, artifact: image });
  const { signing, publicKey: key, verification } = await waitAndVerify(as("requester"), request.id, quick);
  assert.equal(signing.state, "signed");
  assert.equal(verification.state, "verified", verification.reason);
  assert.deepEqual(verification.keys, [key.fingerprint]);

  const rejected = await as("requester").requestSigning({ productId: product.id, artifact: image });
  await as("approver-one").reject(rejected.id, { comment: "no" });
  const nothing = await waitAndVerify(as("requester"), rejected.id, quick);
  assert.deepEqual([nothing.signing.state, nothing.verification], ["rejected", undefined]);
});

test("a signature that was made elsewhere is attached beside those that are there", async () => {
  const target = `${sandbox.registry.domain}/team/attached@${await pushImage(registry, "team/attached")}`;
  const { username, password } = sandbox.registry;
  const access = { registry: { username, password } };
  const made = await as("requester").createProduct(productFor(sandbox, { name: "hsm", approvalGroups: [] }));
  const request = await as("requester").requestSigning({ productId: made.id, artifact: target });
  const { publicKey: first } = await waitAndVerify(as("requester"), request.id, quick);

  const keys = [keyPair("rsa", 4096), keyPair("P-256")];
  for (const [index, key] of keys.entries()) {
    const { text } = simpleSigningPayload(target);
    const signature = sign("sha256", Buffer.from(text), key.privateKey);
    for (const spelling of [signature, signature.toString("base64")]) {
      const attached = await attachSignature(target, { signature: spelling, publicKey: key.pem, ...access });
      assert.equal(attached.signatures, index + 2, "twice is once");
    }
    await prove(registry, target, key.pem);
  }
  const all = { keys: [first, ...keys.map(({ pem }) => pem)], threshold: 3 };
  const verification = await verifyImage(target, all);
  assert.equal(verification.state, "verified", verification.reason);
  const wrong = { signature: Buffer.from("x"), publicKey: keys[0].pem };
  await assert.rejects(attachSignature(target, { ...wrong, ...access }), { code: "bad-signature" });
  const { text } = simpleSigningPayload(target);
  const late = keyPair("P-384");
  const anonymous = { signature: sign("sha256", Buffer.from(text), late.privateKey), publicKey: late.pem };
  await assert.rejects(attachSignature(target, anonymous), { code: "unauthorized" });
});

test("a second signature keeps the first", async () => {
  const target = `${sandbox.registry.domain}/team/twice@${await pushImage(registry, "team/twice")}`;
  const { repository, digest } = parseReference(target);
  const keys = [];
  for (const name of ["first", "second"]) {
    const made = await as("requester").createProduct(productFor(sandbox, { name, approvalGroups: [] }));
    keys.push(publicKey(made, undefined, await profileOf(sandbox)));
    const request = await as("requester").requestSigning({ productId: made.id, artifact: target });
    assert.equal((await as("requester").waitForSignature(request.id, quick)).state, "signed");
  }
  const manifest = JSON.parse(await registry.manifest(repository, `${digest.replace(":", "-")}.sig`));
  assert.equal(manifest.layers.length, 2);
  for (const key of keys) await prove(registry, target, key.pem);
});

test("what is refused, and by whom", async () => {
  const request = () => as("requester").requestSigning({ productId: product.id, artifact: image });
  const { id } = await request();

  await assert.rejects(as("requester").approve(id), { code: "forbidden" }, "self-approval");
  await assert.rejects(as("outsider").approve(id), { code: "forbidden" });
  await assert.rejects(as("outsider").requestSigning({ productId: product.id, artifact: image }), {
    code: "forbidden",
  });
  await as("approver-one").approve(id);
  await assert.rejects(as("approver-one").approve(id), { code: "conflict" }, "twice");
  await assert.rejects(as("approver-two").reject(id, { comment: " " }), { code: "bad-input" });
  const rejected = await as("approver-two").reject(id, { comment: "wrong branch" });
  assert.equal(rejected.state, "rejected");
  await assert.rejects(as("approver-two").approve(id), { code: "conflict" });
  assert.equal(
    (await as("requester").waitForSignature(id, quick)).reason,
    "Rejected by Approver two: wrong branch",
  );

  await assert.rejects(as("requester").signing("no-such-id"), ({ code }) =>
    ["bad-request", "not-found"].includes(code),
  );
  await assert.rejects(as("requester").signing("00000000-0000-4000-8000-000000000000"), {
    code: "not-found",
  });
});

test("the domain rule holds on the server, whatever the client does", async () => {
  const elsewhere = image.replace("127.0.0.1", "127.0.0.1.evil.com");
  await assert.rejects(as("requester").requestSigning({ productId: product.id, artifact: elsewhere }), {
    code: "registry-mismatch",
  });
  const operationId = product.productOperations[0].id;
  const artifactURI = Buffer.from(elsewhere).toString("base64");
  const body = {
    name: "n",
    idProductOperation: operationId,
    description: "",
    payload: { name: "OCI sign request", metadata: [], optionalParameters: [{ artifactURI }] },
    productId: product.id,
  };
  const post = (bytes, headers = {}) =>
    fetch(`${sandbox.base}/imagesignings`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${sandbox.person("requester").token}`,
        "content-type": "application/json",
        ...headers,
      },
      body: bytes,
    });
  const refused = await post(JSON.stringify(body));
  assert.equal(refused.status, 403);
  assert.equal((await refused.json()).code, "registry-mismatch");

  // The reference's own two spellings are taken.
  for (const spelling of [
    Buffer.from(`${image}\n`).toString("base64"),
    Buffer.from(`${image}\n`).toString("base64").replace(/=+$/, ""),
  ]) {
    body.payload.optionalParameters = [{ artifactURI: spelling }];
    assert.equal((await post(JSON.stringify(body))).status, 201);
  }
  for (const bytes of [
    "",
    "{",
    "[]",
    "null",
    '"x"',
    "{}",
    '{"payload":3}',
    JSON.stringify({ ...body, payload: {} }),
  ]) {
    const reply = await post(bytes);
    assert.ok(reply.status >= 400 && reply.status < 500, `${bytes}: ${reply.status}`);
    const error = await reply.json();
    assert.ok(error.code && error.message && error.fix, bytes);
  }
  assert.equal((await post("{}", { authorization: "Bearer nonsense" })).status, 401);
});

test("a push that fails ends in 64 with a reason", async () => {
  const missing = `${sandbox.registry.domain}/team/missing@sha256:${"0".repeat(64)}`;
  const made = await as("requester").createProduct(productFor(sandbox, { name: "auto", approvalGroups: [] }));
  const request = await as("requester").requestSigning({ productId: made.id, artifact: missing });
  const end = await as("requester").waitForSignature(request.id, quick);
  assert.equal(end.status, 64);
  assert.equal(end.state, "failed");
  assert.ok(end.reason);
});

test("blanket groups are approved beforehand", async () => {
  const made = await as("requester").createProduct(
    productFor(sandbox, { name: "blanket", approvalGroups: [groupB], blanketGroups: [groupA] }),
  );
  const request = await as("requester").requestSigning({ productId: made.id, artifact: image });
  assert.equal((await as("requester").waitForSignature(request.id, quick)).state, "signed");
});

test("a second credential for the same registry is refused", async () => {
  const call = (method, body) =>
    fetch(`${sandbox.base}/registrycredentials`, {
      method,
      headers: {
        authorization: `Bearer ${sandbox.person("admin").token}`,
        "content-type": "application/json",
      },
      body: body && JSON.stringify(body),
    });
  const credential = { domain: "registry.example:5000", username: "u", password: "hunter2" };
  assert.equal((await call("POST", credential)).status, 201);
  const second = await call("POST", { ...credential, username: "v" });
  assert.equal(second.status, 409);
  const listed = await (await call("GET")).text();
  assert.ok(listed.includes("registry.example:5000") && !listed.includes("hunter2"));
});

test("a list shows each request with its own approvals and steps, as it is shown alone", async () => {
  const made = await as("requester").createProduct(productFor(sandbox, { name: "listed" }));
  const ids = [];
  for (const name of ["untouched", "approved once", "rejected"]) {
    const { id } = await as("requester").requestSigning({ productId: made.id, artifact: image, name });
    ids.push(id);
  }
  await as("approver-one").approve(ids[1], { comment: "first" });
  await as("approver-two").approve(ids[2], { comment: "second" });
  await as("approver-one").reject(ids[2], { comment: "third" });

  const listed = await as("requester").signings({ productId: made.id });
  assert.deepEqual(listed, await Promise.all(ids.toReversed().map((id) => as("outsider").signing(id))));
  const comments = listed.map(({ approvals }) => approvals.map(({ comment }) => comment));
  assert.deepEqual(comments, [["second"], ["first"], []]);
  const steps = listed.map(({ history }) => history.map(({ status }) => status));
  assert.deepEqual(steps, [
    [1, 2, 32],
    [1, 2],
    [1, 2],
  ]);
  const two = await as("requester").signings({ productId: made.id, limit: 2, offset: 1 });
  assert.deepEqual(two, listed.slice(1));
});

test("killed and started again on the same data, it has lost nothing and finishes its work", async () => {
  const { folder, remove } = temporaryFolder("killed");
  let running = await startSandbox({ program, data: folder });
  try {
    const stopped = running;
    const clients = await clientsOf(running);
    const made = await clients("requester").createProduct(productFor(running));
    const target = `${running.registry.domain}/team/app@${await pushImage(new Registry(running.registry), "team/app")}`;
    const request = await clients("requester").requestSigning({ productId: made.id, artifact: target });
    await clients("approver-one").approve(request.id);
    const before = await clients("requester").signing(request.id);
    const tokens = running.people.map(({ token }) => token);
    await running.stop("SIGKILL");

    running = await startSandbox({
      program,
      data: folder,
      listen: new URL(stopped.base).host,
      registryListen: stopped.registry.domain,
    });
    const profile = await profileOf(running);
    const again = (token) => new SigningClient({ baseUrl: running.base, profile, token });
    // Tokens that were given out before hold on, too.
    assert.deepEqual(await again(tokens[0]).signing(request.id), before);
    assert.deepEqual(await again(tokens[0]).product(made.id), made);
    await again(running.person("approver-two").token).approve(request.id);
    const end = await again(tokens[0]).waitForSignature(request.id, quick);
    assert.equal(end.state, "signed", String(end.reason));
    await prove(new Registry(running.registry), target, publicKey(made, undefined, profile).pem);
  } finally {
    await running.stop();
    remove();
  }
});
