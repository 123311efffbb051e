// What seals a sign-in: the real secret-tool with GNOME's keyring where both are, a stand-in of it, and a stand-in for the
// `security` of macOS, which no test machine of ours has.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { needDebianPackage } from "../../tools/machine/apt.js";
import { documentOf } from "../support/cli.js";
import { fakeService } from "../support/fake-service.js";
import { signInWorld } from "../support/signing-in.js";

/** @type {Awaited<ReturnType<typeof fakeService>>} */
let service;
/** What the service answers first. @type {import("../support/fake-service.js").Answer[]} */
const answers = [];
/** @type {Awaited<ReturnType<typeof signInWorld>>} */
let at;
before(async () => {
  service = await fakeService(() => answers.shift() ?? { body: [] });
  at = await signInWorld(service.url);
});
after(() => {
  service?.close();
  at?.close();
});
afterEach(() => at.bash("rm -rf .local keys calls"));

const keptFile = () => join(at.kept, String(readdirSync(at.kept).find((name) => name.endsWith(".json"))));

/** Signs in, asks, and signs out. @param {Record<string, string>} env */
async function through(env) {
  const done = await at.login(["--json"], { OCISIGN_KEYCHAIN: "", ...env });
  assert.equal(done.code, 0, done.stderr);
  const { keptIn } = documentOf(done);
  const text = readFileSync(keptFile(), "utf8");
  const used = await at.ocisign(["products"], { env });
  return { keptIn, text, used, done };
}

function checkSealed({ keptIn, text, used }) {
  assert.equal(keptIn, "keychain");
  assert.equal(used.code, 0, used.stderr);
  for (const secret of at.issuer.secrets) assert.ok(!text.includes(secret), "in the file");
}

/** A keychain that notes its arguments, and keeps what it is given in a file. */
function standIn(name) {
  const script = `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const input = ["store", "-i"].includes(process.argv[2]) ? readFileSync(0, "utf8") : "";
appendFileSync("calls", process.argv.slice(2).join(" ") + "\\n");
const [act] = process.argv.slice(2);
if (act === "store") writeFileSync("keys", input);
else if (act === "-i") writeFileSync("keys", /^add-generic-password -U -s "[^"]+" -a "[^"]+" -w "([^"]+)"\\n$/.exec(input)[1]);
else if (act === "lookup" || act === "find-generic-password") {
  if (!existsSync("keys")) process.exit(1);
  process.stdout.write(readFileSync("keys", "utf8") + (act === "lookup" ? "" : "\\n"));
} else rmSync("keys", { force: true });
`;
  at.file(join("bin", name), script, 0o700);
  return () => readFileSync(join(at.folder, "calls"), "utf8");
}

for (const [name, env] of /** @type {[string, Record<string, string>][]} */ ([
  ["secret-tool", {}],
  // As on a Mac, as far as the program asks.
  [
    "security",
    {
      NODE_OPTIONS:
        '--import "data:text/javascript,Object.defineProperty(process,`platform`,{value:`darwin`})"',
    },
  ],
])) {
  test(`${name}, as a stand-in: the key travels by standard input, and opens the file`, async () => {
    const calls = standIn(name);
    const found = await through(env);
    checkSealed(found);
    const key = readFileSync(join(at.folder, "keys"), "utf8");
    assert.match(key, /^[\w-]{43}$/);
    assert.ok(!calls().includes(key), calls());
    assert.ok(calls().includes(service.url) && calls().includes(at.issuer.url), calls());

    const changed = JSON.parse(found.text);
    writeFileSync(keptFile(), JSON.stringify({ ...changed, clientId: "another" }));
    const spoilt = await at.ocisign(["products"], { env });
    assert.equal(spoilt.code, 1);
    assert.match(spoilt.stderr, /does not fit its key in the keychain/);
    writeFileSync(keptFile(), found.text);

    assert.equal((await at.ocisign(["logout"], { env })).code, 0);
    assert.deepEqual(readdirSync(at.kept), []);
    assert.equal((await at.bash("ls keys")).code, 2, "the key is removed");
    await at.bash(`rm bin/${name}`);
  });
}

test("a keychain that does not open: what is sealed is not used; logout removes it all the same", async () => {
  standIn("secret-tool");
  await through({});
  await at.bash("rm keys");
  const { code, stderr } = await at.ocisign(["products"]);
  assert.equal(code, 1);
  assert.match(stderr, /keychain does not give the key of the sign-in[\s\S]*`ocisign login` again/);
  const left = await at.ocisign(["logout"]);
  assert.equal(left.code, 1);
  assert.match(left.stdout, /removed from this machine\. Its tokens were not revoked: The system's keychain/);
  assert.deepEqual(readdirSync(at.kept), []);
  await at.bash("rm bin/secret-tool");
});

test("who signs in anew while a command runs does not stop it: it takes the new key", async () => {
  standIn("secret-tool");
  await through({});
  /** @type {() => void} */
  let release = () => {};
  const after = new Promise((resolve) => {
    release = () => resolve(undefined);
  });
  answers.push({ status: 401, body: {}, after });
  try {
    const before = service.asked.length;
    const running = at.start(["products"], { env: { OCISIGN_KEYCHAIN: "" } });
    while (service.asked.length === before) await new Promise((resolve) => setImmediate(resolve));
    const anew = await at.login([], { OCISIGN_KEYCHAIN: "" });
    assert.equal(anew.code, 0, anew.stderr);
    release();
    const { code, stderr } = await running.ended;
    assert.equal(code, 0, stderr);
    const [first, second] = service.asked.slice(-2).map(({ token }) => token);
    assert.notEqual(first, second);
  } finally {
    release();
    await at.bash("rm bin/secret-tool");
  }
});

test("GNOME's keyring by the real secret-tool", async (t) => {
  for (const [program, debianPackage] of /** @type {const} */ ([
    ["secret-tool", "libsecret-tools"],
    ["gnome-keyring-daemon", "gnome-keyring"],
    ["dbus-run-session", "dbus-daemon"],
  ])) {
    const found = await needDebianPackage(program, debianPackage);
    if (!found.ok) return t.skip(found.reason);
  }
  const script = [
    "printf 'a password' | gnome-keyring-daemon --unlock --components=secrets > /dev/null",
    "ocisign login --device --json > signed-in.json",
    "ocisign products && cp .local/state/ocisign/login/*.json sealed.json",
    "secret-tool lookup application ocisign service $OCISIGN_URL > key",
    "ocisign logout && ! secret-tool lookup application ocisign service $OCISIGN_URL",
  ].join("; ");
  at.file("session.sh", script);
  const { quickly, linkIn } = await import("../support/signing-in.js");
  const { Visitor } = await import("../support/issuer-visitor.js");
  const running = at.startBash("mkdir -m 700 run; dbus-run-session -- bash session.sh", {
    env: { OCISIGN_KEYCHAIN: "", ...quickly },
  });
  await running.says(/Or open \S+/, "stderr");
  await new Visitor().signIn(linkIn(running.said.stderr));
  const { code, stderr } = await running.ended;
  assert.equal(code, 0, stderr);
  const read = (/** @type {string} */ name) => readFileSync(join(at.folder, name), "utf8");
  assert.equal(JSON.parse(read("signed-in.json")).keptIn, "keychain", stderr);
  assert.match(read("key"), /^[\w-]{43}$/);
  for (const secret of at.issuer.secrets) assert.ok(!read("sealed.json").includes(secret));
});
