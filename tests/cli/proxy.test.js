// What is said, and what is sent again, when a proxy does not connect us?
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createServer as tcpServer } from "node:net";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { shellIn } from "../support/cli.js";
import { listening } from "../support/listening.js";

const service = "https://api.corp.example/a";
const image = `registry.corp.example/team/app@sha256:${"ab".repeat(32)}`;
const key = fileURLToPath(new URL("../fixtures/rsa4096.pem", import.meta.url));

let shell;
before(() => {
  shell = shellIn("proxy", { OCISIGN_TOKEN: "a.b.c" });
});
after(() => shell.remove());

/** @param {string} answer to each CONNECT; nothing: it hangs up */
async function proxyThatAnswers(answer) {
  const asked = [];
  const server = createServer();
  server.on("connect", (request, socket) => {
    asked.push(request.headers["proxy-authorization"]);
    // Unread, a socket never sees its other end close, and keeps this process alive.
    socket.on("error", () => {}).resume();
    if (answer) socket.end(answer);
    else socket.destroy();
  });
  const { port, close } = await listening(server);
  return { asked, place: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}`, close };
}

const products = ["products", "-a", service];
const verify = ["verify", image, "--key", key];

for (const [answer, said, fix] of /** @type {[string, RegExp, RegExp][]} */ ([
  [
    "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x",
    /HTTP 407 Proxy Auth/,
    /user and password into HTTPS_PROXY/,
  ],
  [
    "407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM",
    /HTTP 407/,
    /Use a proxy with Basic/,
  ],
  [
    "403 Forbidden",
    /HTTP 403 Forbidden/,
    /operator to allow (api|registry)\.corp\.example:443, or name .* in NO_PROXY/,
  ],
  ["404 Not Found", /HTTP 404 Not Found/, /Check HTTPS_PROXY/],
  ["299 Odd\r\n\r\nHTTP/1.1 400 Bad", /bad|record|SSL|closed|answered/i, /./],
])) {
  test(`a proxy answers ${answer.slice(0, 30)}: it is named, and asked once`, async () => {
    for (const args of [products, verify]) {
      const proxy = await proxyThatAnswers(`HTTP/1.1 ${answer}\r\n\r\n`);
      const { code, stdout, stderr } = await shell.ocisign(args, { env: { HTTPS_PROXY: proxy.url } });
      proxy.close();
      const all = `${stdout}${stderr}`;
      assert.equal(code, 1, all);
      assert.match(all, said);
      assert.match(all, fix);
      if (answer.startsWith("299")) continue;
      assert.ok(all.includes(`proxy ${proxy.place} answered`), all);
      assert.equal(proxy.asked.length, 1, `${args[0]}: ${all}`);
    }
  });
}

test("a wrong password is sent once, by service and registry calls alike, and is never shown", async () => {
  for (const args of [products, verify, ["sign", image, "--product", "p", "-a", service]]) {
    const proxy = await proxyThatAnswers("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\n\r\n");
    const url = proxy.url.replace("//", "//jane:wr0ng%40password@");
    const { code, stdout, stderr } = await shell.ocisign(args, {
      env: { HTTPS_PROXY: url, OCISIGN_DEBUG: "1" },
    });
    proxy.close();
    const all = `${stdout}${stderr}`;
    assert.equal(code, 1, all);
    assert.match(all, /Correct the proxy's user and password in HTTPS_PROXY/);
    assert.deepEqual(
      proxy.asked,
      [`Basic ${Buffer.from("jane:wr0ng@password").toString("base64")}`],
      args[0],
    );
    for (const secret of ["wr0ng", Buffer.from("jane:wr0ng@password").toString("base64")]) {
      assert.ok(!all.includes(secret), all);
    }
  }
});

test("a user without a password is sent, too", async () => {
  const proxy = await proxyThatAnswers("HTTP/1.1 407 No\r\n\r\n");
  await shell.ocisign(products, { env: { HTTPS_PROXY: proxy.url.replace("//", "//jane@") } });
  proxy.close();
  assert.deepEqual(proxy.asked, [`Basic ${Buffer.from("jane:").toString("base64")}`]);
});

test("passing faults of a proxy are tried again, as those of the network", async () => {
  for (const [answer, said] of /** @type {[string, RegExp][]} */ ([
    ["HTTP/1.1 503 Service Unavailable\r\n\r\n", /answered HTTP 503 Service Unavailable/],
    ["HTTP/1.1 502 Bad Gateway\r\n\r\n", /answered HTTP 502 Bad Gateway/],
    ["", /the proxy 127\.0\.0\.1:\d+ could not be used/],
  ])) {
    const proxy = await proxyThatAnswers(answer);
    const { code, stderr } = await shell.ocisign(products, { env: { https_proxy: proxy.url } });
    proxy.close();
    assert.equal(code, 1, stderr);
    assert.match(stderr, said);
    assert.match(stderr, /https_proxy/);
    assert.ok(stderr.includes(proxy.place), stderr);
    assert.ok(proxy.asked.length > 1, String(proxy.asked.length));
  }
});

test("what is no proxy is named", async () => {
  const garbage = tcpServer((socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
  await new Promise((listens) => garbage.listen(0, "127.0.0.1", () => listens(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (garbage.address());
  const { code, stderr } = await shell.ocisign(products, { env: { HTTPS_PROXY: `127.0.0.1:${port}` } });
  garbage.close();
  assert.equal(code, 1, stderr);
  assert.match(
    stderr,
    new RegExp(`The proxy 127\\.0\\.0\\.1:${port} answered with something that is not HTTP`),
  );
  assert.match(stderr, /Check the proxy in HTTPS_PROXY/);
  const gone = await shell.ocisign(products, { env: { HTTPS_PROXY: "http://127.0.0.1:9" } });
  assert.match(gone.stderr, /the proxy 127\.0\.0\.1:9 could not be used/);
});

for (const [what, answer] of [
  ["text", "It works!\r\n\r\n"],
  ["the handshake of SOCKS", "\x05\xff"],
  ["an alert of TLS", "\x15\x03\x01\x00\x02\x02\x46"],
]) {
  test(`what answers CONNECT by ${what} is no proxy, and is asked once`, async () => {
    let asked = 0;
    const server = tcpServer((socket) => {
      socket.once("data", () => {
        asked++;
        socket.end(answer, "latin1");
      });
      socket.on("error", () => {});
    });
    const { port, close } = await listening(server);
    const { stderr } = await shell.ocisign(products, { env: { HTTPS_PROXY: `127.0.0.1:${port}` } });
    close();
    assert.match(stderr, new RegExp(`The proxy 127\\.0\\.0\\.1:${port} answered with something`));
    assert.equal(asked, 1, stderr);
  });
}

test("a proxy that ends the connection within its answer is named", async () => {
  for (const answer of ["", "HTTP/1.1 4", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 Forbidden\r\n\r\n"]) {
    const server = tcpServer((socket) => {
      socket.once("data", () => socket.end(answer)).on("error", () => {});
    });
    const { port, close } = await listening(server);
    const { stderr } = await shell.ocisign(products, { env: { HTTPS_PROXY: `127.0.0.1:${port}` } });
    close();
    assert.ok(stderr.includes(`the proxy 127.0.0.1:${port} could not be used`), stderr);
  }
});

test("a proxy that never answers does not hold the program once the time is over", {
  timeout: 60_000,
}, async () => {
  const server = tcpServer((socket) => socket.on("error", () => {}));
  const { port, close } = await listening(server);
  for (const args of [products, verify]) {
    const { code, stdout, stderr } = await shell.ocisign([...args, "--call-timeout", "200ms"], {
      env: { HTTPS_PROXY: `127.0.0.1:${port}` },
    });
    assert.equal(code, 1);
    assert.match(`${stdout}${stderr}`, /within 200 ms/);
  }
  close();
});

test("a profile that comes through the proxy tells of it, too", async () => {
  const proxy = await proxyThatAnswers("HTTP/1.1 403 Forbidden\r\n\r\n");
  const args = [...products, "--profile", "https://files.corp.example/profile.json"];
  const { stderr } = await shell.ocisign(args, { env: { HTTPS_PROXY: proxy.url } });
  proxy.close();
  assert.match(stderr, /answered HTTP 403 Forbidden when asked for files\.corp\.example:443/);
});

test("hosts of NO_PROXY, and this machine, are not asked of the proxy", async () => {
  for (const [list, url] of [
    ["10.0.0.0/8", "https://10.1.2.3/a"],
    ["2001:db8::1", "https://[2001:db8::1]/a"],
    [".corp.example", service],
    ["api.corp.example:443", service],
    ["", "https://localhost:9/a"],
    ["", "https://[::1]:9/a"],
    ["", "https://127.1.2.3:9/a"],
  ]) {
    const proxy = await proxyThatAnswers("HTTP/1.1 403 No\r\n\r\n");
    const args = ["products", "-a", url, "--call-timeout", "200ms"];
    const { stderr } = await shell.ocisign(args, { env: { HTTPS_PROXY: proxy.url, NO_PROXY: list } });
    proxy.close();
    assert.deepEqual(proxy.asked, [], `${list} ${url}: ${stderr}`);
  }
});
