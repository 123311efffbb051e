// What docker and podman keep, used by commands: which registry gets which sign-in, what is told, and what never is.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { digestOf } from "../../demo/registry.js";
import { documentOf, shellIn } from "../support/cli.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { auth } from "../support/kept-sign-ins.js";
import { keyPair, manifestOf, payloadFor, simpleLayer } from "../support/signatures.js";

const key = keyPair("P-256");
const secret = "Pa55word-that-nobody-sees";
const basicOf = (/** @type {string} */ user) => `Basic ${auth(user, secret).auth}`;

/** @typedef {Awaited<ReturnType<typeof fakeRegistry>>} Held */
/** Two registries, each of which another user opens. @type {Held} */
let one;
/** @type {Held} */
let two;
/** @type {ReturnType<typeof shellIn>} */
let shell;
/** @type {string} */
let pem;

before(async () => {
  one = await fakeRegistry({ authorization: basicOf("one") });
  two = await fakeRegistry({ authorization: basicOf("two") });
  shell = shellIn("sign-in");
  mkdirSync(join(shell.folder, ".docker"));
  pem = shell.file("key.pem", key.pem);
});
after(() => {
  one?.close();
  two?.close();
  shell?.remove();
});
beforeEach(() => {
  keep({ [one.domain]: auth("one", secret), [two.domain]: auth("two", secret) });
});

/** @param {object} auths @param {object} [more] */
const keep = (auths, more = {}) => shell.file(".docker/config.json", JSON.stringify({ auths, ...more }));

/** A signed image. @param {Held} registry @param {string} text @param {Held} [at] where its signature is */
function image(registry, text, at = registry, repository = "team/app") {
  const digest = registry.manifest(
    "team/app",
    manifestOf({ digest: text, size: 1, mediaType: "text/plain" }),
    text,
  );
  const name = `${registry.domain}/team/app`;
  const payload = Buffer.from(JSON.stringify(payloadFor({ repository: name, digest })));
  at.blob(repository, payload);
  at.manifest(
    repository,
    manifestOf(simpleLayer(key.privateKey, payload)),
    `${digest.replace(":", "-")}.sig`,
  );
  return `${name}@${digest}`;
}

/** @param {string[]} args @param {object} [options] */
async function verify(args, options) {
  const done = await shell.ocisign(["verify", "--key", pem, ...args], options);
  const said = `${done.stdout}${done.stderr}`;
  for (const hidden of [secret, auth("one", secret).auth, auth("two", secret).auth]) {
    assert.ok(!said.includes(hidden), said);
  }
  return { ...done, said };
}

test("after docker login, an image is verified, and it is told where the sign-in came from", async () => {
  const done = await verify([image(one, "plain")]);
  assert.equal(done.code, 0, done.said);
  assert.match(done.stderr, /^127\.0\.0\.1:\d+: signing in with what \S+\/\.docker\/config\.json keeps$/m);
  assert.doesNotMatch(done.said, /\bone\b/, "nor the user");
});

test("a tag is resolved, and images compared, with the sign-in of each registry", async () => {
  const config = Buffer.from("{}");
  const described = {
    mediaType: "application/vnd.oci.image.config.v1+json",
    digest: digestOf(config),
    size: 2,
  };
  const [reference, other] = [one, two].map((registry) => {
    registry.blob("team/app", config);
    const annotations = { "org.example.of": registry.domain };
    const bytes = Buffer.from(
      JSON.stringify({ schemaVersion: 2, config: described, layers: [], annotations }),
    );
    return `${registry.domain}/team/app@${registry.manifest("team/app", bytes, "tagged")}`;
  });
  const tagged = await verify([`${one.domain}/team/app:tagged`]);
  assert.equal(tagged.code, 5, tagged.said);
  assert.match(tagged.stdout, /^unsigned/);
  const done = await shell.ocisign(["diff", `${reference}`, `${other}`, "--json"]);
  assert.doesNotMatch(done.stderr, /unauthorized|login/, done.stderr);
  assert.ok([6, 7].includes(done.code ?? -1), done.stderr);
});

test("a list of two registries: each gets its own, and neither the other's", async () => {
  const list = [image(one, "listed"), image(two, "listed")].join("\n");
  const done = await verify(["--from-file", "-"], { input: list });
  assert.equal(done.code, 0, done.said);
  for (const [registry, user] of /** @type {[Held, string][]} */ ([
    [one, "one"],
    [two, "two"],
  ])) {
    const sent = new Set(registry.requests.map(({ headers }) => headers.authorization));
    assert.deepEqual([...sent].sort(), [basicOf(user), undefined].sort());
  }
});

test("signatures in another registry, and in another part of the same, are read with theirs", async () => {
  const elsewhere = await verify([image(one, "elsewhere", two), "--signatures-in", `${two.domain}/team/app`]);
  assert.equal(elsewhere.code, 0, elsewhere.said);
  keep({
    [`${one.domain}/team`]: auth("wrong", secret),
    [`${one.domain}/team/app`]: auth("one", secret),
    [`${one.domain}/sigs`]: auth("one", secret),
  });
  const part = await verify([image(one, "part", one, "sigs/app"), "--signatures-in", "sigs/app"]);
  assert.equal(part.code, 0, part.said);
});

