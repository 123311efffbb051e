// Public keys as people have them: what openssl reads is read, and what is no public key is named. openssl makes them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { attachSignature, readPublicKey, verifySignatures } from "ocisign";
import { shellIn } from "../support/cli.js";
import { temporaryFolder } from "../support/sandbox.js";
import { keyPair, manifestOf, payloadFor, reference, simpleLayer } from "../support/signatures.js";
import { importSource } from "../support/source.js";

const { folder, remove } = temporaryFolder("key-forms");
after(remove);

/** @param {string} line of openssl, or another program */
function run(line, program = "openssl") {
  return execFileSync(program, line.split(" "), { cwd: folder, stdio: "pipe" });
}
/** @param {string} name */
const file = (name) => new Uint8Array(readFileSync(join(folder, name)));

run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key");
run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.key");
for (const name of ["rsa", "ec"]) run(`pkey -in ${name}.key -pubout -out ${name}.pem`);
const pem = String(readFileSync(join(folder, "rsa.pem")));
const other = String(readFileSync(join(folder, "ec.pem")));
const { fingerprint } = readPublicKey(pem);

/** @param {string} text */
const utf16be = (text) => Buffer.from(text, "utf16le").swap16();
const bare = pem.replace(/-----.*?-----|\s/g, "");

for (const [name, given] of /** @type {[string, string | Uint8Array][]} */ ([
  ["text before", `Release key 2026 (signing-team)\n${pem}`],
  ["text before, with dashes and a zero in front", `0 - keys -----\n--- of 2026 ---\n${pem}`],
  ["text behind", `${pem}# rotated in January\n`],
  ["what openssl rsa -text writes", run("rsa -pubin -in rsa.pem -text").toString()],
  ["PKCS #1 in PEM", run("rsa -in rsa.key -RSAPublicKey_out").toString()],
  ["PKCS #1 in DER", new Uint8Array(run("rsa -in rsa.key -RSAPublicKey_out -outform DER"))],
  ["DER", new Uint8Array(run("pkey -pubin -in rsa.pem -outform DER"))],
  ["a byte order mark", `\ufeff${pem}`],
  ["a byte order mark, as bytes", new Uint8Array(Buffer.from(`\ufeff${pem}`))],
  ["UTF-16", new Uint8Array(Buffer.from(`\ufeff${pem}`, "utf16le"))],
  ["UTF-16 the other way round", new Uint8Array(utf16be(`\ufeff${pem}`))],
  ["UTF-16 without a mark", new Uint8Array(Buffer.from(pem, "utf16le"))],
  ["UTF-16 that was read as UTF-8", Buffer.from(`\ufeff${pem}`, "utf16le").toString()],
  ["CRLF", pem.replaceAll("\n", "\r\n")],
  ["CR alone", pem.replaceAll("\n", "\r")],
  ["line breaks that are written out", pem.trim().replaceAll("\n", "\\n")],
  ["CRLF that are written out, twice", pem.trim().replaceAll("\n", "\\\\r\\\\n")],
  ["quotes around", `"${pem.trim().replaceAll("\n", "\\n")}"\n`],
  ["apostrophes around", `'${pem}'`],
  ["a variable of a .env file", `KEY="${pem.trim().replaceAll("\n", "\\n")}"\n`],
  ["indented, as in YAML", `key: |\n  ${pem.trim().replaceAll("\n", "\n  ")}\n`],
  ["one line", pem.trim().replaceAll("\n", " ")],
  ["the certificate behind it", pem + certificate()],
  ["its private key in front", readFileSync(join(folder, "rsa.key"), "utf8") + pem],
  ["base64 with a mark and quotes", `\ufeff"${bare}"`],
])) {
  test(`the same key: ${name}`, () => {
    assert.equal(readPublicKey(given).fingerprint, fingerprint);
    if (typeof given === "string") {
      assert.equal(readPublicKey(new Uint8Array(Buffer.from(given))).fingerprint, fingerprint, "as bytes");
    }
  });
}

function certificate() {
  return run("req -x509 -key rsa.key -subj /CN=x -days 2").toString();
}

