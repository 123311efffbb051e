// `ocisign verify --certificate-root`: which certificates count, and what is said of them.
import assert from "node:assert/strict";
import { sign } from "node:crypto";
import { after, before, test } from "node:test";
import { attachSignature, signingPayload } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { cliSandbox, documentOf } from "../support/cli.js";
import { ca, lasting, Pki, signing } from "../support/code-signing.js";

const pki = new Pki();
const identity = "release@example.com";
const root = pki.issue("/O=Example/CN=Root", lasting);
const middle = pki.issue("/O=Example/CN=Middle", { issuer: root, extensions: ca, ...lasting });
const named = { extensions: [...signing, `subjectAltName=email:${identity}`], ...lasting };
const leaf = pki.issue("/O=Example/CN=Release", { issuer: middle, ...named });
const otherRoot = pki.issue("/O=Other/CN=Root", lasting);

/** @type {Awaited<ReturnType<typeof cliSandbox>>} */
let at;
/** One with its chain, one with a bundle that has no place for it. @type {string[]} */
const images = [];
before(async () => {
  at = await cliSandbox("verify-certificates");
  const { domain, username, password } = at.sandbox.registry;
  const registry = { username: String(username), password: String(password) };
  const certified = { publicKey: leaf.publicKey, certificate: leaf.pem, chain: middle.pem, registry };
  for (const format of /** @type {const} */ (["simple-signing", "bundle"])) {
    const repository = `team/${format}`;
    const image = `${domain}/${repository}@${await pushImage(new Registry(at.sandbox.registry), repository)}`;
    const signature = sign("sha256", (await signingPayload(image, format)).bytes, leaf.privateKey);
    await attachSignature(image, { ...certified, format, signature });
    images.push(image);
  }
  at.file("root.pem", root.pem);
  at.file("root.der", /** @type {any} */ (root.der));
  at.file("middle.pem", middle.pem + middle.keyPem);
  at.file("other.pem", otherRoot.pem);
  at.file("leaf.pub", leaf.publicKey);
  at.file("leaf.pem", leaf.pem);
  at.file("other.pub", otherRoot.publicKey);
});
after(async () => {
  pki.close();
  await at?.close();
});

/** @param {...string} args */
const verify = (...args) => at.ocisign(["verify", ...args]);

test("a root is enough: the text names the certificate, and says what nothing proves", async () => {
  const [simple = ""] = images;
  const { code, stdout, stderr } = await verify(simple, "--certificate-root", "root.pem");
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^verified {2}/);
  assert.match(stdout, /Signed by the key of a certificate below a given root \(1 of 1\)\./);
  assert.match(
    stdout,
    /warning: The certificates are valid at .*Whether they were valid when the image was signed is unknown/,
  );
  assert.match(stdout, /warning: Each code-signing certificate below the given roots counts/);
  assert.match(
    stdout,
    /certificate CN=Release,O=Example for release@example\.com below CN=Root,O=Example, valid until 2099-12-31T23:59:59Z/,
  );
});

test("a bundle, DER, and each option that says whose certificate it has to be", async () => {
  const [simple = "", bundle = ""] = images;
  const below = ["--certificate-root", "root.der", "--certificate-intermediate", "middle.pem"];
  const whose = ["--certificate-identity", "other@example.com", "--certificate-identity", identity];
  const { code, stdout, stderr } = await verify(
    bundle,
    ...below,
    ...whose,
    "--certificate-subject",
    "CN=Release,O=Example",
    "--json",
  );
  assert.equal(code, 0, stderr);
  const { state, warnings, signatures } = documentOf({ stdout });
  assert.equal(state, "verified");
  assert.equal(warnings.length, 1);
  assert.equal(signatures[0].certificate.root.subject, "CN=Root,O=Example");
  const key = await verify(simple, ...below, "--key", "leaf.pub", "--certificate-time", "2026-06-01");
  assert.equal(key.code, 0, key.stderr);
});

test("5: with a reason for each certificate that does not count", async () => {
  const [simple = "", bundle = ""] = images;
  const own = ["--certificate-root", "root.pem"];
  const all = [
    [simple, ["--certificate-root", "other.pem"], /leads to no given root/],
    [bundle, own, /`CN=Release,O=Example` leads to no given root: its issuer `CN=Middle,O=Example`/],
    [
      simple,
      [...own, "--certificate-identity", "release@example.co"],
      /another identity than the required one/,
    ],
    [simple, [...own, "--certificate-subject", "CN=Release"], /not of the required subject/],
    [
      simple,
      [...own, "--certificate-time", "2019-06-01T00:00:00Z"],
      /is not valid before 2020-01-01T00:00:00Z/,
    ],
    [simple, [...own, "--certificate-time", "2100-01-01"], /expired on 2099-12-31T23:59:59Z/],
    [simple, [...own, "--key", "other.pub"], /The certificate is of another key than the given ones/],
  ];
  for (const [image, args, why] of /** @type {[string, string[], RegExp][]} */ (all)) {
    const { code, stdout, stderr } = await verify(image, ...args);
    assert.equal(code, 5, stderr);
    assert.match(stdout, /^invalid {2}/);
    assert.match(stdout, why);
  }
});

