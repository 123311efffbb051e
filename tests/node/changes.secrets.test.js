// What looks like a secret is shown nowhere, and is compared all the same.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { compareImages } from "ocisign";
import { codes, hold, inFake, only } from "../support/changing.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { importSource } from "../support/source.js";

/** @type {typeof import("../../pkg/src/compare/packages/statement.ts")} */
const { openBill } = await importSource("pkg/src/compare/packages/statement.ts");

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

/** Tokens and the like in the forms that their makers gave them; each has `hunter2`, or is one as a whole. */
const r = (/** @type {number} */ length, part = "aB3") => part.repeat(length).slice(0, length);
const ofMakers = [
  ...["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"].map((start) => start + r(36)),
  ...["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glagent-"].map((start) => start + r(20)),
  ...["xoxb-", "xoxp-", "xoxa-", "xapp-1-", "xoxe.xoxp-1-"].map((start) => `${start}1234567890-${r(24)}`),
  `https://hooks.slack.com/services/T${r(8)}/B${r(8)}/${r(24)}`,
  `https://discord.com/api/webhooks/123456789012345678/${r(60)}`,
  ...[`AKIA${r(16, "A1B2")}`, `ASIA${r(16, "A1B2")}`],
  ...[`AIza${r(35)}`, `ya29.${r(60)}`, `GOCSPX-${r(28)}`],
  ...[`abc8Q~${r(34)}`, `npm_${r(36)}`, `pypi-${r(60)}`, `dckr_pat_${r(27)}`, `rubygems_${r(48)}`],
  ...[`hvs.${r(90)}`, `dop_v1_${r(64)}`, `sk_test_${r(24)}`, `sk-ant-api03-${r(90)}`, `SG.${r(22)}.${r(43)}`],
  ...[
    `shpat_${r(32)}`,
    `glsa_${r(32)}_abcdef01`,
    `123456789:${r(35)}`,
    `ATATT3${r(100)}`,
    `AGE-SECRET-KEY-1${r(58, "QPZR")}`,
  ],
  // An encrypted JWT has no second part.
  `eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..${r(16)}.${r(40)}.${r(22)}`,
  Buffer.from(pem).toString("base64"),
  pem.replaceAll("\n", "\\n"),
  `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${secret}\n-----END PGP PRIVATE KEY BLOCK-----`,
  `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}`,
  // Passwords in URLs, with signs in them that nobody should write there.
  ...[
    `redis://:${secret}@cache:6379/0`,
    `mongodb+srv://app:${secret}/x@db/`,
    `postgres://app:p@ss-${secret}@db/`,
  ],
  `https://oauth2:${r(1500)}${secret}@git.example/x`,
  // Connection strings.
  `Server=db;Database=x;User Id=sa;Password=${secret};`,
  `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${secret}==;EndpointSuffix=core.windows.net`,
  `Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=${secret}=`,
  `https://a.blob.core.windows.net/c?sv=2024-01-01&se=2030&sig=${secret}%3D`,
  `jdbc:mysql://db/x?user=a&password=${secret}`,
  `host=db user=app password=${secret}`,
  `{"auths":{"r.example":{"auth":"${secret}"}}}`,
  `//registry.npmjs.org/:_authToken=${secret}`,
  ...[`--token=ghp_${r(36)}`, `--token ghp_${r(36)}`, `Authorization: Bearer ghp_${r(36)}`],
];
const markOf = (/** @type {string} */ value) => (value.includes("hunter2") ? "hunter2" : value.slice(-14));

test("tokens of all usual makers, keys, connection strings: as a variable, a word, a label, a line of the history", async () => {
  for (const value of ofMakers) {
    const { environment, entrypoint, labels, layers } = only(
      await compare(
        {},
        {
          layers: ["one"],
          config: {
            Env: [`V=${value}`],
            Entrypoint: ["app", value, `--what=${value}`],
            Labels: { about: `see ${value}` },
          },
          outer: { history: [{ created_by: `RUN do '${value}'` }] },
        },
      ),
    );
    assert.deepEqual(environment[0], { name: "V", state: "added", after: { masked: true } }, value);
    const text = JSON.stringify([entrypoint, labels, layers]);
    assert.ok(!text.includes(markOf(value)), `${value}\n${text}`);
    assert.ok(!text.includes("secret] like"), text);
  }
});