run("pkcs8 -topk8 -in rsa.key -out encrypted.key -passout pass:secret");
run("pkcs8 -topk8 -in rsa.key -outform DER -out encrypted.der -passout pass:secret");
run("rsa -in rsa.key -traditional -out rsa1.key");
run("ec -in ec.key -out ec1.key");
run("pkey -in rsa.key -outform DER -out rsa.key.der");
run("ec -in ec.key -outform DER -out ec.key.der");
run("req -new -key rsa.key -subj /CN=x -out x.csr");
run("req -new -key rsa.key -subj /CN=x -outform DER -out csr.der");
run("req -x509 -key rsa.key -subj /CN=x -days 2 -outform DER -out x.der");
writeFileSync(join(folder, "x.pem"), certificate());
run("pkcs12 -export -inkey rsa.key -in x.pem -out x.p12 -passout pass:secret");

const named = /** @type {[string, RegExp, string | Uint8Array][]} */ ([
  ["PKCS #8", /`PRIVATE KEY`/, file("rsa.key")],
  ["PKCS #8 in DER", /`PRIVATE KEY`/, file("rsa.key.der")],
  ["encrypted", /`ENCRYPTED PRIVATE KEY`/, file("encrypted.key")],
  ["encrypted in DER", /`ENCRYPTED PRIVATE KEY`/, file("encrypted.der")],
  ["PKCS #1", /`RSA PRIVATE KEY`/, file("rsa1.key")],
  ["SEC 1", /`EC PRIVATE KEY`/, file("ec1.key")],
  ["SEC 1 in DER", /`PRIVATE KEY`/, file("ec.key.der")],
  [
    "OpenSSH",
    /`OPENSSH PRIVATE KEY`/,
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk=\n-----END OPENSSH PRIVATE KEY-----\n",
  ],
  ["a private key in base64", /`PRIVATE KEY`/, Buffer.from(file("rsa.key.der")).toString("base64")],
  [
    "a private key in UTF-16",
    /`PRIVATE KEY`/,
    new Uint8Array(Buffer.from(`\ufeff${readFileSync(join(folder, "rsa.key"))}`, "utf16le")),
  ],
  ["a certificate", /`CERTIFICATE`/, file("x.pem")],
  ["a certificate in DER", /`CERTIFICATE`/, file("x.der")],
  ["a request for one", /`CERTIFICATE REQUEST`/, file("x.csr")],
  ["a request in DER", /`CERTIFICATE`/, file("csr.der")],
  ["PKCS #12", /`PKCS12`/, file("x.p12")],
  ["SSH, RSA", /`SSH key`/, "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 jane@laptop\n"],
  ["SSH, Ed25519", /`SSH key`/, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG jane@laptop"],
  ["SSH, EC", /`SSH key`/, "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY jane"],
  [
    "SSH2",
    /`SSH2 PUBLIC KEY`/,
    '---- BEGIN SSH2 PUBLIC KEY ----\nComment: "x"\nAAAAB3NzaC1yc2E=\n---- END SSH2 PUBLIC KEY ----\n',
  ],
  [
    "PGP",
    /`PGP PUBLIC KEY BLOCK`/,
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n",
  ],
]);
for (const [name, message, given] of named) {
  test(`named, and never quoted: ${name}`, async () => {
    const refused = { name: "OcisignError", code: "bad-public-key", message };
    const secret = Buffer.from(given)
      .toString("latin1")
      .replace(/-----.*?-----|\s/g, "")
      .slice(0, 40);
    const quotesNothing = (/** @type {any} */ error) => !`${error.message} ${error.fix}`.includes(secret);
    assert.throws(() => readPublicKey(given), refused);
    assert.throws(() => readPublicKey(given), quotesNothing);
    const verification = { reference, manifest: "{}", blob: "x", publicKey: given };
    await assert.rejects(verifySignatures(verification), refused);
    await assert.rejects(attachSignature(reference, { signature: "AAAA", publicKey: given }), refused);
  });
}

const jwk = JSON.stringify(
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" }),
);
const { d: secret, ...shownJwk } = JSON.parse(jwk);
run("x509 -in x.pem -trustout -out trusted.pem");
run("crl2pkcs7 -nocrl -certfile x.pem -out x.p7b");

const shell = shellIn("key-forms-cli");
after(() => shell.remove());

for (const [
  name,
  given,
  library,
  page,
  commandLine,
] of /** @type {[string, string | Uint8Array, RegExp, RegExp, RegExp][]} */ ([
  ["a private JWK", jwk, /`JWK PRIVATE KEY`/, /private key/, /holds a private key/],
  ["JWKs", JSON.stringify({ keys: [shownJwk] }, null, 2), /`JWK`/, /JSON Web Key/, /holds a JSON Web Key/],
  [
    "a trusted certificate",
    file("trusted.pem"),
    /`TRUSTED CERT/,
    /certificate/,
    /holds a certificate[\s\S]*openssl x509/,
  ],
  [
    "an X509 certificate",
    certificate().replaceAll("CERT", "X509 CERT"),
    /`X509 CERT/,
    /certificate/,
    /holds a certificate/,
  ],
  ["a request", file("x.csr"), /REQUEST`/, /signing request/, /signing request[\s\S]*openssl req/],
  ["PKCS #12", file("x.p12"), /`PKCS12`/, /PKCS#12/, /PKCS#12[\s\S]*openssl pkcs12/],
  ["PKCS #7", file("x.p7b"), /`PKCS7`/, /PKCS#7/, /PKCS#7[\s\S]*openssl pkcs7/],
  ["SSH", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG jane@laptop", /`SSH key`/, /key of SSH/, /key of SSH/],
])) {
  test(`library, page and command line name it alike: ${name}`, async () => {
    await assert.rejects(verifySignatures({ reference, manifest: "{}", blob: "x", publicKey: given }), {
      code: "bad-public-key",
      message: library,
    });
    const { textOfKeyFile } = await importSource("pkg/src/elements/verify/given-key.ts");
    const { problem } = await textOfKeyFile(new File([Buffer.from(given)], "key"));
    assert.match(problem.message, page);
    shell.file("key", given);
    const { code, stdout, stderr } = await shell.ocisign(["verify", reference, "--key", "key"]);
    assert.equal(code, 1);
    assert.match(stderr, commandLine);
    assert.ok(!`${stdout}${stderr}${problem.message}${problem.fix}`.includes(secret));
  });
}

test("JSON is called a JWK by its fields, however they are spaced, and other JSON is not", async () => {
  for (const [publicKey, message] of /** @type {const} */ ([
    ['{"kty" : "EC", "d" : "x"}', /`JWK PRIVATE KEY`/],
    ['{"kty"\t:\n"oct","k"\r\n:"x"}', /`JWK PRIVATE KEY`/],
    ['\n [{"kty":"EC","x":"d"}]', /`JWK`/],
    ['{"key":1}', /is not base64/],
    ['{"d":"x"}', /is not base64/],
    ['"kty": {}', /is not base64/],
  ])) {
    const given = { reference, manifest: "{}", blob: "x", publicKey };
    await assert.rejects(verifySignatures(given), { code: "bad-public-key", message });
  }
});

test("several keys in one file are several keys, of which any may have signed", async () => {
  const payload = Buffer.from(JSON.stringify(payloadFor()));
  const ec = keyPair("P-256");
  const manifest = manifestOf(simpleLayer(ec.privateKey, payload));
  const given = { reference, manifest, blob: payload };
  for (const both of [
    pem + ec.pem,
    `# old\n${pem}\n# new\n${ec.pem}`,
    ec.pem + pem + ec.pem,
    new Uint8Array(Buffer.from(`\ufeff${pem}${ec.pem}`, "utf16le")),
    (pem + ec.pem).replaceAll("\n", "\\n"),
  ]) {
    const { state, keys } = await verifySignatures({ ...given, publicKey: both });
    assert.deepEqual([state, keys], ["verified", [readPublicKey(ec.pem).fingerprint]]);
    assert.equal((await verifySignatures({ ...given, keys: [other, both] })).state, "verified");
    assert.equal((await verifySignatures({ ...given, keys: [both], threshold: 2 })).state, "invalid");
    assert.throws(() => readPublicKey(both), { code: "bad-public-key", message: /several keys/ });
  }
  await assert.rejects(verifySignatures({ ...given, keys: [pem + pem], threshold: 2 }), /only 1 different/);
  const bad = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
  await assert.rejects(verifySignatures({ ...given, publicKey: ec.pem + bad }), { code: "bad-public-key" });
  const many = Array.from({ length: 101 }, (_, index) => (index < 5 ? keyPair("P-256").pem : pem)).join("");
  assert.equal(
    (await verifySignatures({ ...given, publicKey: many + ec.pem })).state,
    "verified",
    "alike count once",
  );
});

test("more keys than are tried are refused, however they are given", { timeout: 60_000 }, async () => {
  const different = Array.from({ length: 101 }, () => keyPair("P-256").pem).join("");
  const given = { reference, manifest: "{}", blob: "x", publicKey: different };
  await assert.rejects(verifySignatures(given), { code: "bad-input", message: /more than 100 keys/ });
});

test("an RSA key of PKCS #1 verifies what its private key signed", async () => {
  for (const [bits, exponent] of [
    [2048, 65537],
    [3072, 3],
    [4096, 65537],
    [2048, 17],
  ]) {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", {
      modulusLength: bits,
      publicExponent: exponent,
    });
    const payload = Buffer.from(JSON.stringify(payloadFor()));
    const signature = sign("sha256", payload, privateKey).toString("base64");
    const manifest = manifestOf(simpleLayer(privateKey, payload, { signature }));
    const pkcs1 = String(publicKey.export({ type: "pkcs1", format: "pem" }));
    const { state } = await verifySignatures({ reference, manifest, blob: payload, publicKey: pkcs1 });
    assert.equal(state, "verified", `${bits}, ${exponent}`);
    assert.deepEqual(
      readPublicKey(pkcs1).spki,
      new Uint8Array(publicKey.export({ type: "spki", format: "der" })),
    );
  }
});

