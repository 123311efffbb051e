// Credential helpers: when is one asked, for what, and what is said of one that does not answer as it should?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { auth, signInHome } from "../support/kept-sign-ins.js";

/** @type {ReturnType<typeof signInHome>} */
let home;
beforeEach(() => {
  home = signInHome();
});
afterEach(() => home.remove());

const docker = ".docker/config.json";
const place = "registry.example/team/app";
const secret = "Pa55word-that-nobody-sees";
/** A helper that notes what it was asked, and answers. @param {string} name @param {object} answer */
const answering = (name, answer) =>
  home.helper(
    name,
    `printf '%s ' "$1" >> "${home.folder}/asked"; cat >> "${home.folder}/asked"; echo >> "${home.folder}/asked"
cat << 'END'
${JSON.stringify(answer)}
END`,
  );
const asked = () => readFileSync(join(home.folder, "asked"), "utf8").trimEnd().split("\n");
const jane = { ServerURL: "registry.example", Username: "jane", Secret: secret };

test("the helper that is named for a registry, and no other one", async () => {
  answering("own", jane);
  home.helper("store", "exit 7");
  home.file(docker, {
    credsStore: "store",
    credHelpers: { "registry.example": "own", example: "store", "registry.example.evil": "store" },
    auths: { "registry.example": auth("file", "x") },
  });
  const found = await home.find(place);
  assert.deepEqual(found, {
    signIn: { username: "jane", password: secret },
    from: `docker-credential-own (${join(home.folder, docker)})`,
  });
  assert.deepEqual(asked(), ["get registry.example"]);
});

test("credsStore is asked for any registry; Docker Hub has a name of its own", async () => {
  answering("store", jane);
  home.file(docker, { credsStore: "store", auths: { "registry.example": {} } });
  for (const name of [
    place,
    "registry.example:5000/app",
    "docker.io/library/nginx",
    "index.docker.io/library/nginx",
  ]) {
    assert.equal((await home.find(name))?.signIn.username, "jane");
  }
  const hub = "get https://index.docker.io/v1/";
  assert.deepEqual(asked(), ["get registry.example", "get registry.example:5000", hub, hub]);
});

test("an identity token is one by the name of its user", async () => {
  answering("store", { Username: "<token>", Secret: "refresh.me.please" });
  home.file(docker, { credsStore: "store" });
  assert.deepEqual((await home.find(place))?.signIn, { identityToken: "refresh.me.please" });
});

test("what a file has for a part of a registry goes before the store of all", async () => {
  answering("store", jane);
  home.file(docker, { credsStore: "store", auths: { "registry.example/team": auth("team", "x") } });
  assert.equal((await home.find(place))?.signIn.username, "team");
  assert.equal((await home.find("registry.example/other"))?.signIn.username, "jane");
});

test("an empty name says that no helper is asked", async () => {
  home.helper("store", "exit 7");
  const auths = { "registry.example": auth("file", "x") };
  home.file(docker, { credsStore: "store", credHelpers: { "registry.example": "" }, auths });
  assert.equal((await home.find(place))?.signIn.username, "file");
});

for (const [what, script] of [
  ["in docker's words", "echo credentials not found in native keychain; exit 1"],
  ["with blanks around", "printf '\\n credentials not found in native keychain \\n\\n'; exit 1"],
  ["by two empty texts", `echo '{"ServerURL":"","Username":"","Secret":""}'`],
]) {
  test(`a helper knows nothing, ${what}: the next place counts`, async () => {
    home.helper("store", script ?? "");
    home.file(docker, { credsStore: "store" });
    assert.equal(await home.find(place), undefined);
    home.file("run/containers/auth.json", { auths: { "registry.example": auth("podman", "x") } });
    assert.equal((await home.find(place))?.signIn.username, "podman");
  });
}

