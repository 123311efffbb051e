// Sign-ins that crane, skopeo and Docker's `pass` helper have written, read by ocisign; and files of all forms, judged by
// crane and skopeo beside ocisign: which user does each send?
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { promisify } from "node:util";
import { goProgram } from "../../tools/machine/go.js";
import { entry } from "../support/cli.js";
import { auth } from "../support/kept-sign-ins.js";
import { listening } from "../support/listening.js";
import { temporaryFolder } from "../support/sandbox.js";

const secret = "a pass:word";
const run = promisify(execFile);

/** The users that were sent. @type {Set<string>} */
const users = new Set();
/** @type {Awaited<ReturnType<typeof listening>>} */
let server;
/** @type {string} */
let domain;
/** @type {ReturnType<typeof temporaryFolder>} */
let home;
/** @type {NodeJS.ProcessEnv} */
let env;

/** A registry that lets everybody in who says a name, and has nothing. */
before(async () => {
  const registry = createServer(({ headers: { authorization }, url }, response) => {
    if (!authorization) return response.writeHead(401, { "www-authenticate": 'Basic realm="r"' }).end();
    const [user = "", password] = Buffer.from(authorization.slice(6), "base64").toString().split(/:(.*)/s);
    // skopeo says that it is nobody.
    if (user || password) users.add(password === secret ? user : `${user} with another password`);
    if (url === "/v2/") return response.writeHead(200).end("{}");
    const errors = [{ code: "MANIFEST_UNKNOWN" }];
    response.writeHead(404, { "content-type": "application/json" }).end(JSON.stringify({ errors }));
  });
  server = await listening(registry);
  domain = `127.0.0.1:${server.port}`;
});
after(() => server?.close());

beforeEach(() => {
  home = temporaryFolder("sign-in");
  const { folder } = home;
  const bin = join(folder, "bin");
  for (const name of ["bin", ".docker", "run", "gnupg"]) mkdirSync(join(folder, name), { mode: 0o700 });
  symlinkSync(goProgram("docker-credential-pass"), join(bin, "docker-credential-pass"));
  env = {
    ...{ PATH: `${bin}:${process.env.PATH}`, HOME: folder, XDG_RUNTIME_DIR: join(folder, "run") },
    ...{ GNUPGHOME: join(folder, "gnupg"), PASSWORD_STORE_DIR: join(folder, "store") },
  };
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writeFileSync(join(folder, "key.pem"), publicKey.export({ type: "spki", format: "pem" }));
});
afterEach(() => home.remove());

/** What a tool sends, as the registry heard it: a user, or nobody. @param {string} program @param {string[]} args */
async function sentBy(program, args) {
  users.clear();
  // The registry has nothing: that the tool fails then is no matter.
  const said = await run(program, args, { env, timeout: 60_000, killSignal: "SIGKILL" }).catch(
    (error) => error,
  );
  assert.ok(said.code !== "ENOENT", `${program} is not there`);
  assert.ok(users.size < 2, [...users].join());
  return [...users][0] ?? "nobody";
}

const readers = {
  ocisign: () => {
    const image = `${domain}/team/app@sha256:${"ab".repeat(32)}`;
    return sentBy(process.execPath, [entry, "verify", image, "--key", join(home.folder, "key.pem")]);
  },
  crane: () => sentBy(goProgram("crane"), ["manifest", "--insecure", `${domain}/team/app:1`]),
  skopeo: () => sentBy("skopeo", ["inspect", "--raw", "--tls-verify=false", `docker://${domain}/team/app:1`]),
};

/** Runs it while the registry answers. @param {string} program @param {string[]} args @param {string} [input] */
async function does(program, args, input = "") {
  const running = run(program, args, { env, timeout: 60_000, killSignal: "SIGKILL" });
  running.child.stdin?.end(input);
  await running;
}

/** @param {string} path in the home @param {unknown} content */
const keep = (path, content) => writeFileSync(join(home.folder, path), JSON.stringify(content));

test("crane auth login wrote it", async () => {
  await does(goProgram("crane"), ["auth", "login", domain, "-u", "jane", "--password-stdin"], secret);
  assert.ok(existsSync(join(home.folder, ".docker/config.json")));
  assert.equal(await readers.ocisign(), "jane");
});

for (const [what, scope, args] of /** @type {[string, () => string, string[]][]} */ ([
  ["for a registry", () => domain, []],
  ["for a part of it", () => `${domain}/team`, []],
])) {
  test(`skopeo login wrote it, ${what}`, async () => {
    await does(
      "skopeo",
      ["login", "--tls-verify=false", "-u", "jane", "--password-stdin", ...args, scope()],
      secret,
    );
    const written = readFileSync(join(home.folder, "run/containers/auth.json"), "utf8");
    assert.deepEqual(Object.keys(JSON.parse(written).auths), [scope()]);
    assert.equal(await readers.ocisign(), "jane");
  });
}