test("a weak key of PKCS #1 stays refused", () => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  for (const format of /** @type {const} */ (["pem", "der"])) {
    const key = publicKey.export({ type: "pkcs1", format: /** @type {any} */ (format) });
    const given = typeof key === "string" ? key : new Uint8Array(key);
    assert.throws(() => readPublicKey(given), { code: "bad-public-key" });
  }
});

/** A key whose modulus spells some text. Its owner need not even find two primes: a prime will do. @param {string} words */
function spelling(words) {
  const modulus = Buffer.alloc(512, " ");
  modulus[0] = 0xff;
  modulus.write(words, 8);
  modulus[511] = 1;
  return createPublicKey({ key: { kty: "RSA", n: modulus.toString("base64url"), e: "AQAB" }, format: "jwk" });
}

test("what is as long as it says is DER, and a text that begins alike is none", async () => {
  const { isDer } = await importSource("pkg/src/strict/is-der.ts");
  for (const [bytes, expected] of /** @type {[Iterable<number>, boolean][]} */ ([
    [[], false],
    [[0x30], false],
    [[0x30, 0], true],
    [[0x30, 3, 1, 2, 3], true],
    [[0x30, 3, 1, 2], false],
    [[0x30, 3, 1, 2, 3, 4], false],
    [[0x30, 0x7f, ...Array(0x7f).fill(1)], true],
    [[0x30, 0x7f, ...Array(0x80).fill(1)], false],
    // As long as the bytes that follow say, or until an end is said.
    [[0x30, 0x80, 1], true],
    [[0x30, 0x82, 1, 0], true],
    [[0x31, 3, 1, 2, 3], false],
    [Buffer.from("0 - keys of 2026"), false],
    [Buffer.from(other), false],
  ])) {
    assert.equal(isDer(Uint8Array.from(bytes)), expected, String(bytes));
  }
});