test("a list tells once what holds for all of it", async () => {
  at.file("images.txt", images.join("\n"));
  const below = ["--certificate-root", "root.pem", "--certificate-intermediate", "middle.pem"];
  const { code, stdout, stderr } = await verify("--from-file", "images.txt", ...below);
  assert.equal(code, 0, stderr);
  assert.equal(stdout.match(/^verified {2}/gm)?.length, 2);
  assert.equal(stderr.match(/signed is unknown/g)?.length, 1);
  const wrong = await verify("--from-file", "images.txt", "--certificate-root", "other.pem");
  assert.equal(wrong.code, 5);
});

test("2 and 1: options and files that cannot be used are named", async () => {
  const [simple = ""] = images;
  at.file("empty.pem", "");
  at.file("cut.pem", root.pem.replace(/(?<=\n).{20}/, ""));
  const own = ["--certificate-root", "root.pem"];
  const all = [
    [2, ["--certificate-identity", identity], /--certificate-identity needs --certificate-root/],
    [2, ["--certificate-intermediate", "middle.pem"], /--certificate-intermediate needs --certificate-root/],
    [2, ["--certificate-time", "2026-06-01"], /--certificate-time needs --certificate-root/],
    ...["soon", "2026-02-30", "2026-02-30T08:00:00Z", "2027-02-29T23:59:59.9+01:00"].map((time) => [
      2,
      [...own, "--certificate-time", time],
      /--certificate-time is neither a time nor a date/,
    ]),
    [1, ["--certificate-root", "missing.pem"], /--certificate-root: missing\.pem: there is no such file/],
    [1, ["--certificate-root", "empty.pem"], /--certificate-root: empty\.pem: it is empty/],
    [1, ["--certificate-root", "leaf.pub"], /--certificate-root: leaf\.pub: it holds no PEM certificate/],
    [1, ["--certificate-root", "cut.pem"], /--certificate-root: cut\.pem: a certificate in it is damaged/],
    [1, ["--certificate-root", "leaf.pem"], /`CN=Release,O=Example` is no CA/],
  ];
  for (const [code, args, why] of /** @type {[number, string[], RegExp][]} */ (all)) {
    const came = await verify(simple, ...args);
    assert.match(came.stderr, why);
    assert.equal(came.code, code, came.stderr);
    assert.equal(came.stdout, "");
  }
});

test("`attach` keeps a certificate and its chain, and none of the key beside it", async () => {
  const { domain, username, password } = at.sandbox.registry;
  const image = `${domain}/team/attached@${await pushImage(new Registry(at.sandbox.registry), "team/attached")}`;
  const env = { OCISIGN_REGISTRY_USERNAME: String(username), OCISIGN_REGISTRY_PASSWORD: String(password) };
  const { bytes } = await signingPayload(image, "simple-signing");
  at.file("payload.sig", /** @type {any} */ (sign("sha256", bytes, leaf.privateKey)));
  at.file("both.pem", leaf.keyPem + leaf.pem);
  const own = ["attach", image, "--signature", "payload.sig", "--key", "leaf.pub"];
  const wrong = [
    [["--chain", "middle.pem"], 2, /--chain needs --certificate/],
    [["--certificate", "other.pem"], 1, /is a CA's/],
    [
      ["--certificate", "both.pem", "--chain", "root.pem"],
      1,
      /The chain is out of order, or of another certificate/,
    ],
    [["--certificate", "leaf.pub"], 1, /--certificate: leaf\.pub: it holds no PEM certificate/],
    [["--certificate", "missing.pem"], 1, /--certificate: missing\.pem: there is no such file/],
  ];
  for (const [args, code, why] of /** @type {[string[], number, RegExp][]} */ (wrong)) {
    const came = await at.ocisign([...own, ...args], { env });
    assert.match(came.stderr, why);
    assert.equal(came.code, code);
  }
  assert.equal((await verify(image, "--certificate-root", "root.pem")).code, 5, "nothing was pushed");
  const { code, stderr } = await at.ocisign([...own, "--certificate", "both.pem", "--chain", "middle.pem"], {
    env,
  });
  assert.equal(code, 0, stderr);
  const verified = await verify(image, "--certificate-root", "root.pem", "--certificate-identity", identity);
  assert.equal(verified.code, 0, verified.stderr + verified.stdout);
});

test("a proof file is judged by certificates as a registry is", async () => {
  const [simple = ""] = images;
  const made = await at.ocisign(["bundle", simple, "--key", "leaf.pub"]);
  assert.equal(made.code, 0, made.stderr);
  at.file("proof.json", made.stdout);
  const from = ["--proof", "proof.json", "--key", "leaf.pub"];
  const good = await verify(simple, ...from, "--certificate-root", "root.pem");
  assert.equal(good.code, 0, good.stderr + good.stdout);
  assert.match(good.stdout, /certificate CN=Release,O=Example/);
  for (const wrong of [
    ["--certificate-root", "other.pem"],
    ["--certificate-root", "root.pem", "--certificate-identity", "x@example.com"],
  ]) {
    const { code, stdout } = await verify(simple, ...from, ...wrong);
    assert.equal(code, 5, stdout);
    assert.match(stdout, /^invalid {2}/);
  }
});
