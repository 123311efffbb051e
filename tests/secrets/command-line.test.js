// Every command with every secret that it can be given, while it goes well and while everything fails: nothing that it says,
// writes, asks for or starts tells a secret, in any form. It is run as people run it, with OCISIGN_DEBUG.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { shellIn } from "../support/cli.js";
import { echoingServer, ways } from "../support/echoing-server.js";
import { sized } from "../support/large.js";
import { leaksIn, planted, plantedBasic, plantedKey } from "../support/planted.js";
import { keyPair } from "../support/signatures.js";
import { filesBelow } from "../support/signing-in.js";

const digest = `sha256:${"3f".repeat(32)}`;
const id = "a83081a6-1d3b-4117-a81b-0ebcfcf0669c";
const { pem } = keyPair("P-256");

const shell = shellIn("planted", { OCISIGN_DEBUG: "1", OCISIGN_CALL_TIMEOUT: "2s" });
/** @type {Awaited<ReturnType<typeof echoingServer>>} */
let server;
before(async () => {
  server = await echoingServer();
});
after(() => {
  server.close();
  shell.remove();
});

const key = shell.file("key.pem", pem);
const signature = shell.file("signature", Buffer.alloc(64, 7).toString("base64"));
const trust = shell.file("trust.json", "{}");
shell.file("token.txt", `${planted.token}\n`);
shell.file("password.txt", `${planted.registryPassword}\n`);
const clientKey = shell.file("client.pem", plantedKey);
const ids = shell.file("ids.txt", `${id}\n`);

/** What each command is called with. @type {(image: string) => Record<string, string[]>} */
const commands = (image) => ({
  accepts: ["accepts", image, "--key", key],
  approve: ["approve", id, "--yes"],
  "approve several": ["approve", "--from-file", ids, "--confirm", "1 x", "--report", "approved.csv"],
  reject: ["reject", id, "--comment", "no"],
  withdraw: ["withdraw", id, "--yes"],
  attach: ["attach", image, "--signature", signature, "--key", key],
  bundle: ["bundle", image, "--key", key, "--output", "proof.json"],
  copy: ["copy", image, `${image.split("/")[0]}/mirror/app:1`, "--dry-run"],
  diff: ["diff", image, image.replace(/3f$/, "40")],
  doctor: ["doctor", "--write-profile", "profile.json"],
  ensure: ["ensure", image, "-P", "p", "--timeout", "1s", "--outputs", "outputs", "--summary", "summary.md"],
  add: ["imagesigning", "add", "SignOCI", "-P", "p", "-A", Buffer.from(image).toString("base64")],
  get: ["imagesigning", "get", "-I", id],
  key: ["key", "-P", "p"],
  "key from the secrets document": ["key", "-P", "p", "--client-key", `@${clientKey}`],
  payload: ["payload", image],
  products: ["products"],
  product: ["products", "p"],
  sign: ["sign", image, "-P", "p", "--wait", "--timeout", "1s"],
  "sign a tag": ["sign", `${image.split("@")[0]}:1.0`, "-P", "p", "--yes"],
  signings: ["signings"],
  status: ["status", id],
  "trust check": ["trust", "check", trust],
  verify: ["verify", image, "--key", key],
  "verify by a product": ["verify", image, "-P", "p"],
  "verify for a program": ["verify", image, "--key", key, "--output", "sarif"],
  watch: ["watch", "--once", "--since", "2h", "--state-file", "told.json"],
  whoami: ["whoami"],
  login: ["login", "--device", "--timeout", "1s"],
  logout: ["logout"],
});

/** By which way the token and the sign-in of a registry are given. @type {((run: { file: (path: string, text: string) => string }) => Record<string, string>)[]} */
const givers = [
  () => ({
    OCISIGN_TOKEN: planted.token,
    OCISIGN_REGISTRY_USERNAME: planted.registryUser,
    OCISIGN_REGISTRY_PASSWORD: planted.registryPassword,
    OCISIGN_TLS_PASSPHRASE: planted.passphrase,
  }),
  () => ({
    OCISIGN_TOKEN_FILE: join(shell.folder, "token.txt"),
    OCISIGN_REGISTRY_USERNAME: planted.registryUser,
    OCISIGN_REGISTRY_PASSWORD_FILE: join(shell.folder, "password.txt"),
  }),
  ({ file }) => ({
    OCISIGN_TOKEN_COMMAND: `cat ${join(shell.folder, "token.txt")}`,
    DOCKER_CONFIG: file("docker/config.json", dockerFile({ auth: plantedBasic })),
  }),
  ({ file }) => ({
    OCISIGN_TOKEN: planted.token,
    DOCKER_CONFIG: file("identity/config.json", dockerFile({ identitytoken: planted.identityToken })),
  }),
  () => ({
    OCISIGN_TOKEN: planted.token,
    DOCKER_AUTH_CONFIG: dockerFile({ registrytoken: planted.registryToken }),
  }),
];

