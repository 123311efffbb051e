// A program's own folders: nobody but the person themselves fills them. Without a home that is one, there are none.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { entry, observed, shellIn } from "../support/cli.js";
import { fakeService } from "../support/fake-service.js";
import { keys, signingRegistry } from "../support/trust.js";

const homes = { HOME: "", XDG_CONFIG_HOME: "", XDG_CACHE_HOME: "", XDG_STATE_HOME: "", XDG_RUNTIME_DIR: "" };

/** What makes the folder in which the program is started look like the person's own. */
const environments = [
  homes,
  { ...homes, HOME: "." },
  { ...homes, HOME: "./" },
  { ...homes, HOME: "nowhere/.." },
  { ...homes, XDG_CONFIG_HOME: ".config", XDG_CACHE_HOME: ".cache", XDG_STATE_HOME: ".state" },
  { ...homes, HOME: "/nowhere", XDG_CONFIG_HOME: "./.config", XDG_RUNTIME_DIR: "." },
];

/** @type {Awaited<ReturnType<typeof fakeService>>} */
let stranger;
/** @type {Awaited<ReturnType<typeof signingRegistry>>} */
let held;
/** @type {ReturnType<typeof shellIn>} */
let shell;

before(async () => {
  stranger = await fakeService(() => ({ body: [] }));
  held = await signingRegistry();
  shell = shellIn("own-folders");
  const sign = JSON.stringify({ auths: { [held.registry.domain]: { auth: btoa("planted:password") } } });
  for (const folder of [".config/ocisign", ".docker", ".config/containers", "containers"])
    mkdirSync(join(shell.folder, folder), { recursive: true });
  shell.file(".config/ocisign/config.json", JSON.stringify({ url: stranger.url }));
  for (const file of [".docker/config.json", ".config/containers/auth.json", "containers/auth.json"])
    shell.file(file, sign);
});
after(() => {
  stranger?.close();
  held?.registry.close();
  shell?.remove();
});

test("the folder in which the program is started gives no settings: a token goes to nobody whom it names", async () => {
  const planted = { env: { ...homes, HOME: shell.folder, OCISIGN_TOKEN: "the-token" } };
  assert.equal((await shell.ocisign(["products"], planted)).code, 0, "it is read as the person's own");
  const asked = stranger.asked.length;
  assert.ok(asked > 0);
  for (const env of environments) {
    const { code, stderr } = await shell.ocisign(["products"], {
      env: { ...env, OCISIGN_TOKEN: "the-token" },
    });
    assert.equal(code, 2, `${JSON.stringify(env)}: ${stderr}`);
    assert.match(stderr, /--url/);
  }
  assert.equal(stranger.asked.length, asked);
});

test("it gives no sign-in, and gets nothing of what is kept", async () => {
  held.registry.answerAll("GET", (_, reply) => reply.writeHead(401, { "www-authenticate": "Basic" }).end());
  const image = held.at(`sha256:${"a".repeat(64)}`);
  const key = shell.file("key.pem", keys.current.pem);
  for (const env of environments) {
    const from = held.registry.requests.length;
    const { code, stdout } = await shell.ocisign(["verify", image, "--key", key], { env });
    assert.equal(code, 1, stdout);
    const sent = held.registry.requests.slice(from);
    assert.ok(sent.length > 0);
    assert.deepEqual(
      sent.filter(({ headers }) => headers.authorization !== undefined),
      [],
      JSON.stringify(env),
    );
  }
  for (const folder of [".cache", ".state", ".local"])
    assert.ok(!existsSync(join(shell.folder, folder)), folder);
});

test("what has to outlive a run is refused where it has no place, before anything is sent", async () => {
  const service = await fakeService(({ path }) =>
    path.includes("products") ? { status: 403, body: { message: "not yours" } } : { body: [] },
  );
  const unsigned = await signingRegistry();
  try {
    const url = { OCISIGN_URL: service.url };
    const key = shell.file("key.pem", keys.current.pem);
    for (const env of environments.slice(0, 5)) {
      const issuer = ["--issuer", new URL(service.url).origin, "--client-id", "x"];
      const login = await shell.ocisign(["login", ...issuer], { env: { ...env, ...url } });
      assert.deepEqual([login.code, service.asked.length], [1, 0], login.stderr);
      assert.match(login.stderr, /no folder to keep a sign-in in[\s\S]*XDG_STATE_HOME/);
    }
    const ensure = ["ensure", unsigned.at(unsigned.image("one")), "--key", key, "--product", "p1"];
    const product = ["--operation", "o1", "--unread-product"];
    const env = { ...homes, ...url, OCISIGN_TOKEN: "the-token" };
    const refused = await shell.ocisign([...ensure, ...product], { env });
    assert.equal(refused.code, 1, refused.stderr);
    assert.match(refused.stderr, /no folder for later runs[\s\S]*--state-dir[\s\S]*Nothing was requested/);
    assert.deepEqual(
      service.asked.filter(({ method }) => method === "POST"),
      [],
    );
  } finally {
    service.close();
    unsigned.registry.close();
  }
});

test("a user without any home, as in a container, verifies all the same", async (context) => {
  const [uid, env] = [54_321, { PATH: process.env.PATH }];
  const start = (/** @type {string[]} */ ...args) => {
    const child = spawn(process.execPath, [entry, ...args], { cwd: "/", env, uid, gid: uid });
    child.stdin.end(keys.current.pem);
    return observed(child).ended;
  };
  const isPossible = process.getuid?.() === 0 && (await start("--version")).code === 0;
  if (!isPossible) return context.diagnostic("only root may start a program as another user");
  const image = held.at(`sha256:${"a".repeat(64)}`);
  const { code, stderr, stdout } = await start("verify", image, "--key", "-");
  assert.equal(code, 1);
  assert.match(stdout, /^unreachable /, stderr);
  assert.doesNotMatch(stderr, /should not have happened/);
});
