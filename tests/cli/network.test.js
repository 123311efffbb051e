// Private CAs, client certificates and proxies, with a real TLS server and a real proxy.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TLSSocket } from "node:tls";
import { makeCertificates } from "../support/certificates.js";
import { shellIn } from "../support/cli.js";
import { connectProxy } from "../support/connect-proxy.js";
import { fakeService } from "../support/fake-service.js";

let shell;
let certificates;
let service;
/** The service with mTLS: only the CA's clients are let in. */
let strict;
before(async () => {
  shell = shellIn("network", { OCISIGN_TOKEN: "the-token" });
  certificates = makeCertificates(shell.folder);
  service = await fakeService(() => ({ body: [] }), certificates.server);
  strict = await fakeService(
    ({ socket }) => {
      assert.ok(socket instanceof TLSSocket);
      return { body: [{ id: "p", name: socket.getPeerCertificate().subject.CN }] };
    },
    {
      ...certificates.server,
      ca: certificates.ca,
      requestCert: true,
      rejectUnauthorized: true,
    },
  );
});
after(() => {
  service?.close();
  strict?.close();
  shell?.remove();
});

const ca = ["--cacert", "ca.pem"];
const client = ["--cert", "client.pem", "--tls-key", "client.key"];

test("a private CA is trusted when it is named, and only then", async () => {
  const trusted = await shell.ocisign(["products", "-a", service.url, ...ca]);
  assert.equal(trusted.code, 0, trusted.stderr);
  const byEnvironment = await shell.ocisign(["products", "-a", service.url], {
    env: { OCISIGN_CACERT: "ca.pem" },
  });
  assert.equal(byEnvironment.code, 0, byEnvironment.stderr);
  const stranger = await shell.ocisign(["products", "-a", service.url]);
  assert.equal(stranger.code, 1);
  assert.match(stranger.stderr, /certificate[\s\S]*--cacert/);
});

test("a client certificate, in every spelling", async () => {
  const encrypted = ["--cert", "client.pem", "--tls-key", "encrypted.key"];
  shell.file("both.pem", certificates.read("client.pem") + certificates.read("client.key"));
  const passphrase = { OCISIGN_TLS_PASSPHRASE: "pass phrase" };
  for (const [args, env] of /** @type {[string[], Record<string, string>?][]} */ ([
    [["products", ...client]],
    [[...client, "products"]],
    [["products", "--cert", "client.pem", "--key", "client.key"]],
    [["--cert", "client.pem", "--key", "client.key", "products"]],
    [["products", "--cert", "both.pem"]],
    [["products", ...encrypted], passphrase],
    [["products"], { OCISIGN_CERT: "client.pem", OCISIGN_TLS_KEY: "client.key" }],
  ])) {
    const let_in = await shell.ocisign([...args, "-a", strict.url, ...ca], { env });
    assert.equal(let_in.code, 0, `${args}: ${let_in.stderr}`);
    assert.match(let_in.stdout, /client/);
  }
  assert.equal((await shell.ocisign(["products", "-a", strict.url, ...ca])).code, 1);
});

test("the profile comes over the same network", async () => {
  const profile = `${strict.url}/profile`;
  const refused = await shell.ocisign(["products", "-a", strict.url, ...ca, ...client, "--profile", profile]);
  // It answers with a list, which is no profile: but it was let in, and read.
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /profile:1:1: this is not a JSON object/);
});

