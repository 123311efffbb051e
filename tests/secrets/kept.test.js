// What the command line keeps, and what it is given for TLS: sign-ins, journals and reports of lists, exported policies, and
// the passphrase of a client's key. Nothing of it tells a secret, in any form, but the file of a sign-in itself.
import assert from "node:assert/strict";
import { createHash, createPrivateKey } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { makeCertificates } from "../support/certificates.js";
import { shellIn } from "../support/cli.js";
import { echoingServer, ways } from "../support/echoing-server.js";
import { productOf } from "../support/fake-service.js";
import { sized } from "../support/large.js";
import { allPlanted, leaksIn, linesOf, planted, plantedKey } from "../support/planted.js";
import { keyPair } from "../support/signatures.js";
import { filesBelow } from "../support/signing-in.js";
import { trustFile } from "../support/trust.js";

const digest = `sha256:${"3f".repeat(32)}`;
const { pem } = keyPair("P-256");

/** The service is good at first: a list comes as far as its requests. */
let isGood = false;
/** @type {Awaited<ReturnType<typeof echoingServer>>} */
let server;
/** @type {ReturnType<typeof shellIn>} */
let shell;
before(async () => {
  server = await echoingServer({ otherwise: goodAnswer });
  shell = shellIn("kept", { OCISIGN_DEBUG: "1", OCISIGN_CALL_TIMEOUT: "2s", OCISIGN_KEYCHAIN: "no" });
});
after(() => {
  server?.close();
  shell?.remove();
});

/** @param {import("node:http").IncomingMessage} request */
function goodAnswer({ method, url = "" }) {
  if (url.includes("/.well-known/")) return { status: 200, body: JSON.stringify(issuerOf()) };
  if (!isGood || method !== "GET") return undefined;
  const body = url.includes("/products/") ? product() : url.includes("/products") ? [product()] : [];
  return url.includes("/v2/") ? undefined : { status: 200, body: JSON.stringify(body) };
}

const host = () => `127.0.0.1:${server.port}`;
const product = () => productOf(host());
const service = () => `${server.origin}/acme/api/v1`;
const issuerOf = () => ({
  issuer: server.origin,
  authorization_endpoint: `${server.origin}/authorize`,
  token_endpoint: `${server.origin}/token`,
  revocation_endpoint: `${server.origin}/revoke`,
  device_authorization_endpoint: `${server.origin}/device`,
  code_challenge_methods_supported: ["S256"],
});

/**
 * Looks through all that is left of a run.
 *
 * @param {string} what @param {{ stdout: string, stderr: string }} said @param {RegExp} [given] files with secrets by the
 *   person's own will @param {Record<string, string>} [secrets]
 */
function checkAll(what, { stdout, stderr }, given = /^$/, secrets = allPlanted) {
  assert.deepEqual(leaksIn(`${stdout}\n${stderr}`, secrets), [], `${what}: ${stdout}\n${stderr}`);
  for (const { path, text } of filesBelow(shell.folder)) {
    if (!given.test(path)) assert.deepEqual(leaksIn(text, secrets), [], `${what}: ${path}: ${text}`);
  }
}

test("journals and reports of lists tell no secret, whatever a service says and a line holds", async () => {
  const list = (/** @type {string[]} */ ...more) =>
    shell.file(
      "images.txt",
      [1, 2, 3]
        .map((n) => `${host()}/team/app-${n}@${digest}`)
        .concat(more)
        .join("\n"),
    );
  const signing = ["sign", "--from-file", "images.txt", "-P", "p", "--keep-going", "--patience", "1s"];
  const kept = ["--settle", "100ms", "--report", "r.jsonl", "--report", "r.csv", "--report", "r.xml"];
  const runs = {
    sign: [...signing, ...kept, "--journal", "run.journal"],
    "sign and wait": [...signing, ...kept, "--journal", "run.journal", "--wait", "--timeout", "1s"],
    verify: ["verify", "--from-file", "images.txt", "--keep-going", "--key", "key.pem", ...kept.slice(2)],
  };
  shell.file("key.pem", pem);
  const some = Object.keys(ways).filter((_, at) => at % sized(6, 1) === 0);
  let journals = 0;
  for (const [turn, way] of some.entries()) {
    for (const [name, args] of Object.entries(runs)) {
      isGood = name !== "verify";
      server.answerBy(way, (turn % 7) / 7);
      // A secret that stands in a line by mistake is known, since it is given, too.
      list(turn % 2 ? `${planted.token} ` : "", turn % 3 ? "" : `${host()}/x@${planted.registryPassword}`);
      const env = {
        OCISIGN_URL: service(),
        OCISIGN_TOKEN: planted.token,
        OCISIGN_REGISTRY_URL: server.origin,
        OCISIGN_REGISTRY_USERNAME: planted.registryUser,
        OCISIGN_REGISTRY_PASSWORD: planted.registryPassword,
      };
      const done = await shell.ocisign([...args, ...(turn % 2 ? [] : ["--json"])], { env });
      assert.notEqual(done.code, "SIGKILL", way);
      checkAll(`${name}, ${way}`, done, /images\.txt$/);
      const journal = filesBelow(shell.folder).find(({ path }) => path.endsWith("run.journal"));
      if (journal?.text.includes('"error"')) journals += 1;
      for (const { path } of filesBelow(shell.folder)) if (/\brun\.journal|\br\./.test(path)) rmSync(path);
    }
  }
  isGood = false;
  rmSync(join(shell.folder, "images.txt"));
  assert.ok(journals > 0, "a journal was left that tells of a failure");
});