/** @param {object} entry */
const dockerFile = (entry) => JSON.stringify({ auths: { [`127.0.0.1:${server.port}`]: entry } });

const run = {
  /** @param {string} path @param {string} text @returns {string} its folder */
  file(path, text) {
    const folder = join(shell.folder, path, "..");
    mkdirSync(folder, { recursive: true });
    shell.file(path, text);
    return folder;
  },
};

/** Where secrets are by the person's own will. */
const given = /\/(token\.txt|password\.txt|client\.pem|docker\/config\.json|identity\/config\.json)$/;

/** Looks through all that is left of a run. @param {string} what @param {{ stdout: string, stderr: string }} said */
function checkAll(what, { stdout, stderr }) {
  const said = `${stdout}\n${stderr}`;
  assert.deepEqual(leaksIn(said), [], `${what}: ${said}`);
  for (const { path, text } of filesBelow(shell.folder)) {
    if (!given.test(path)) assert.deepEqual(leaksIn(text), [], `${what}: ${path}: ${text.slice(0, 2000)}`);
  }
}

/** @param {string} what */
function checkAsked(what) {
  for (const { method, url, headers } of server.asked) {
    const { authorization, ...rest } = headers;
    assert.deepEqual(leaksIn(`${url}\n${JSON.stringify(rest)}`), [], `${what}: asked ${method} ${url}`);
  }
}

const names = Object.keys(commands(""));
const failing = Object.keys(ways);

for (const [at, name] of names.entries()) {
  test(`${name}: nothing that it says, writes or asks for tells a secret`, async () => {
    const image = `127.0.0.1:${server.port}/team/app@${digest}`;
    // Each way with each command is hundreds of processes: so each command meets some, and each way some commands.
    const some = failing.filter((_, way) => (way + at) % sized(9, 1) === 0);
    for (const [turn, way] of some.entries()) {
      server.answerBy(way, ((at + turn) % 7) / 7);
      const env = { ...givers[(at + turn) % givers.length]?.(run) };
      const args = [...(commands(image)[name] ?? []), ...((at + turn) % 2 ? ["--json"] : [])];
      const settings = { OCISIGN_URL: `${server.origin}/acme/api/v1`, OCISIGN_REGISTRY_URL: server.origin };
      const more = {
        OCISIGN_OIDC_ISSUER: server.origin,
        OCISIGN_OIDC_CLIENT_ID: "ocisign",
        OCISIGN_KEYCHAIN: "no",
      };
      const done = await shell.ocisign(args, { env: { ...settings, ...more, ...env } });
      const what = `${name}, ${way}, ${Object.keys(env)}`;
      assert.notEqual(done.code, "SIGKILL", what);
      checkAll(what, done);
      if (!/redirect|challenge|as the id|other things/.test(way)) checkAsked(what);
    }
  });
}

test("where TLS fails, or nobody listens, nothing tells a secret", async () => {
  const image = `127.0.0.1:1/team/app@${digest}`;
  // Whoever speaks HTTP does not speak TLS.
  for (const [at, origin] of ["http://127.0.0.1:1", `https://127.0.0.1:${server.port}`].entries()) {
    for (const [turn, name] of names.entries()) {
      if ((turn + at) % sized(6, 1) !== 0) continue;
      const settings = { OCISIGN_URL: `${origin}/acme/api/v1`, OCISIGN_REGISTRY_URL: origin };
      const env = { ...settings, OCISIGN_KEYCHAIN: "no", ...givers[turn % givers.length]?.(run) };
      checkAll(`${name}, ${origin}`, await shell.ocisign(commands(image)[name] ?? [], { env }));
    }
  }
});
