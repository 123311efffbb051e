// What the command line starts, and how: a program that needs no secret finds none, neither in its arguments nor in its
// environment. And no proxy's password is told, however the proxy refuses.
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { shellIn } from "../support/cli.js";
import { fakeService, productOf, signingOf } from "../support/fake-service.js";
import { listening } from "../support/listening.js";
import { allPlanted, echoOf, leaksIn, planted, plantedBasic } from "../support/planted.js";

const image = `registry.example/team/app@sha256:${"3f".repeat(32)}`;

const shell = shellIn("processes", {
  OCISIGN_DEBUG: "1",
  OCISIGN_REGISTRY_USERNAME: planted.registryUser,
  OCISIGN_REGISTRY_PASSWORD: planted.registryPassword,
  OCISIGN_TLS_PASSPHRASE: planted.passphrase,
  OCISIGN_KEYCHAIN: "no",
});
/** @type {Awaited<ReturnType<typeof fakeService>>} */
let service;
before(async () => {
  service = await fakeService(({ path }) => {
    if (path.includes("products")) return { body: [productOf("registry.example")] };
    return { body: [signingOf(image, { productId: "p" })] };
  });
  await Promise.all(Object.keys(programs).map(program));
});
after(() => {
  service.close();
  shell.remove();
});

/** Each writes down how it was started, and does its work. @type {Record<string, string>} */
const programs = {
  browser: "",
  notifier: "cat > /dev/null",
  "docker-credential-planted": "cat > /dev/null; exit 1",
  "print-token": `cat "${join(shell.folder, "token.txt")}"`,
};

const noteOf = (/** @type {string} */ name) => join(shell.folder, "notes", name);

/** @param {string} name */
function program(name) {
  mkdirSync(join(shell.folder, "notes"), { recursive: true });
  const note = noteOf(name);
  const look = `{ tr '\\0' '\\n' < /proc/$$/cmdline; tr '\\0' '\\n' < /proc/$$/environ; } > "${note}.part"; mv "${note}.part" "${note}"`;
  const path = shell.file(join("bin", name), `#!/bin/sh\n${look}\n${programs[name]}\n`);
  chmodSync(path, 0o755);
}

/** What it found; it may still be about to begin. @param {string} name */
async function foundBy(name) {
  while (!existsSync(noteOf(name))) await new Promise((resolve) => setTimeout(resolve, 20));
  return readFileSync(noteOf(name), "utf8");
}

const url = () => ({ OCISIGN_URL: service.url });

test("a browser gets no secret", async () => {
  const env = {
    ...url(),
    OCISIGN_TOKEN: planted.token,
    BROWSER: "browser",
    OCISIGN_PAGE: "https://page.example",
  };
  const { code, stderr } = await shell.ocisign(["signings", "--web"], { env });
  assert.equal(code, 0, stderr);
  assert.deepEqual(leaksIn(await foundBy("browser")), []);
});

test("a program that is told of requests gets no secret, whichever variable holds one", async () => {
  const env = {
    ...url(),
    OCISIGN_TOKEN: planted.token,
    MY_COPY: `Bearer ${planted.token}`,
    MY_OWN: Buffer.from(`x:${planted.token}`).toString("base64"),
  };
  const args = ["watch", "--once", "--since", "1000000h", "--all", "--exec", "--", "notifier"];
  const { code, stderr } = await shell.ocisign(args, { env });
  assert.equal(code, 0, stderr);
  const found = await foundBy("notifier");
  assert.match(found, /OCISIGN_|HOME=/);
  assert.deepEqual(leaksIn(found), []);
});

test("a credential helper gets no secret, not even that of another registry", async () => {
  const auths = { "other.example": { auth: plantedBasic } };
  const config = JSON.stringify({ auths, credHelpers: { "127.0.0.1:1": "planted" } });
  const env = {
    ...url(),
    OCISIGN_TOKEN: planted.token,
    OCISIGN_REGISTRY_USERNAME: "",
    OCISIGN_REGISTRY_PASSWORD: "",
  };
  await shell.ocisign(["diff", image.replace("registry.example", "127.0.0.1:1"), image], {
    env: { ...env, DOCKER_AUTH_CONFIG: config },
  });
  assert.deepEqual(leaksIn(await foundBy("docker-credential-planted")), []);
});

test("a command that prints a token gets none of our other secrets", async () => {
  shell.file("token.txt", planted.token);
  const env = { ...url(), OCISIGN_TOKEN_COMMAND: "print-token", OCISIGN_ID_TOKEN: "its own" };
  const { code, stderr } = await shell.ocisign(["products"], { env });
  assert.equal(code, 0, stderr);
  const found = await foundBy("print-token");
  assert.match(found, /OCISIGN_ID_TOKEN=its own/);
  assert.deepEqual(leaksIn(found), []);
});

test("the list of processes shows no argument of the program itself", async () => {
  const hanging = await fakeService(() => ({ hang: true }));
  const running = shell.start(["products", "-t", planted.token, "--call-timeout", "20s"], {
    env: { OCISIGN_URL: hanging.url },
  });
  while (hanging.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const shown = readFileSync(`/proc/${running.child.pid}/cmdline`, "latin1");
  running.child.kill();
  hanging.close();
  assert.deepEqual(leaksIn(shown), []);
});

test("a proxy's password is told nowhere, whatever the proxy says of it", async () => {
  const spelled = encodeURIComponent(planted.proxyPassword);
  for (const status of [403, 407, 502]) {
    const server = createServer();
    server.on("connect", (request, socket) => {
      const sent = String(request.headers["proxy-authorization"]);
      const words = echoOf(planted.proxyPassword)
        .join(" ")
        .replace(/[^\x20-\x7e]/g, "");
      socket.on("error", () => {});
      socket.end(
        `HTTP/1.1 ${status} ${sent} ${words}\r\nX-Sent: ${sent}\r\nLocation: http://${words}\r\n\r\n${words}`,
      );
    });
    const { port, close } = await listening(server);
    const HTTPS_PROXY = `http://robot:${spelled}@127.0.0.1:${port}`;
    const env = { HTTPS_PROXY, OCISIGN_URL: "https://service.example/api", OCISIGN_TOKEN: planted.token };
    const { code, stdout, stderr } = await shell.ocisign(["products", "--json"], { env });
    close();
    assert.equal(code, 1, stderr);
    assert.deepEqual(leaksIn(`${stdout}${stderr}`), [], stderr);
  }
});

test("what is planted is found", () => {
  // The look itself: a secret in each of its forms is seen.
  for (const secret of Object.values(allPlanted)) assert.notDeepEqual(leaksIn(`x ${secret} y`), []);
  assert.deepEqual(leaksIn(Buffer.from(`ab${planted.pin}z`).toString("base64"), { pin: planted.pin }), [
    "pin (base64, after 2)",
  ]);
  assert.deepEqual(leaksIn("nothing here"), []);
});