/** Where a sign-in is kept. */
const keptIn = () => {
  const named = [service(), `${server.origin}/`].map((text) =>
    createHash("sha256").update(text).digest("hex").slice(0, 16),
  );
  return join(shell.folder, ".local", "state", "ocisign", "login", `${named.join("-")}.json`);
};

/** Keeps a sign-in as `ocisign login` does. @param {object} [more] fields of the file @param {object} [secrets] */
function keep(more, secrets) {
  mkdirSync(join(keptIn(), ".."), { recursive: true, mode: 0o700 });
  const file = {
    token: planted.token,
    accessToken: planted.secondToken,
    refreshToken: planted.refreshToken,
    idToken: planted.clientSecret,
    ...secrets,
  };
  const about = { service: service(), issuer: `${server.origin}/`, clientId: "ocisign", scope: "openid" };
  const kept = { ocisignLogin: 1, ...about, kind: "access_token", signedInAt: "2026-01-01T00:00:00Z", file };
  shell.file(keptIn().slice(shell.folder.length + 1), JSON.stringify({ ...kept, ...more }));
}

const signedIn = () => ({
  OCISIGN_URL: service(),
  OCISIGN_OIDC_ISSUER: server.origin,
  OCISIGN_OIDC_CLIENT_ID: "o",
});
/** What uses a sign-in, renews it, and ends it. @type {Record<string, string[]>} */
const users = {
  products: ["products"],
  whoami: ["whoami"],
  doctor: ["doctor"],
  watch: ["watch", "--once", "--since", "2h"],
  logout: ["logout"],
};

test("a sign-in that is kept is told nowhere: used, renewed, refused and ended", async () => {
  const past = { expiresAt: "2020-01-01T00:00:00Z" };
  const some = Object.keys(ways).filter((_, at) => at % sized(6, 1) === 0);
  let sent = "";
  for (const [turn, way] of some.entries()) {
    for (const [name, args] of Object.entries(users)) {
      server.answerBy(way, (turn % 7) / 7);
      keep({}, turn % 2 ? past : {});
      const done = await shell.ocisign([...args, ...(turn % 3 ? [] : ["--json"])], { env: signedIn() });
      checkAll(`${name}, ${way}`, done, /\/login\/[0-9a-f-]+\.json$/);
      for (const { url, headers, body } of server.asked) {
        sent += `${headers.authorization} ${new URLSearchParams(body)}\n`;
        if (!/redirect|challenge|as the id|other things/.test(way)) assert.deepEqual(leaksIn(url), [], url);
      }
      const file = filesBelow(shell.folder).find(({ path }) => path === keptIn());
      assert.ok(!file || file.mode === 0o600, `${name}, ${way}: ${file?.mode.toString(8)}`);
    }
  }
  for (const secret of [planted.token, planted.refreshToken]) {
    assert.ok(
      sent.includes(secret) || sent.includes(String(new URLSearchParams({ a: secret })).slice(2)),
      secret,
    );
  }
});

test("a sign-in that is damaged, or that others can reach, is refused without a word of it", async () => {
  const path = keptIn();
  const folder = join(path, "..");
  /** @type {Record<string, () => void>} */
  const damages = {
    "cut off": () => shell.file(path.slice(shell.folder.length + 1), readFileSync(path, "utf8").slice(0, -9)),
    "of another form": () => keep({ file: [planted.token] }),
    "a token that is no text": () => keep({}, { token: { value: planted.token } }),
    "a token with a line break": () => keep({}, { token: `${planted.token}\nX: ${planted.secondToken}` }),
    "for another service": () => keep({ service: "https://other.example" }),
    "a file that others read": () => chmodSync(path, 0o644),
    "a folder that others write": () => chmodSync(folder, 0o777),
    "a link": () => {
      renameSync(path, join(shell.folder, "elsewhere.json"));
      symlinkSync(join(shell.folder, "elsewhere.json"), path);
    },
  };
  for (const [what, damage] of Object.entries(damages)) {
    for (const args of Object.values(users)) {
      server.answerBy("400, and the words hold it", 0);
      rmSync(folder, { recursive: true, force: true });
      keep();
      damage();
      const done = await shell.ocisign(args, { env: signedIn() });
      checkAll(`${what}, ${args}`, done, /\/login\/[0-9a-f-]+\.json$|elsewhere\.json$/);
      if (what !== "a token with a line break" && what !== "for another service")
        assert.notEqual(done.code, 0, what);
      const said = server.asked.map(({ headers }) => headers.authorization ?? "").join();
      assert.deepEqual(leaksIn(said), [], `${what}: nothing is sent`);
    }
  }
  rmSync(folder, { recursive: true, force: true });
  rmSync(join(shell.folder, "elsewhere.json"));
});