for (const [what, script, said] of /** @type {[string, string, RegExp][]} */ ([
  ["another word of nothing", "echo no credentials server URL; exit 1", /ended with code 1/],
  ["a password in its errors", `echo ${secret} >&2; echo ${secret}; exit 1`, /ended with code 1/],
  [
    "words that only begin alike",
    `echo credentials not found in native keychain of ${secret}; exit 1`,
    /ended with code 1/,
  ],
  [
    "the words of nothing with a good end",
    "echo credentials not found in native keychain",
    /prints no sign-in/,
  ],
  ["no JSON", `echo ${secret}`, /prints no sign-in/],
  ["half of it", `echo '{"Username":"jane","Secret":"${secret}'`, /prints no sign-in/],
  ["a list", `echo '["${secret}"]'`, /prints no sign-in/],
  ["a secret that is a number", `echo '{"Username":"jane","Secret":7}'`, /prints no sign-in/],
  ["a secret without a user", `echo '{"Secret":"${secret}"}'`, /password without a user name/],
  ["a user with a colon", `echo '{"Username":"a:b","Secret":"${secret}"}'`, /user name has a colon/],
  ["binary data", `printf '\\000${secret}'`, /prints no sign-in/],
  ["nothing", "exit 0", /prints no sign-in/],
  [
    "more than any sign-in",
    `head -c 2000000 /dev/zero | tr '\\0' x; sleep 600`,
    /prints more than a sign-in/,
  ],
  ["an end by a signal", "kill -9 $$", /was ended by SIGKILL/],
])) {
  test(`refused: a helper that prints ${what}`, async () => {
    home.helper("store", script);
    home.file(docker, { credsStore: "store" });
    const error = await home.find(place).then(assert.fail, (thrown) => thrown);
    assert.match(error.message, said);
    assert.ok(
      error.message.startsWith(`${join(home.folder, docker)}: docker-credential-store`),
      error.message,
    );
    assert.match(error.fix, /^[A-Z].* --no-docker-config leaves such sign-ins alone\.$/);
    assert.ok(!`${error.message}${error.fix}${error.stack}`.includes(secret));
  });
}

test("a helper that hangs, with all that it has started, has a time", async () => {
  home.helper("store", `echo $$ > "${home.folder}/pid"; sleep 600 & sleep 600`);
  home.file(docker, { credsStore: "store" });
  await assert.rejects(home.find(place, 300), {
    code: "bad-helper",
    message: `${join(home.folder, docker)}: docker-credential-store did not end within 300ms.`,
  });
  const pid = Number(readFileSync(join(home.folder, "pid"), "utf8"));
  const alive = execFileSync("ps", ["-A", "-o", "pgid=,stat="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    // What has ended may wait for somebody to look at it.
    .filter(([group, state = ""]) => Number(group) === pid && !state.startsWith("Z"));
  assert.deepEqual(alive, [], "nothing of its group is left");
});

test("a helper that is not there, or may not be run", async () => {
  home.file(docker, { credsStore: "nowhere" });
  await assert.rejects(home.find(place), {
    message: `${join(home.folder, docker)}: docker-credential-nowhere is not there.`,
    fix: /^Install docker-credential-nowhere, or add its folder to PATH\. /,
  });
});

for (const name of ["../../tmp/evil", "a/b", "..", "-x", "a b", "a;b", "$(x)", "x".repeat(200)]) {
  test(`refused: the helper ${JSON.stringify(name.slice(0, 20))}, which is no name`, async () => {
    home.file(docker, { credsStore: name });
    await assert.rejects(home.find(place), {
      code: "bad-file",
      message: /a helper is named that is not the name of one/,
    });
  });
}

test("a helper gets none of our settings", async () => {
  home.helper("store", `env > "${home.folder}/env"; echo '{"Username":"jane","Secret":"x"}'`);
  home.file(docker, { credsStore: "store" });
  process.env.OCISIGN_TOKEN = secret;
  try {
    await home.find(place);
  } finally {
    delete process.env.OCISIGN_TOKEN;
  }
  const env = readFileSync(join(home.folder, "env"), "utf8");
  assert.ok(!env.includes(secret));
  assert.match(env, /^HOME=/m);
});
