// People give a secret where a file, a URL or a name is asked for. Nothing that the program says holds it, or a piece.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, test } from "node:test";
import { shellIn } from "../support/cli.js";
import { sized } from "../support/large.js";

const shell = shellIn("secrets", {
  OCISIGN_URL: "https://127.0.0.1:1/acme/api/v1",
  OCISIGN_TOKEN: "a-token",
  // Shows stacks and causes, too.
  OCISIGN_DEBUG: "1",
});
after(() => shell.remove());

const encoded = (/** @type {unknown} */ value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const header = encoded({ alg: "RS256", typ: "JWT", kid: "k1" });
const jwt = [header, encoded({ sub: "someone", exp: 4e9 }), "Zq3-kL9_xW2vB7nM4tY8rC1dF6gH0jS5"].join(".");
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = String(privateKey.export({ type: "pkcs8", format: "pem" }));

/** Secrets, as people have them in a variable. @type {Record<string, string>} */
const secrets = {
  "a JSON Web Token": jwt,
  "an encrypted token": [header, "bXlrZXkx", "aXYxMjM0", "Q2lwaGVyVGV4dA", "VGFnVGFn"].join("."),
  "a private key": pem,
  "a private key on one line": pem.replaceAll("\n", "\\n"),
  "a line of base64": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  "base64 that begins with a slash": "/9jqXAQSkZJRgABAQEAYABgAAD",
  "a token with a prefix": "glpat-Xz9Kq2LmN8vRtYw4Bc7D",
  "hexadecimal digits": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c",
  "a short password": "hunter2",
  "a password": "Tr0ub4dor&3",
  "a password with an ending": "S3cret.horse",
  "a passphrase": "correct horse battery staple",
  credentials: "robot$ci:Pa55-w0rd!@registry.example/app",
  "what is longer than a path": `eyJ${"aB3x".repeat(2000)}`,
};

const image = `registry.example/app@sha256:${"3f".repeat(32)}`;
const verify = ["verify", image, "--key", shell.file("key.pem", String(publicKeyOf(privateKey)))];

/** @param {import("node:crypto").KeyObject} key */
function publicKeyOf(key) {
  const { x, y, crv, kty } = key.export({ format: "jwk" });
  return `{"x":"${x}","y":"${y}","crv":"${crv}","kty":"${kty}"}`;
}

/** @typedef {{ args: string[], env?: Record<string, string> }} Line */

/** Where a file, a name or a word is asked for. @type {Record<string, (secret: string) => Line>} */
const places = {
  "-t @": (secret) => ({ args: ["products", "-t", `@${secret}`] }),
  "--token-file": (secret) => ({ args: ["products", "--token-file", secret] }),
  OCISIGN_TOKEN_FILE: (secret) => ({
    args: ["products"],
    env: { OCISIGN_TOKEN: "", OCISIGN_TOKEN_FILE: secret },
  }),
  "--profile": (secret) => ({ args: ["products", "--profile", secret] }),
  OCISIGN_PROFILE: (secret) => ({ args: ["products"], env: { OCISIGN_PROFILE: secret } }),
  "--cert": (secret) => ({ args: ["products", "--cert", secret] }),
  OCISIGN_CERT: (secret) => ({ args: ["products"], env: { OCISIGN_CERT: secret } }),
  "--tls-key": (secret) => ({ args: ["products", "--cert", certificate, "--tls-key", secret] }),
  OCISIGN_TLS_KEY: (secret) => ({
    args: ["products", "--cert", certificate],
    env: { OCISIGN_TLS_KEY: secret },
  }),
  "--cacert": (secret) => ({ args: ["products", "--cacert", secret] }),
  "--config": (secret) => ({ args: ["products", "--config", secret] }),
  OCISIGN_CONFIG: (secret) => ({ args: ["products"], env: { OCISIGN_CONFIG: secret } }),
  "tokenFile in the configuration": (secret) => ({
    args: ["products", "--config", configOf({ tokenFile: secret })],
    env: { OCISIGN_TOKEN: "" },
  }),
  "tlsKey in the configuration": (secret) => ({
    args: ["products", "--cert", certificate, "--config", configOf({ tlsKey: secret })],
  }),
  "a file's impossible name in the configuration": (secret) => ({
    args: ["products", "--config", configOf({ tokenFile: `a\0${secret}` })],
    env: { OCISIGN_TOKEN: "" },
  }),
  "an impossible command in the configuration": (secret) => ({
    args: ["products", "--config", configOf({ tokenCommand: `a\0${secret}` })],
    env: { OCISIGN_TOKEN: "" },
  }),
  "a key in the configuration": (secret) => ({ args: ["products", "--config", configOf({ [secret]: "x" })] }),
  "what is no JSON, in the configuration": (secret) => ({ args: ["products", "--config", fileOf(secret)] }),
  "what is no JSON, in the profile": (secret) => ({
    args: ["products", "--profile", fileOf(`{"a": ${secret}}`)],
  }),
  "the --key to verify with": (secret) => ({ args: ["verify", image, "--key", secret] }),
  "the file of the --key to verify with": (secret) => ({ args: ["verify", image, "--key", fileOf(secret)] }),
  "--registry-password-file": (secret) => ({
    args: [...verify, "--registry-username", "me", "--registry-password-file", secret],
  }),
  OCISIGN_REGISTRY_PASSWORD_FILE: (secret) => ({
    args: [...verify, "--registry-username", "me"],
    env: { OCISIGN_REGISTRY_PASSWORD_FILE: secret },
  }),
  "--registry-username": (secret) => ({ args: [...verify, "--registry-username", secret] }),
  "--from-file": (secret) => ({ args: ["sign", "-P", "p", "--from-file", secret] }),
  "the list of --from-file": (secret) => ({
    args: ["sign", "-P", "p", "--from-file", fileOf(`${image}\n${secret}\n`)],
  }),
  "the image": (secret) => ({ args: ["sign", "-P", "p", secret] }),
  "the image to verify": (secret) => ({ args: ["verify", secret, "--key", "key.pem"] }),
  "the artifact": (secret) => ({
    args: ["imagesigning", "add", "SignOCI", "-P", "p", "-A", Buffer.from(secret).toString("base64")],
  }),
  "what is no base64, as the artifact": (secret) => ({
    args: ["imagesigning", "add", "SignOCI", "-P", "p", "-A", secret],
  }),
  "--signatures-in": (secret) => ({ args: [...verify, "--signatures-in", secret] }),
  "--url": (secret) => ({ args: ["products", "--url", secret] }),
  "--registry-url": (secret) => ({ args: [...verify, "--registry-url", secret] }),
  "the user of --url": (secret) => ({
    args: ["products", "--url", `https://user:${secret}@127.0.0.1:1/api`],
  }),
  "the query of --url": (secret) => ({
    args: ["products", "--url", `https://127.0.0.1:1/api?key=${secret}`],
  }),
  "the user of --registry-url": (secret) => ({
    args: [...verify, "--registry-url", `https://${secret}@127.0.0.1:1`],
  }),
  "the user of --profile": (secret) => ({
    args: ["products", "--profile", `https://user:${secret}@127.0.0.1:1/p`],
  }),
  "the query of --profile": (secret) => ({
    args: ["products", "--profile", `https://127.0.0.1:1/p?sig=${secret}`],
  }),
  "the fragment of --profile": (secret) => ({
    args: ["products", "--profile", `https://127.0.0.1:1/p#${secret}`],
  }),
  HTTPS_PROXY: (secret) => ({
    args: ["products", "--url", "https://service.example/api"],
    env: { HTTPS_PROXY: `http://user:${secret}@127.0.0.1:1` },
  }),
  https_proxy: (secret) => ({
    args: ["products", "--url", "https://service.example/api"],
    env: { https_proxy: secret },
  }),
  "the user of an image": (secret) => ({ args: ["sign", "-P", "p", `user:${secret}@${image}`] }),
  "the user of an image in a list": (secret) => ({
    args: [
      "sign",
      "-P",
      "p",
      "--from-file",
      fileOf(`${image}\nuser:${secret.replaceAll("\n", "")}@${image}\n`),
    ],
  }),
  "a command": (secret) => ({ args: [secret] }),
  "a command of a group": (secret) => ({ args: ["imagesigning", secret] }),
  "an unknown option's value": (secret) => ({ args: ["products", `--tokn=${secret}`] }),
  "an unknown option": (secret) => ({ args: ["products", `--${secret}`] }),
  "an unknown short option": (secret) => ({ args: ["products", `-x${secret}`] }),
  "a switch's value": (secret) => ({ args: ["status", "id", `--wait=${secret}`] }),
  "a choice": (secret) => ({ args: ["signings", "--state", secret] }),
  "a number": (secret) => ({ args: ["signings", "--limit", secret] }),
  "a time": (secret) => ({ args: ["products", "--call-timeout", secret] }),
  "the type of an operation": (secret) => ({ args: ["imagesigning", "add", secret, "-P", "p", "-A", "x"] }),
  "a shell": (secret) => ({ args: ["completion", secret] }),
  "one argument too many": (secret) => ({ args: ["status", "id", secret] }),
  "--metadata": (secret) => ({ args: ["sign", image, "-P", "p", "--metadata", secret] }),
  "--digest": (secret) => ({ args: ["approve", "id", "--digest", secret] }),
};

let files = 0;
/** @param {string} content */
const fileOf = (content) => shell.file(`file-${++files}.txt`, content);
/** @param {object} settings */
const configOf = (settings) => fileOf(JSON.stringify(settings));

const certificate = shell.file(
  "client.pem",
  "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
);

/** Every piece of eight characters that a secret has; all of a shorter one. @param {string} secret */
function piecesOf(secret) {
  // Behind the `@` of credentials stands a registry.
  const lines = secret.replace(/@registry.*/, "").split(/\n|\\n/);
  const telling = lines.filter((line) => line && !line.startsWith("-----"));
  return telling.flatMap((line) =>
    Array.from({ length: Math.max(1, line.length - 7) }, (_, at) => line.slice(at, at + 8)),
  );
}

/** All of them at each place are hundreds of processes: so each place gets others, and some each place. */
const forms = Object.entries(secrets);
const formsAt = (/** @type {number} */ place) =>
  forms.filter((_, form) => [0, 2, 7].includes(form) || (form + place) % 4 === sized(0, (form + place) % 4));

for (const [index, [place, line]] of Object.entries(places).entries()) {
  test(`a secret as ${place} is said nowhere`, async () => {
    const runs = formsAt(index).map(async ([name, secret]) => {
      const { args, env } = line(secret);
      const { code, stdout, stderr } = await shell.ocisign([...args, "--json"], { env });
      const said = stdout + stderr;
      const told = piecesOf(secret).find((piece) => said.includes(piece));
      assert.equal(told, undefined, `${name}: ${said}`);
      assert.ok(code !== 0, `${name}: it should have failed: ${said}`);
      assert.match(said, /^error: .|^Usage: /m, name);
    });
    await Promise.all(runs);
  });
}

test("a line of another file, given as a list of images, is told by its number and not repeated", async () => {
  const secrets = ["hunter2/x", "ab/Cd1 9", "cafe0123456789abcdef/00"];
  const lines = /** @type {((secret: string) => string)[]} */ ([
    (secret) => `{"auths":{"https://registry.example/v1/":{"username":"me","password":"${secret}"}}}`,
    (secret) => `REGISTRY_PASSWORD=${secret}`,
    (secret) => `export PASSWORD='${secret}'`,
    (secret) => `//registry.example/:_password=${secret}`,
    (secret) => `password: ${secret}`,
    (secret) => `Authorization: Basic ${secret}`,
    (secret) => `machine registry.example/v2 login me password ${secret}`,
    (secret) => `docker login -u me -p ${secret} registry.example/app`,
    (secret) => `--password ${secret}`,
    (secret) => `<password>${secret}</password>`,
    (secret) => `me:${secret}`,
    (secret) => `/${secret}`,
    (secret) => `~/${secret}`,
  ]);
  const listed = lines.flatMap((line) => secrets.map(line));
  const args = ["sign", "-P", "p", "--from-file", fileOf(`${listed.join("\n")}\n`)];
  const runs = await Promise.all([shell.ocisign(args), shell.ocisign([...args, "--json"])]);
  for (const { code, stdout, stderr } of runs) {
    assert.equal(code, 1, stderr);
    assert.match(stderr, new RegExp(`${listed.length} lines of `));
    for (const secret of secrets) {
      const told = piecesOf(secret).find((piece) => `${stdout}${stderr}`.includes(piece));
      assert.equal(told, undefined, stderr);
    }
  }
  const slips = [
    "registry.example/my app:1",
    "registry.example/team/App",
    "docker.io/a:1",
    "localhost:5000/a",
  ];
  const shown = await shell.ocisign(["sign", "-P", "p", "--from-file", fileOf(`${slips.join("\n")}\n`)]);
  for (const slip of slips) assert.ok(shown.stderr.includes(`${slip}\n`), shown.stderr);
});

test("a path that is one is told, as far as it is there", async () => {
  for (const [given, told] of /** @type {[string, RegExp][]} */ ([
    ["missing.pem", /--token-file: missing\.pem: there is no such file/],
    [`${shell.folder}/missing.pem`, /secrets-\w+\/missing\.pem: there is no such file/],
    [`${shell.folder}/missing`, /secrets-\w+\/…: there is no such file/],
    ["bin", /bin: it is a folder/],
    [shell.file("S3cretName", " "), /S3cretName: it is empty/],
    ["key.pem/x.txt", /--token-file: a part of the path is not a folder/],
    ["nowhere/token.txt", /--token-file: there is no such file\.\n.*not shown here/],
  ])) {
    const { stderr } = await shell.ocisign(["products", "--token-file", given]);
    assert.match(stderr, told);
  }
});