test("a flag and the environment go before files", async () => {
  keep({ [one.domain]: auth("wrong", "x-wrong-x") });
  const reference = image(one, "given");
  const environment = { OCISIGN_REGISTRY_USERNAME: "one", OCISIGN_REGISTRY_PASSWORD: secret };
  const done = await verify([reference], { env: environment });
  assert.equal(done.code, 0, done.said);
  assert.doesNotMatch(done.stderr, /signing in with what/);
  const password = shell.file("password", secret);
  const flags = ["--registry-username", "one", "--registry-password-file", password];
  const env = { OCISIGN_REGISTRY_USERNAME: "wrong", OCISIGN_REGISTRY_PASSWORD: "x-wrong-x" };
  assert.equal((await verify([reference, ...flags], { env })).code, 0);
});

test("--no-docker-config leaves them alone, however it is said, and even if they are broken", async () => {
  const reference = image(one, "alone");
  shell.file(".docker/config.json", "{");
  for (const [args, env] of /** @type {[string[], object][]} */ ([
    [["--no-docker-config"], {}],
    [[], { OCISIGN_DOCKER_CONFIG: "no" }],
    [["--config", shell.file("config.json", '{"dockerConfig": "no"}')], {}],
  ])) {
    const done = await verify([reference, ...args], { env });
    assert.equal(done.code, 1, done.said);
    assert.match(done.said, /HTTP 401: the registry requires a login/);
    assert.match(
      done.said,
      new RegExp(`Sign in with \`docker login ${one.domain}\`\\. Or give --registry-username`),
    );
  }
  const broken = await verify([reference]);
  assert.equal(broken.code, 1);
  assert.match(
    broken.stderr,
    /config\.json:1:2: this is not JSON.*\n.*--no-docker-config leaves such sign-ins alone/,
  );
  const unclear = await verify([reference], { env: { OCISIGN_DOCKER_CONFIG: "maybe" } });
  assert.equal(unclear.code, 2, unclear.said);
  assert.match(unclear.stderr, /OCISIGN_DOCKER_CONFIG is neither yes nor no/);
});

test("a refused sign-in: advice names the file, and the way to a new one", async () => {
  keep({ [one.domain]: auth("wrong", secret) });
  const done = await verify([image(one, "refused")]);
  assert.equal(done.code, 1);
  assert.match(done.stdout, /^unreachable/m);
  const advice = `Sign in again, as with \`docker login ${one.domain}\`: what ${shell.folder}/.docker/config.json keeps was refused.`;
  assert.ok(done.said.includes(advice), done.said);
});

test("a helper that prints secrets in place of a sign-in: nothing of it is told, and nothing verified", async () => {
  mkdirSync(join(shell.folder, "bin"), { recursive: true });
  const program = shell.file(
    "bin/docker-credential-loud",
    `#!/bin/sh\necho ${secret}; echo ${secret} >&2; exit 1\n`,
  );
  chmodSync(program, 0o755);
  keep({}, { credsStore: "loud" });
  const done = await verify([image(one, "loud"), "--json"]);
  assert.equal(done.code, 1);
  assert.match(documentOf(done).error.message, /docker-credential-loud ended with code 1\.$/);
  assert.doesNotMatch(done.said, /verified/);
});

test("a helper as Amazon's, with a password that has expired: told as such, and how to get a new one", async () => {
  const ecr = await fakeRegistry();
  try {
    const reference = image(ecr, "expired");
    const helper = { ServerURL: ecr.domain, Username: "AWS", Secret: secret };
    shell.file(
      "bin/docker-credential-ecr-login",
      `#!/bin/sh\ncat << 'END'\n${JSON.stringify(helper)}\nEND\n`,
      0o755,
    );
    keep({}, { credHelpers: { [ecr.domain]: "ecr-login" } });
    const message = "Your authorization token has expired. Reauthenticate and try again.";
    ecr.answerAll("GET", ({ headers }, reply) =>
      headers.authorization === undefined
        ? reply.writeHead(401, { "www-authenticate": 'Basic realm="ecr"' }).end()
        : reply
            .writeHead(headers.authorization === basicOf("AWS") ? 403 : 500, {
              "content-type": "application/json",
            })
            .end(JSON.stringify({ errors: [{ code: "DENIED", message }] })),
    );
    const done = await verify([reference]);
    assert.equal(done.code, 1, done.said);
    assert.match(
      done.stdout,
      /HTTP 403 \(DENIED\): the password or token has expired\. It says: Your authorization/,
    );
    assert.match(
      done.stdout,
      /what docker-credential-ecr-login \(\S+\) keeps was refused\. For Amazon ECR: `aws ecr get-login-password \| docker login --username AWS --password-stdin 127/,
    );
  } finally {
    ecr.close();
  }
});
