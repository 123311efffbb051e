// The sandbox with its PIN, its registries' passwords and people's tokens planted: none of them is in its log at the lowest
// level, in its metrics, in what its API says, or in its folder, and no program that it starts is given another's.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { echoingServer, ways } from "../support/echoing-server.js";
import { leaksIn, planted, plantedBasic } from "../support/planted.js";
import { clientsOf, productFor, program, quick, temporaryFolder, testSandbox } from "../support/sandbox.js";
import { softHsm } from "../support/softhsm.js";

/** @type {ReturnType<typeof softHsm>} */
let hsm;
/** @type {Awaited<ReturnType<typeof echoingServer>>} */
let registry;
const place = temporaryFolder("planted");
before(async () => {
  hsm = softHsm({ pin: planted.pin });
  // It wants to know who asks, and then answers by the way.
  registry = await echoingServer({
    otherwise: ({ headers }) =>
      headers.authorization
        ? undefined
        : { status: 401, headers: { "www-authenticate": 'Basic realm="registry"' } },
  });
});
after(() => {
  registry.close();
  hsm.close();
  place.remove();
});

/** What is planted in a sandbox, beside its people's own tokens. */
const { pin, token, registryPassword, otherPassword } = planted;
const secrets = { pin, token, registryPassword, otherPassword, basic: plantedBasic };

/** Every file of a folder, as one text of bytes, but those that are documented to hold tokens. @param {string} folder */
function filesIn(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((it) => it.isFile());
  const read = files.filter(({ name }) => name !== "ready.json");
  assert.ok(read.some(({ name }) => name === "ocisign.sqlite"));
  return read.map((it) => `${it.name} ${readFileSync(join(it.parentPath, it.name), "latin1")}`).join("\n");
}

/**
 * A sandbox at the lowest level of its log. `check` looks for all of its secrets in all that it says and keeps.
 *
 * @param {Parameters<typeof testSandbox>[0]} options
 */
async function watched({ args = [], ...options } = {}) {
  let log = "";
  const data = join(place.folder, String(options.name));
  const onLog = (/** @type {string} */ text) => {
    log += text;
  };
  const sandbox = await testSandbox({ ...options, data, onLog, args: ["--log", "trace", ...args] });
  // Without its last part, a token is good for nothing.
  const people = sandbox.people.map(
    (person) =>
      /** @type {const} */ ([
        `token of ${person.name}`,
        person.token.split(".")[2] ?? assert.fail("it is a JWT"),
      ]),
  );
  /** @type {Record<string, string>} */
  const all = { ...secrets, ...Object.fromEntries(people) };
  const said = async () => {
    const at = new URL(sandbox.base).origin;
    const paths = ["metrics", "healthz", "readyz"].map((path) => fetch(`${at}/${path}`));
    const calls = ["imagesignings", "products", "registrycredentials", "audit", "openapi.json"].map((path) =>
      fetch(`${sandbox.base}/${path}`, {
        headers: { authorization: `Bearer ${sandbox.person("admin").token}` },
      }),
    );
    const replies = await Promise.all([...paths, ...calls]);
    return (await Promise.all(replies.map((it) => it.text()))).join("\n");
  };
  if (sandbox.registry.password) all["the embedded registry's"] = sandbox.registry.password;
  return {
    sandbox,
    as: await clientsOf(sandbox),
    log: () => log,
    async check() {
      for (const [where, text] of /** @type {const} */ ([
        ["its log", log],
        ["what it says", await said()],
        ["its folder", filesIn(data)],
        ["the list of processes", readFileSync(`/proc/${sandbox.pid}/cmdline`, "latin1")],
      ])) {
        const leaks = leaksIn(text, all);
        assert.deepEqual(leaks, [], `${where}: ${leaks}`);
      }
    },
  };
}

