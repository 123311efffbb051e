// What looks like a secret is shown nowhere, and is compared all the same.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { compareImages } from "ocisign";
import { codes, hold, inFake, only } from "../support/changing.js";
import { fakeRegistry } from "../support/fake-registry.js";

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let registry;
before(async () => {
  registry = await fakeRegistry();
});
after(() => registry?.close());

const compare = async (/** @type {object} */ old, /** @type {object} */ now) => {
  const images = [await hold(inFake(registry), old), await hold(inFake(registry), now)];
  return compareImages(images[0].reference, images[1].reference, { packages: "none" });
};
const secret = "hunter2-correct-horse";
const jwt = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${"s".repeat(43)}`;
const pem = `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----`;

/** Names of variables by whether their value is shown. */
const names = {
  masked: [
    ...[
      "PASSWORD",
      "DB_PASSWORD",
      "dbPassword",
      "MYSQL_ROOT_PASSWD",
      "DB_PWD",
      "SSH_PASSPHRASE",
      "ADMIN_PASS",
    ],
    ...["API_KEY", "APIKEY", "AWS_SECRET_ACCESS_KEY", "ENCRYPTION_KEY", "private.key", "SIGNING_KEYS"],
    ...[
      "GITHUB_TOKEN",
      "authToken",
      "TOKEN_OF_CI",
      "NPM_AUTH",
      "CLIENT_SECRET",
      "GOOGLE_CREDENTIALS",
      "MY_JWT",
    ],
  ],
  shown: [
    ...["PATH", "LANG", "PWD", "OLDPWD", "HOME", "GPG_KEY", "PYTHON_SHA256", "VERSION", "AUTHOR", "KEYBOARD"],
    ...[
      "PASSWORD_FILE",
      "TOKEN_PATH",
      "SECRETS_DIR",
      "PUBLIC_KEY",
      "MONKEY",
      "COMPASS",
      "TOKENIZERS_PARALLELISM",
    ],
  ],
};

test("variables are masked by their names", async () => {
  const env = [...names.masked, ...names.shown].map((name) => `${name}=${secret}`);
  const changes = await compare({}, { config: { Env: env } });
  const { environment } = only(changes);
  const shown = environment.map((change) =>
    change.state === "added" && !change.after.masked ? change.name : "",
  );
  assert.deepEqual(shown.filter(Boolean), names.shown.toSorted());
  assert.equal(JSON.stringify(environment).split(secret).length - 1, names.shown.length);
  assert.deepEqual(
    codes(changes).filter((code) => code.startsWith("variable-secret")),
    names.masked.toSorted().map((name) => `variable-secret ${name}`),
  );
});

test("values are masked by their form, under any name", async () => {
  const values = [
    `https://user:${secret}@registry.example/`,
    `postgres://${secret}@db`,
    jwt,
    pem,
    `ghp_${"a1".repeat(18)}`,
    `AKIA${"A1B2".repeat(4)}`,
    `glpat-${"x".repeat(20)}`,
    `Bearer ${"t0".repeat(20)}`,
    `sk-${"p".repeat(40)}`,
  ];
  const { environment } = only(
    await compare({}, { config: { Env: values.map((value, at) => `V${at}=${value}`) } }),
  );
  for (const change of environment)
    assert.deepEqual(change, { name: change.name, state: "added", after: { masked: true } });
  assert.equal(environment.length, values.length);
});

test("a value that says nothing is shown, whatever its name", async () => {
  const env = ["TOKEN=", "USE_TOKEN=true", "AUTH=0", "KEY"];
  const { environment } = only(await compare({}, { config: { Env: env } }));
  for (const change of environment) assert.ok(change.state === "added" && !change.after.masked, change.name);
});

test("two secrets that differ are told apart, and two that do not are the same", async () => {
  const of = (/** @type {string} */ value) => ({
    config: { Env: [`A_TOKEN=${value}`, "B_TOKEN=same-as-ever"] },
  });
  const { environment } = only(await compare(of("one-of-them"), of("the-other-one")));
  const masked = { masked: true };
  assert.deepEqual(environment, [
    { name: "A_TOKEN", state: "changed", before: masked, after: masked },
    { name: "B_TOKEN", state: "same", value: masked },
  ]);
});

test("no other part shows one: commands, labels, annotations, history, the rest of a config", async () => {
  const lines = [
    `/bin/sh -c #(nop)  ENV DB_PASSWORD=${secret} and more ${secret}`,
    `ENV API_KEY=${secret} with blanks ${secret}`,
    `ARG TOKEN=${secret}`,
    `RUN |2 TOKEN=${secret} with ${secret} VERSION=1 /bin/sh -c make`,
    `|1 NPM_TOKEN=${secret} /bin/sh -c npm ci`,
    `RUN curl --password ${secret} https://me:${secret}@host/ # done`,
    `RUN curl --password="${secret}" -H 'Authorization: Bearer ${secret}'`,
    `RUN PASSWORD='${secret} ${secret}' ./build`,
    `RUN echo '{"password": "${secret}", "a": 1}'`,
    `RUN echo "${pem}" > key`,
  ];
  const image = {
    layers: lines.map((_, at) => `layer ${at}`),
    config: {
      Entrypoint: ["/app", "--password", secret, `--token=${secret}`],
      Cmd: ["sh", "-c", `API_KEY=${secret} exec app`],
      Labels: { "com.example.token": secret, url: `https://a:${secret}@b/` },
      Healthcheck: { Test: ["CMD-SHELL", `curl --token ${secret} localhost`] },
      OnBuild: [`ENV SECRET=${secret}`],
      Shell: ["sh", `PASSWORD=${secret}`],
      Secret: secret,
    },
    outer: {
      history: lines.map((line) => ({ created_by: line })),
      "com.example.credentials": { any: secret },
      author: `https://me:${secret}@host/`,
    },
    changes: { annotations: { "com.example.password": secret } },
  };
  const other = { ...image, config: { ...image.config, Entrypoint: ["/app", "--password", "another"] } };
  for (const changes of [await compare({}, image), await compare(image, other)]) {
    const text = JSON.stringify(changes);
    assert.ok(
      !text.includes("hunter2"),
      text.slice(text.indexOf("hunter2") - 200, text.indexOf("hunter2") + 100),
    );
  }
  const { entrypoint, layers } = only(await compare(image, other));
  const masked = ["/app", "--password", "[looks like a secret]"];
  assert.equal(entrypoint.state, "changed");
  assert.deepEqual("after" in entrypoint && entrypoint.after, masked);
  const shown = layers.map(({ layer }) => layer.createdBy ?? "");
  assert.match(shown[3] ?? "", /VERSION=1 \/bin\/sh -c make$/);
  assert.match(shown[5] ?? "", /https:\/\/\[looks like a secret\]@host\/ # done$/);
  assert.match(shown[8] ?? "", /"a": 1/);
});

test("a long text without any secret is looked through in one go", async () => {
  for (const piece of [
    "a",
    "a-",
    "--a ",
    "-----BEGIN ",
    "eyJ",
    "ENV a",
    "://",
    "a=",
    '"a": ',
    "|1 a=b ",
    "Bearer ",
  ]) {
    const text = piece.repeat(400_000 / piece.length);
    // A search that begins anew at each character would not come to its end.
    const old = { config: { Cmd: [text], Env: [`A=${text}`] }, outer: { history: [{ created_by: text }] } };
    assert.equal(only(await compare({}, old)).command.state, "added");
  }
});
