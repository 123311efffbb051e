// What do files of docker and podman open, which file counts, and what is said of one that is wrong?
import assert from "node:assert/strict";
import { chmodSync, mkdirSync } from "node:fs";
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
/** @param {string} [user] */
const jane = (user = "jane") => ({ username: user, password: "s3cret:pass word" });
/** @param {string} [user] */
const janes = (user = "jane") => auth(user, "s3cret:pass word");

test("nothing is there: nobody has signed in", async () => {
  assert.equal(await home.find(place), undefined);
  home.file(docker, "");
  assert.equal(await home.find(place), undefined, "an empty file, as docker takes it");
  home.file(docker, { auths: { "other.example": janes(), "registry.example": {} } });
  assert.equal(await home.find(place), undefined);
});

for (const [what, entry, expected] of /** @type {[string, object, object | undefined][]} */ ([
  ["user and password", janes(), jane()],
  ["the same in two fields, as Kubernetes writes them", jane(), jane()],
  ["zeros at the end, as docker once wrote them", auth("jane", "s3cret:pass word\0\0"), jane()],
  [
    "an identity token",
    { ...auth("00000000-0000-0000-0000-000000000000", ""), identitytoken: "refresh.me" },
    { identityToken: "refresh.me" },
  ],
  [
    "a token for the registry goes first",
    { ...janes(), identitytoken: "x", registrytoken: "take.me" },
    { registryToken: "take.me" },
  ],
  ["the user that means a token", auth("<token>", "refresh.me"), { identityToken: "refresh.me" }],
  ["capitals in names", { Auth: janes().auth }, jane()],
  ["a marker that a helper keeps it", {}, undefined],
  ["an empty auth", { auth: "" }, undefined],
  ["only a mail address, as long ago", { email: "jane@example.com" }, undefined],
])) {
  test(`an entry with ${what}`, async () => {
    home.file(docker, { auths: { "registry.example": entry }, HttpHeaders: { "User-Agent": "Docker" } });
    const found = await home.find(place);
    assert.deepEqual(found?.signIn, expected);
    assert.equal(found?.from, expected && join(home.folder, docker));
  });
}

test("the longest path counts, and an empty entry leads on to the next", async () => {
  home.file(docker, {
    auths: {
      "registry.example": janes("all"),
      "registry.example/team/app": janes("app"),
      "registry.example/team": janes("team"),
      "registry.example/empty/app": {},
    },
  });
  const user = async (/** @type {string} */ name) => (await home.find(name))?.signIn.username;
  assert.equal(await user("registry.example/team/app"), "app");
  assert.equal(await user("registry.example/team/app/more"), "app");
  assert.equal(await user("registry.example/team/apple"), "team");
  assert.equal(await user("registry.example/teams/app"), "all");
  assert.equal(await user("registry.example/empty/app"), "all");
  assert.equal(await user("registry.example"), "all");
  assert.equal(await user("registry.example.evil/team/app"), undefined);
});

test("the order of places: named ones before usual ones, docker's before podman's", async () => {
  const places = {
    DOCKER_CONFIG: home.file("named/config.json", { auths: { "registry.example": janes("named-docker") } }),
    REGISTRY_AUTH_FILE: home.file("named/auth.json", {
      auths: { "registry.example": janes("named-podman") },
    }),
    XDG_RUNTIME_DIR: home.file("run/containers/auth.json", {
      auths: { "registry.example": janes("runtime") },
    }),
    XDG_CONFIG_HOME: home.file("cfg/containers/auth.json", {
      auths: { "registry.example": janes("config") },
    }),
  };
  home.file(".config/containers/auth.json", { auths: { "registry.example": janes("usual-config") } });
  home.file(docker, { auths: { "registry.example": janes("usual-docker") } });
  const folders = {
    DOCKER_CONFIG: join(home.folder, "named"),
    REGISTRY_AUTH_FILE: places.REGISTRY_AUTH_FILE,
    XDG_CONFIG_HOME: join(home.folder, "cfg"),
    DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { "registry.example": janes("variable") } }),
  };
  const user = async (/** @type {(keyof typeof folders)[]} */ ...names) => {
    home.useEnvironment(Object.fromEntries(names.map((name) => [name, folders[name]])));
    return (await home.find(place))?.signIn.username;
  };
  assert.equal(await user("DOCKER_AUTH_CONFIG", "DOCKER_CONFIG", "REGISTRY_AUTH_FILE"), "variable");
  assert.equal(await user("DOCKER_CONFIG", "REGISTRY_AUTH_FILE"), "named-docker");
  assert.equal(await user("REGISTRY_AUTH_FILE"), "named-podman");
  assert.equal(await user(), "usual-docker");
  home.file(docker, { auths: { "other.example": janes() } });
  assert.equal(await user(), "runtime");
  home.file("run/containers/auth.json", { auths: {} });
  assert.equal(await user(), "usual-config");
  assert.equal(await user("XDG_CONFIG_HOME"), "config");
  // A place that is named stands in place of the usual ones of the same program.
  home.file("named/auth.json", {});
  assert.equal(await user("REGISTRY_AUTH_FILE", "XDG_CONFIG_HOME"), undefined);
  // A named place where nothing is: nobody has signed in there, as docker and podman take it.
  home.useEnvironment({
    DOCKER_CONFIG: join(home.folder, "nowhere"),
    REGISTRY_AUTH_FILE: join(home.folder, "no.json"),
  });
  assert.equal(await home.find(place), undefined);
  home.useEnvironment({ HOME: "/dev/null" });
  assert.equal(await home.find(place), undefined, "a home where nothing can be");
});