/** Posts whatever it is. @param {import("../../demo/sandbox.js").Sandbox} sandbox @param {string} path @param {unknown} body @param {string} by */
const post = (sandbox, path, body, by = sandbox.person("admin").token) =>
  fetch(`${sandbox.base}/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${by}`, "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

for (const format of ["text", "json"]) {
  test(`signs with keys in a token, and logs as ${format}`, async () => {
    const args = [...hsm.args, "--log-format", format, "--allow-registry", registry.origin];
    const { sandbox, as, log, check } = await watched({ name: `signs-${format}`, args });
    try {
      const domain = `127.0.0.1:${registry.port}`;
      const kept = { domain, username: planted.registryUser, password: registryPassword };
      assert.equal((await post(sandbox, "registrycredentials", kept)).status, 201);
      const product = await as("requester").createProduct(productFor(sandbox));
      const image = `${sandbox.registry.domain}/team/app@${await pushImage(new Registry(sandbox.registry), "team/app")}`;
      const { id } = await as("requester").requestSigning({ product, artifact: image });
      for (const role of ["approver-one", "approver-two"]) await as(role).approve(id);
      const { state, reason } = await as("requester").waitForSignature(id, quick);
      assert.equal(state, "signed", reason);

      // Secrets in every wrong place.
      const replies = await Promise.all([
        post(sandbox, "products", "{}", token),
        post(sandbox, `products?token=${encodeURIComponent(token)}`, { token }),
        post(sandbox, `products/${encodeURIComponent(token)}`, {}),
        post(sandbox, "registrycredentials", { ...kept, domain: otherPassword }),
        post(sandbox, "registrycredentials", { ...kept, pin }),
        post(sandbox, "registrycredentials", { ...kept, [otherPassword]: otherPassword }),
        post(
          sandbox,
          "registrycredentials",
          `{"domain": "${domain}", "password": ${JSON.stringify(otherPassword)}`,
        ),
        post(sandbox, "registrycredentials", [otherPassword]),
      ]);
      for (const reply of replies) {
        assert.ok(reply.status >= 400 && reply.status < 500, String(reply.status));
        assert.deepEqual(leaksIn(await reply.text(), secrets), [], reply.url);
      }
      assert.match(log(), /TRACE|"level":"TRACE"/);
      await check();
    } finally {
      await sandbox.close();
    }
  });
}

test("a registry that repeats its password, in every way", async () => {
  const note = join(place.folder, "environment");
  const command = join(place.folder, "password");
  writeFileSync(command, `#!/bin/sh\ntr '\\0' '\\n' < /proc/$$/environ > "${note}"\ncat "${command}.txt"\n`);
  chmodSync(command, 0o700);
  writeFileSync(`${command}.txt`, registryPassword);
  const { sandbox, as, log, check } = await watched({
    name: "refused",
    registry: { url: registry.origin, username: planted.registryUser },
    env: { OCISIGN_PKCS11_PIN: pin },
    args: ["--pkcs11-module", hsm.module, "--registry-password-command", command],
  });
  try {
    const environment = readFileSync(note, "utf8");
    assert.match(environment, /PATH=/);
    assert.deepEqual(leaksIn(environment, secrets), [], "the command's environment");
    const product = await as("requester").createProduct(productFor(sandbox));
    for (const [at, way] of Object.keys(ways).entries()) {
      registry.answerBy(way, at / Object.keys(ways).length);
      const artifact = `${sandbox.registry.domain}/team/app@sha256:${String(at).padStart(64, "0")}`;
      const { id } = await as("requester").requestSigning({ product, artifact });
      for (const role of ["approver-one", "approver-two"]) await as(role).approve(id);
      // It ends, or waits until the registry is better.
      const isPutOff = () =>
        log()
          .split("\n")
          .some((line) => line.includes("put off") && line.includes(id));
      while (!isPutOff() && !(await as("requester").signing(id)).reason) await pause(20);
      assert.ok(
        registry.asked.some(({ headers }) => headers.authorization === `Basic ${plantedBasic}`),
        way,
      );
    }
    await check();
  } finally {
    await sandbox.close();
  }
});

test("a PIN that is wrong, or in the open, is not repeated", () => {
  const start = (/** @type {string[]} */ ...args) =>
    spawnSync(
      program,
      ["--data", join(place.folder, "never"), "--log", "trace", "--pkcs11-module", hsm.module, ...args],
      {
        env: { ...process.env, OCISIGN_PKCS11_PIN: otherPassword },
        encoding: "utf8",
      },
    );
  for (const { status, stdout, stderr } of [start(), start("--pin", pin), start("--pin", `@${pin}`)]) {
    assert.notEqual(status, 0);
    assert.deepEqual(leaksIn(`${stdout}${stderr}`, { otherPassword }), [], stderr);
  }
});