test("a key in DER is that key, whatever its numbers spell", async () => {
  const [one, two] = [keyPair("P-256"), keyPair("P-256")];
  const payload = Buffer.from(JSON.stringify(payloadFor()));
  const layers = [one, two].map(({ privateKey }) => simpleLayer(privateKey, payload));
  const signed = { reference, manifest: manifestOf(...layers), blob: payload };
  const { textOfKeyFile } = await importSource("pkg/src/elements/verify/given-key.ts");
  for (const words of [one.pem + two.pem, one.pem.replaceAll("\n", "") + two.pem, `{"kty":"RSA","d":1}`]) {
    const key = spelling(words);
    const spki = key.export({ type: "spki", format: "der" });
    const own = readPublicKey(new Uint8Array(spki));
    assert.equal(own.keyType, "RSA4096");
    const forms = [spki, key.export({ type: "pkcs1", format: "der" }), own].map((it) =>
      Buffer.isBuffer(it) ? new Uint8Array(it) : it,
    );
    for (const given of forms) {
      const { state, keys } = await verifySignatures({ ...signed, publicKey: given });
      assert.deepEqual([state, keys], ["invalid", []], "others have signed");
      await assert.rejects(verifySignatures({ ...signed, keys: [given], threshold: 2 }), /only 1 different/);
    }
    assert.deepEqual(await textOfKeyFile(new File([spki], "key.der")), { text: own.pem });
    shell.file("spelling.der", spki);
    const { stderr } = await shell.ocisign([
      "verify",
      reference,
      "--key",
      "spelling.der",
      "--threshold",
      "2",
    ]);
    assert.match(stderr, /needs 2 keys, but there is 1/);
  }
});