test("what commands are given without a name for it", async () => {
  const lines = [
    `curl -u me:${secret} https://a/`,
    `curl --user "me:${secret}" https://a/`,
    `curl -H 'PRIVATE-TOKEN: ${secret}' https://a/`,
    `curl -H "X-Api-Key: ${secret}" https://a/`,
    `curl -H "Authorization: token ${secret}" https://a/`,
    `wget --header="Authorization: ${secret}" https://a/`,
    `echo 'root:${secret}' | chpasswd`,
    `echo "app:${secret}" | sudo chpasswd -e`,
    `sshpass -p ${secret} ssh a`,
    `docker login -u me -p ${secret} r.example`,
    `mysql -u root -p${secret} -e x`,
    `redis-cli -h a -a ${secret} ping`,
    `useradd -m -p ${secret} app`,
    `printf '[default]\\naws_secret_access_key = ${secret}\\n' > a`,
    `printf 'password: ${secret}\\n' > a.yml`,
    `echo "{\\"password\\": \\"${secret}\\"}" > a`,
    `export DBPASS=${secret} TS_AUTHKEY=${secret} SSHPASS=${secret}`,
  ];
  const image = {
    layers: lines.map((_, at) => `layer ${at}`),
    config: { Entrypoint: ["curl", "-u", `me:${secret}`], Cmd: ["sh", "-c", lines.join("; ")] },
    outer: { history: lines.map((line) => ({ created_by: `RUN ${line}` })) },
  };
  const { layers, entrypoint, command } = only(await compare({}, image));
  for (const { layer } of layers.filter(({ state }) => state === "new"))
    assert.ok(!layer.createdBy?.includes("hunter2"), layer.createdBy);
  assert.ok(
    !JSON.stringify([entrypoint, command]).includes("hunter2"),
    JSON.stringify([entrypoint, command]),
  );
});

test("names, and addresses of packages", async () => {
  const address = `postgres://app:${secret}@db`;
  const config = {
    Env: [address, `export TOKEN: ${secret}`],
    Volumes: { [address]: {} },
    Labels: { [address]: "x" },
  };
  const { environment, volumes, labels } = only(await compare({}, { config }));
  const names = [...environment, ...volumes, ...labels].map(({ name }) => name);
  assert.equal(names.length, 4);
  for (const name of names) assert.match(name, /\[looks like a secret\]/);
  assert.ok(!JSON.stringify([environment, volumes, labels]).includes("hunter2"));
  const bill = {
    ...{ bomFormat: "CycloneDX", specVersion: "1.6" },
    components: [
      { type: "library", name: "a", version: `git+https://me:${secret}@git.example/a#1` },
      { type: "library", name: `https://${secret}@git.example/b`, version: "1:2-3" },
    ],
  };
  const opened = await openBill(new TextEncoder().encode(JSON.stringify(bill)), "none");
  assert.deepEqual(
    opened?.bill.packages.map(({ name, version }) => [name, version]),
    [
      ["a", "git+https://[looks like a secret]@git.example/a#1"],
      ["https://[looks like a secret]@git.example/b", "1:2-3"],
    ],
  );
});

test("a quote that never closes hides what stands behind it, and is looked for once", async () => {
  const open = [
    `TOKEN=\\"${secret}\\" more`,
    `PASSWORD="${secret} and more`,
    `PASSWORD='${secret} and more`,
    `API_KEY: \\"${secret}\\n`,
    `PASSWORD="\\\n${secret}`,
    // Nothing was assigned: what stands next is an option, and no value.
    `NPM_TOKEN= --password ${secret}`,
    `API_KEY=\n--token ${secret}`,
    `Authorization: --password ${secret}`,
    // Searched again from each beginning, it would take hours.
    'TOKEN=\\"'.repeat(100_000),
  ];
  const { command } = only(await compare({}, { config: { Cmd: ["sh", "-c", ...open] } }));
  assert.ok(!JSON.stringify(command).includes("hunter2"), JSON.stringify(command));
});

test("what is public stays to be seen", async () => {
  const lines = [
    "RUN apt-get install -y glibc-common-2.34-100.el9 curl && rm -rf /var/lib/apt/lists/*",
    "RUN npm install @babel/core --registry https://registry.npmjs.org/@babel/core",
    "RUN npm_config_update_notifier=false npm ci --omit=dev",
    'CMD ["nginx", "-g", "daemon off;"]',
    "COPY --from=build /app /app # buildkit",
    "RUN docker run -p 8080:80 -u 1000:1000 app",
    "RUN curl -fsSL https://example.com:8443/a/b.tar.gz -o /tmp/b && echo 'sha256:abcdef0123456789' | sha256sum -c",
    "RUN useradd -u 1000 -m app",
    "ENV PATH=/usr/local/sbin:/usr/local/bin",
    "RUN gpg --keyserver hkps://keys.openpgp.org --recv-keys 0123456789ABCDEF",
  ];
  const { layers } = only(
    await compare(
      {},
      {
        layers: lines.map((_, at) => `layer ${at}`),
        outer: { history: lines.map((line) => ({ created_by: line })) },
      },
    ),
  );
  const shown = layers.filter(({ state }) => state === "new").map(({ layer }) => layer.createdBy);
  assert.deepEqual(shown, lines);
});