test("verify tells the public key from the key of the certificate", async () => {
  const image = `localhost:${strict.port}/team/app@sha256:${"ab".repeat(32)}`;
  shell.file("public.pem", PUBLIC);
  for (const args of [
    [...ca, "--cert", "client.pem", "--key", "client.key", "verify", image, "--key", "public.pem"],
    ["verify", image, "--key", "public.pem", ...ca, ...client],
  ]) {
    const outcome = await shell.ocisign([...args, "--registry-url", `https://localhost:${strict.port}`]);
    assert.equal(outcome.code, 1);
    assert.match(outcome.stdout, /^unreachable/);
    assert.ok(!/no answer/.test(outcome.stdout), outcome.stdout);
  }
  const mistaken = await shell.ocisign(["verify", image, "--key", "client.key"]);
  assert.equal(mistaken.code, 1);
  assert.match(mistaken.stderr, /holds a private key[\s\S]*--tls-key/);
  const certificate = await shell.ocisign(["verify", image, "--key", "client.pem"]);
  assert.match(certificate.stderr, /openssl x509/);
});

test("what is wrong with certificates and keys is said with the file's name", async () => {
  shell.file("garbage.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  shell.file("empty.pem", "");
  shell.file("noise.pem", Buffer.from([1, 0, 2, 255]));
  for (const [args, exit, message] of /** @type {[string[], number, RegExp][]} */ ([
    [["--cacert", "missing.pem"], 1, /--cacert: missing\.pem: there is no such file/],
    [["--cacert", "."], 1, /is a folder/],
    [["--cacert", "empty.pem"], 1, /is empty/],
    [["--cacert", "noise.pem"], 1, /binary/],
    [["--cacert", "garbage.pem"], 1, /damaged/],
    [["--cacert", "client.key"], 1, /no PEM certificate/],
    [["--cert", "client.pem"], 2, /without its key/],
    [["--tls-key", "client.key"], 2, /without a certificate/],
    [
      ["--cert", "client.pem", "--tls-key", "server.key"],
      1,
      /server\.key: it is not the key of the certificate/,
    ],
    [["--cert", "client.pem", "--tls-key", "ca.pem"], 1, /no private key/],
    [["--cert", "client.pem", "--tls-key", "encrypted.key"], 1, /OCISIGN_TLS_PASSPHRASE/],
    [["--cert", "client.pem", "--tls-key", "client.key", "--key", "client.key"], 2, /--key and --tls-key/],
  ])) {
    const { code, stderr } = await shell.ocisign(["products", "-a", service.url, ...args]);
    assert.equal(code, exit, `${args}: ${stderr}`);
    assert.match(stderr, message);
  }
  const { stderr } = await shell.ocisign(
    ["products", "-a", service.url, "--cert", "client.pem", "--tls-key", "encrypted.key"],
    { env: { OCISIGN_TLS_PASSPHRASE: "wrong phrase", OCISIGN_DEBUG: "1" } },
  );
  assert.match(stderr, /does not open it/);
  assert.ok(!stderr.includes("wrong phrase"));
});

test("a proxy of the environment is used, together with a private CA", async () => {
  // Not this machine by its name, so that it is not taken for loopback; the proxy leads there all the same.
  const url = strict.url.replace("localhost", "signing.example");
  for (const variable of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"]) {
    const proxy = await connectProxy();
    const done = await shell.ocisign(["products", "-a", url, ...ca, ...client], {
      env: { [variable]: proxy.url },
    });
    proxy.close();
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /client/, "the certificate is shown to the service, through the tunnel");
    assert.equal(done.stderr, "");
    assert.deepEqual([...new Set(proxy.tunnels)], [`signing.example:${strict.port}`], variable);
  }
});