test("skopeo login wrote it where REGISTRY_AUTH_FILE says", async () => {
  env.REGISTRY_AUTH_FILE = join(home.folder, "elsewhere.json");
  await does("skopeo", ["login", "--tls-verify=false", "-u", "jane", "--password-stdin", domain], secret);
  assert.ok(existsSync(env.REGISTRY_AUTH_FILE));
  assert.equal(await readers.ocisign(), "jane");
  delete env.REGISTRY_AUTH_FILE;
  assert.equal(await readers.ocisign(), "nobody");
});

test("Docker's helper for pass keeps it, encrypted, and says nothing of other registries", async () => {
  const who = "ocisign test <test@example.invalid>";
  await does("gpg", [
    "--batch",
    "--passphrase",
    "",
    "--quick-generate-key",
    who,
    "default",
    "default",
    "never",
  ]);
  try {
    await does("pass", ["init", "test@example.invalid"]);
    keep(".docker/config.json", { credsStore: "pass" });
    assert.equal(await readers.ocisign(), "nobody", "the store is empty");
    await does(goProgram("crane"), ["auth", "login", domain, "-u", "jane", "--password-stdin"], secret);
    const config = readFileSync(join(home.folder, ".docker/config.json"), "utf8");
    assert.ok(!config.includes(auth("jane", secret).auth), "the file itself holds no password");
    assert.equal(await readers.ocisign(), "jane");
    assert.equal(await readers.crane(), "jane");
  } finally {
    await does("gpgconf", ["--kill", "all"]);
  }
});

// Each tool finds what it says; where they differ, docs/registry-sign-in.md says so.
const all = (/** @type {string} */ user) => ({ ocisign: user, crane: user, skopeo: user });
const jane = auth("jane", secret);
for (const [what, content, expected] of /** @type {[string, () => object, object][]} */ ([
  ["the registry", () => ({ auths: { [domain]: jane } }), all("jane")],
  ["its URL", () => ({ auths: { [`https://${domain}`]: jane } }), all("jane")],
  ["the URL of its API", () => ({ auths: { [`http://${domain}/v1/`]: jane } }), all("jane")],
  [
    "the repository",
    () => ({ auths: { [domain]: auth("all", secret), [`${domain}/team/app`]: jane } }),
    all("jane"),
  ],
  [
    "a part, beside the registry",
    () => ({ auths: { [domain]: auth("all", secret), [`${domain}/team`]: jane } }),
    { ...all("jane"), crane: "all" },
  ],
  ["another part", () => ({ auths: { [`${domain}/other`]: jane } }), { ...all("nobody"), crane: "jane" }],
  [
    "a part of its name",
    () => ({ auths: { "127.0.0.1": jane, [`${domain}0`]: jane, [`1${domain}`]: jane } }),
    all("nobody"),
  ],
  [
    "two fields",
    () => ({ auths: { [domain]: { username: "jane", password: secret } } }),
    { ...all("jane"), skopeo: "nobody" },
  ],
  ["a helper for it", () => ({ credHelpers: { [domain]: "jane" } }), all("jane")],
  ["a helper for another", () => ({ credHelpers: { [`${domain}0`]: "jane" } }), all("nobody")],
  ["a helper for all", () => ({ credsStore: "jane" }), { ...all("jane"), skopeo: "nobody" }],
  [
    "a helper for it beside an entry",
    () => ({ credHelpers: { [domain]: "jane" }, auths: { [domain]: auth("file", secret) } }),
    all("jane"),
  ],
  [
    "a helper for all that knows nothing, beside an entry",
    () => ({ credsStore: "empty", auths: { [domain]: jane } }),
    { ...all("jane"), crane: "nobody" },
  ],
  [
    "two spellings",
    () => ({ auths: { [`https://${domain}/v1/`]: auth("old", secret), [domain]: jane } }),
    all("jane"),
  ],
])) {
  test(`a file names ${what}`, async () => {
    const helpers = {
      jane: `cat << 'END'\n${JSON.stringify({ ServerURL: domain, Username: "jane", Secret: secret })}\nEND\n`,
      empty: "echo credentials not found in native keychain; exit 1\n",
    };
    for (const [name, script] of Object.entries(helpers)) {
      const path = join(home.folder, "bin", `docker-credential-${name}`);
      writeFileSync(path, `#!/bin/sh\n${script}`);
      chmodSync(path, 0o755);
    }
    keep(".docker/config.json", content());
    /** @type {Record<string, string>} */
    const found = {};
    for (const [name, read] of Object.entries(readers)) found[name] = await read();
    assert.deepEqual(found, expected);
  });
}