test("a private key in the place of a public one is told in no message and in no policy", async () => {
  const secrets = Object.fromEntries(linesOf(plantedKey).map((line, at) => [`line ${at + 1}`, line]));
  const signed = { current: { publicKey: pem } };
  const files = {
    "a key of a rule": { ...signed, current: { publicKey: plantedKey } },
    "a key behind a good one": { current: { publicKey: pem + plantedKey } },
    "another key": { ...signed, next: { publicKey: plantedKey.replaceAll("\n", "") } },
    "base64 alone": { ...signed, next: { publicKey: linesOf(plantedKey).join("") } },
    "a field that is none": { current: { publicKey: pem, privateKey: plantedKey } },
    "a reason": { current: { publicKey: pem, revoked: { reason: plantedKey } } },
    "a time": { current: { publicKey: pem, validUntil: plantedKey } },
  };
  const env = { OCISIGN_TOKEN: planted.token, OCISIGN_REGISTRY_USERNAME: "", OCISIGN_REGISTRY_PASSWORD: "" };
  const image = `registry.example/team/app@${digest}`;
  for (const [what, keys] of Object.entries({ "good keys": signed, ...files })) {
    const path = shell.file("trust.json", JSON.stringify(trustFile({ keys })));
    for (const args of [
      ...["kyverno", "policy-controller", "containers", "ratify"].map((to) => {
        return ["trust", "export", path, "--to", to, "--output", "exported"];
      }),
      ["trust", "check", path],
      ["verify", image, "--trust", path, "--call-timeout", "1ms"],
    ]) {
      const done = await shell.ocisign(args, { env });
      checkAll(`${what}, ${args}`, done, /trust\.json$/, { ...secrets, token: planted.token });
      if (args[0] === "trust") {
        const isFine = what === "good keys" || what === "a key behind a good one";
        assert.equal(done.code === 0, isFine, `${what}, ${args}: ${done.stderr}`);
      }
    }
    rmSync(join(shell.folder, "exported"), { recursive: true, force: true });
  }
});

test("the passphrase of a client's key is told nowhere: right, wrong, and with a server that refuses it", async () => {
  makeCertificates(shell.folder);
  const read = (/** @type {string} */ name) => readFileSync(join(shell.folder, name));
  const client = createPrivateKey(read("client.key"));
  const locked = { cipher: "aes-256-cbc", passphrase: planted.passphrase };
  shell.file("locked.pem", client.export({ type: "pkcs8", format: "pem", ...locked }));
  shell.file("locked.der", client.export({ type: "pkcs8", format: "der", ...locked }));
  shell.file("sec1.pem", client.export({ type: "sec1", format: "pem", ...locked }));
  shell.file(
    "other.pem",
    createPrivateKey(read("server.key")).export({ type: "pkcs8", format: "pem", ...locked }),
  );
  const tls = await echoingServer({
    tls: { key: read("server.key"), cert: read("server.pem"), ca: read("ca.pem") },
  });
  const { passphrase, otherPassword, token } = planted;
  // The one number of it, in PEM: what stands around is in its certificate, too.
  const key = linesOf(String(read("client.key")))
    .join("")
    .slice(48, 90);
  const number = String(client.export({ format: "jwk" }).d);
  const secrets = { passphrase, otherPassword, token, key, number };
  /** @type {Record<string, { file?: string, opens?: string, cacert?: string }>} */
  const cases = {
    right: {},
    "right, in DER": { file: "locked.der" },
    "right, in SEC 1": { file: "sec1.pem" },
    "with a blank": { opens: `${passphrase} ` },
    wrong: { opens: otherPassword },
    "of another certificate's key": { file: "other.pem" },
    "a server that is not trusted": { cacert: "client.pem" },
    "a key that is none": { file: "server.pem" },
    "the passphrase in the place of the file": { file: passphrase },
  };
  try {
    for (const [
      turn,
      [what, { file = "locked.pem", opens = passphrase, cacert = "ca.pem" }],
    ] of Object.entries(cases).entries()) {
      for (const args of [["products"], ["whoami", "--json"], ["signings"]]) {
        tls.answerBy(Object.keys(ways)[turn] ?? "", turn / 9);
        const env = {
          ...{
            OCISIGN_URL: `${tls.origin}/acme/api/v1`,
            OCISIGN_TOKEN: planted.token,
            OCISIGN_CACERT: cacert,
          },
          ...{ OCISIGN_CERT: "client.pem", OCISIGN_TLS_KEY: file },
          OCISIGN_TLS_PASSPHRASE: opens,
        };
        const done = await shell.ocisign(args, { env });
        checkAll(`${what}, ${args}`, done, /\/(client|server|ca)\.key$/, secrets);
      }
    }
  } finally {
    tls.close();
  }
});