test("two keys of one registry: the exact one counts; where neither is, they must not differ", async () => {
  const [url, root] = ["https://registry.example/v1/", "http://registry.example"];
  home.file(docker, { auths: { [url]: janes("old"), "registry.example": janes("new") } });
  assert.equal((await home.find(place))?.signIn.username, "new");
  home.file(docker, { auths: { [url]: janes(), [root]: janes() } });
  assert.equal((await home.find(place))?.signIn.username, "jane");
  for (const other of [root, "Registry.Example", "registry.example/"]) {
    home.file(docker, { auths: { [url]: janes("one"), [other]: janes("two") } });
    await assert.rejects(home.find(place), {
      code: "bad-file",
      message: `${join(home.folder, docker)}: "${url}" and "${other}" name the same registry, and differ.`,
      fix: "Remove one of them. --no-docker-config leaves such sign-ins alone.",
    });
  }
});

const secret = "Pa55word-that-nobody-sees";
for (const [what, content, said] of /** @type {[string, unknown, RegExp][]} */ ([
  ["no JSON", `{"auths": {"registry.example": {"auth": "${secret}`, /:1:\d+: this is not JSON: /],
  ["a comment", `// ${secret}\n{}`, /:1:1: this is not JSON/],
  ["a list", [secret], /:1:1: this is not a JSON object/],
  ["a text", JSON.stringify(secret), /this is not a JSON object/],
  ["null", null, /this is not a JSON object/],
  ["auths that are a list", { auths: [secret] }, /"auths" is not an object/],
  ["auths that are a text", { auths: secret }, /"auths" is not an object/],
  ["credHelpers that are a text", { credHelpers: secret }, /"credHelpers" is not an object/],
  [
    "a helper that is a list",
    { credHelpers: { "registry.example": [secret] } },
    /the helper for "registry.example" is not a string/,
  ],
  ["credsStore that is a number", { credsStore: 7 }, /"credsStore" is not a string/],
  [
    "an entry that is a text",
    { auths: { "registry.example": secret } },
    /"registry.example" is not an object/,
  ],
  ["auth that is a list", { auths: { "registry.example": { auth: [secret] } } }, /"auth" is not a string/],
  [
    "auth that is no base64",
    { auths: { "registry.example": { auth: `${secret}!` } } },
    /"auth" is not base64/,
  ],
  [
    "auth without a colon",
    { auths: { "registry.example": { auth: Buffer.from(secret).toString("base64") } } },
    /has no colon/,
  ],
  [
    "a password without a user",
    { auths: { "registry.example": auth("", secret) } },
    /password without a user name/,
  ],
  [
    "a user with a colon",
    { auths: { "registry.example": { username: "a:b", password: secret } } },
    /user name has a colon/,
  ],
  [
    "a token with a line break",
    { auths: { "registry.example": { registrytoken: `${secret}\nx` } } },
    /no header may have/,
  ],
  [
    "a key twice",
    `{"auths": {"registry.example": {}, "registry.example": {"auth": "${secret}"}}}`,
    /this key appears twice/,
  ],
  ["binary data", `\0${secret}\x01\0\0`, /it holds binary data/],
  ["ten megabytes", `{"auths": {}, "x": "${secret.repeat(420_000)}"}`, /it is larger than 1 MiB/],
  [
    "nesting",
    `{"auths": ${'{"a":'.repeat(100_000)}"${secret}"${"}".repeat(100_000)}}`,
    /nested too deeply|this is not JSON/,
  ],
])) {
  test(`refused: ${what}`, async () => {
    const path = home.file(docker, content);
    const error = await home.find(place).then(assert.fail, (thrown) => thrown);
    assert.equal(error.code, "bad-file");
    assert.ok(error.message.startsWith(path), error.message);
    assert.match(error.message, said);
    assert.match(error.fix, /^[A-Z].* --no-docker-config leaves such sign-ins alone\.$/);
    assert.ok(!`${error.message}${error.fix}${error.cause}`.includes(secret.slice(0, 12)));
  });
}

test("what is wrong with another registry's entry is not looked at", async () => {
  home.file(docker, { auths: { "other.example": { auth: "!" }, "registry.example": janes() } });
  assert.deepEqual((await home.find(place))?.signIn, jane());
});

test("a folder, and what may not be read, are told", async (context) => {
  mkdirSync(join(home.folder, docker), { recursive: true });
  await assert.rejects(home.find(place), { code: "bad-file", message: /config\.json: it is a folder\.$/ });
  home.useEnvironment({ DOCKER_CONFIG: home.file("a-file", "x") });
  await assert.rejects(home.find(place), { code: "bad-file", message: /^DOCKER_CONFIG: .*not a folder/ });
  if (process.getuid?.() === 0) return context.diagnostic("root may read everything");
  const path = home.file("auth.json", { auths: { "registry.example": janes() } });
  chmodSync(path, 0);
  home.useEnvironment({ REGISTRY_AUTH_FILE: path });
  await assert.rejects(home.find(place), { code: "bad-file", message: /you may not read it/ });
});