test("NO_PROXY is heeded, a password works and is never shown, and this machine is reached directly", async () => {
  const url = service.url.replace("localhost", "signing.example");
  const proxy = await connectProxy("user:s3cret-pass");
  const run = (address, env) =>
    shell.ocisign(["products", "-a", address, "--call-timeout", "2s", ...ca], { env });
  try {
    assert.equal((await run(url, { HTTPS_PROXY: proxy.url })).code, 0);
    assert.ok(proxy.tunnels.length > 0);
    proxy.tunnels.length = 0;
    await run(url, { HTTPS_PROXY: proxy.url, NO_PROXY: "signing.example" });
    await run(url, { HTTPS_PROXY: proxy.url, no_proxy: "*" });
    assert.equal((await run(service.url, { HTTPS_PROXY: proxy.url })).code, 0);
    assert.deepEqual(proxy.tunnels, []);
    const refused = await run(url, { HTTPS_PROXY: proxy.url.replace("s3cret-pass", "wr0ng-pass") });
    assert.equal(refused.code, 1);
    assert.ok(!refused.stderr.includes("wr0ng-pass"), refused.stderr);
    const broken = await run(url, { HTTPS_PROXY: "http://user:s3cret-pass@:bad" });
    assert.equal(broken.code, 2);
    assert.match(broken.stderr, /HTTPS_PROXY is not the URL of a proxy/);
    assert.ok(!broken.stderr.includes("s3cret-pass"));
  } finally {
    proxy.close();
  }
});

test("a token never goes to this machine by way of a proxy, where http:// would show it", async () => {
  const open = await fakeService(() => ({ body: [] }));
  const proxy = await connectProxy();
  try {
    const done = await shell.ocisign(["products", "-a", open.url], { env: { HTTP_PROXY: proxy.url } });
    assert.equal(done.code, 0, done.stderr);
    assert.deepEqual([proxy.plain, proxy.tunnels], [[], []]);
  } finally {
    proxy.close();
    open.close();
  }
});

test("http:// is refused but on this machine: for the service, the profile and the registry", async () => {
  const image = `registry.example/app@sha256:${"ab".repeat(32)}`;
  shell.file("public.pem", PUBLIC);
  for (const args of [
    ["products", "-a", "http://signing.example/api"],
    ["products", "-a", service.url, "--profile", "http://signing.example/profile"],
    ["verify", image, "--key", "public.pem", "--registry-url", "http://registry.example"],
  ]) {
    const { code, stderr } = await shell.ocisign(args);
    assert.notEqual(code, 0);
    assert.match(stderr, /http:\/\//);
    assert.match(stderr, /https:\/\//);
  }
});

test("a profile that does not come is waited for as long as any call", async () => {
  const silent = await fakeService(() => ({ hang: true }));
  try {
    const args = ["products", "-a", service.url, "--profile", `${silent.url}/profile`];
    const { code, stderr } = await shell.ocisign([...args, "--call-timeout", "50ms"]);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /--profile: http.*: no answer within 50ms/);
  } finally {
    silent.close();
  }
});

test("what is secret in a URL is not in what is said about it", async () => {
  const profile = `${service.url}/profile`;
  for (const [args, message, env] of /** @type {[string[], RegExp, Record<string, string>?][]} */ ([
    [["-a", "https://signing.example/api?key=very-secret"], /signing\.example\/api\?\*{15}\n {29}\^/],
    [["-a", "https://user:very-secret@signing.example/api"], /user information/],
    [["-a", "https://us er:very-secret@signing.example/api"], /--url: /],
    [["-a", service.url, "--profile", `${profile}?key=very-secret`], /profile\?\*{15}: no answer/],
    [
      ["-a", service.url, ...ca, "--profile", `${profile}?key=very-secret`],
      /profile\?\*{15}:1:1: .*not a JSON/,
    ],
    [["-a", service.url, "--profile", profile.replace("://", "://u:very-secret@")], /user information/],
    [["-a", service.url, "--profile", "https://"], /--profile is not a URL/],
    [["-a", service.url], /HTTPS_PROXY is not the URL/, { HTTPS_PROXY: "http://u:very-secret%@proxy:1" }],
  ])) {
    const { code, stdout, stderr } = await shell.ocisign(["products", ...args], { env });
    assert.ok([1, 2].includes(code), stderr);
    assert.match(stderr, message);
    assert.ok(!`${stdout}${stderr}`.includes("very-secret"), stderr);
    assert.ok(!stderr.includes("should not have happened"), stderr);
  }
});

const PUBLIC = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt
6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==
-----END PUBLIC KEY-----
`;
