// Secrets documents and client keys that are not what they should be: each is refused with a clear error, and nothing of
// what is secret in them reaches any output, not even that of OCISIGN_DEBUG.
import assert from "node:assert/strict";
import { constants, createCipheriv, generateKeyPairSync, publicEncrypt, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { CompactEncrypt } from "jose";
import { againstFake, documentOf, shellIn } from "../support/cli.js";
import { sized } from "../support/large.js";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const signing = generateKeyPairSync("ec", { namedCurve: "P-256" });
const planted = "PLANTED-hunter2-4711";
const tokenInfo = [
  {
    name: "Key for ocisigning",
    keyType: "secp256r1",
    publicKey: signing.publicKey.export({ type: "spki", format: "der" }).toString("base64"),
    pin: planted,
  },
];
const secrets = { id: "p", name: "OCI SIGN", tokenInfo, caInfo: [{ password: planted }], other: planted };

/** @type {any} */
let shell;
before(() => {
  shell = shellIn("secrets-document");
  shell.file("rsa.pem", rsa.privateKey.export({ type: "pkcs8", format: "pem" }));
  shell.file("ec.pem", ec.privateKey.export({ type: "pkcs8", format: "pem" }));
});
after(() => shell?.remove());

const encoded = (/** @type {any} */ value) => Buffer.from(value).toString("base64url");

/** A JWE by hand, for what no library writes. @param {any} header @param {any} key @param {Uint8Array} plaintext */
function sealed(header, key, plaintext) {
  const contentKey = randomBytes(32);
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
  const encrypted = publicEncrypt({ key: key.publicKey, ...padding }, contentKey);
  const protectedHeader = encoded(JSON.stringify(header));
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", contentKey, nonce).setAAD(Buffer.from(protectedHeader));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return [protectedHeader, ...[encrypted, nonce, body, cipher.getAuthTag()].map(encoded)].join(".");
}

/** @param {any} header @param {any} key @param {unknown} [document] */
const seal = (header, key, document = secrets) =>
  new CompactEncrypt(new TextEncoder().encode(JSON.stringify(document)))
    .setProtectedHeader(header)
    .encrypt(key);

/** Runs `ocisign key` on a document, and looks for what was planted. @param {string} jwe */
async function read(jwe, file = "rsa.pem", /** @type {string[]} */ ...more) {
  shell.file("document", jwe);
  const args = ["key", "--from-secrets", "document", "--client-key", `@${file}`, "--json", ...more];
  return looked(await shell.ocisign(args, { env: { OCISIGN_DEBUG: "1" } }));
}

/** @param {any} ran */
function looked(ran) {
  const said = ran.stdout + ran.stderr;
  assert.ok(!said.includes(planted) && !said.includes("hunter2"), said);
  for (const key of [rsa, other, ec]) {
    const { d } = key.privateKey.export({ format: "jwk" });
    assert.ok(!said.includes(String(d)), "a private key");
    for (const line of String(key.privateKey.export({ type: "pkcs8", format: "pem" })).split("\n")) {
      if (line && !line.startsWith("-----")) assert.ok(!said.includes(line), "a line of a private key");
    }
  }
  assert.ok(!/ at .*node_modules\/jose/.test(said), "a library's own error");
  return { code: ran.code, stderr: ran.stderr, document: documentOf(ran) };
}

const accepted = [
  ...["RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512", "RSA-OAEP"].map((alg) => ({ alg, enc: "A256GCM" })),
  ...["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW"].map((alg) => ({ alg, enc: "A128GCM" })),
  { alg: "RSA-OAEP-256", enc: "A256CBC-HS512" },
  { alg: "ECDH-ES", enc: "A128CBC-HS256" },
];

for (const header of accepted) {
  test(`${header.alg} with ${header.enc} is read, and only the key is kept of it`, async () => {
    const isRsa = header.alg.startsWith("RSA");
    const jwe = await seal(header, (isRsa ? rsa : ec).publicKey);
    const { code, document } = await read(jwe, isRsa ? "rsa.pem" : "ec.pem");
    assert.equal(code, 0);
    assert.deepEqual(Object.keys(document).sort(), [
      ...["fingerprint", "from", "keyType", "name", "pem", "pinned", "productId"],
    ]);
  });
}

const content = () => new TextEncoder().encode(JSON.stringify(secrets));
const parts = (/** @type {object} */ header) =>
  [encoded(JSON.stringify(header)), encoded(randomBytes(256)), ...["iv", "text", "tag"].map(encoded)].join(
    ".",
  );
const bomb = () => deflateRawSync(Buffer.alloc(sized(4_000_000, 400_000_000), " "));

/** @type {[string, () => string | Promise<string>, RegExp][]} */
const refused = [
  [
    "for another key",
    () => seal({ alg: "RSA-OAEP-256", enc: "A256GCM" }, other.publicKey),
    /cannot be decrypted/,
  ],
  ["for an EC key", () => seal({ alg: "ECDH-ES", enc: "A256GCM" }, ec.publicKey), /"ECDH-ES".*not accepted/],
  ["dir", () => seal({ alg: "dir", enc: "A256GCM" }, randomBytes(32)), /"dir".*not accepted/],
  ["A256KW", () => seal({ alg: "A256KW", enc: "A256GCM" }, randomBytes(32)), /"A256KW".*not accepted/],
  ["RSA1_5", () => parts({ alg: "RSA1_5", enc: "A256GCM" }), /"RSA1_5".*not accepted/],
  [
    "PBES2 with a huge count",
    () => parts({ alg: "PBES2-HS512+A256KW", enc: "A256GCM", p2c: 2 ** 31 - 1, p2s: "c2FsdHNhbHQ" }),
    /"PBES2-HS512\+A256KW".*not accepted/,
  ],
  ["no algorithm", () => parts({ enc: "A256GCM" }), /`alg` is missing/],
  ["an algorithm that is a list", () => parts({ alg: ["RSA-OAEP-256"], enc: "A256GCM" }), /`alg` is missing/],
  ["an unknown content", () => parts({ alg: "RSA-OAEP-256", enc: "none" }), /"none".*not accepted/],
  [
    "a critical extension",
    () => parts({ alg: "RSA-OAEP-256", enc: "A256GCM", crit: ["exp"], exp: 1 }),
    /cannot be decrypted/,
  ],
  ["compressed", () => sealed(zipped, rsa, deflateRawSync(content())), /compressed/],
  ["a zip bomb", () => sealed(zipped, rsa, bomb()), /compressed/],
  ["a nested token, said", () => sealed({ ...plain, cty: "JWT" }, rsa, content()), /another token/],
  [
    "a type of content that is no text",
    () => sealed(/** @type {any} */ ({ ...plain, cty: { toString: 1 } }), rsa, content()),
    /another token/,
  ],
  [
    "a nested token, not said",
    () => sealed(plain, rsa, Buffer.from(`a.${encoded(planted)}.c`)),
    /no JSON object/,
  ],
  ["changed", async () => changed(sealed(plain, rsa, content())), /cannot be decrypted/],
  ["a JWS", () => ["{}", planted, "x"].map(encoded).join("."), /no JWE/],
  ["decrypted already", () => JSON.stringify(secrets), /no JWE/],
  ["a page of HTML", () => `<html>${planted}</html>`, /no JWE/],
  ["a damaged header", () => ["{", "a", "b", "c", "d"].map(encoded).join("."), /header is damaged/],
  ["huge", () => `${"x".repeat(2 * 1024 * 1024)}`, /larger/],
  ["no JSON within", () => sealed(plain, rsa, Buffer.from(`{"tokenInfo":${planted}`)), /no JSON object/],
  ["a list within", () => sealed(plain, rsa, Buffer.from(JSON.stringify([secrets]))), /no JSON object/],
];
const plain = { alg: "RSA-OAEP-256", enc: "A256GCM" };
const zipped = { ...plain, zip: "DEF" };

/** @param {string} jwe */
function changed(jwe) {
  const [header, key, nonce, body = "", tag] = jwe.split(".");
  return [header, key, nonce, `${body.startsWith("A") ? "B" : "A"}${body.slice(1)}`, tag].join(".");
}

for (const [what, make, said] of refused) {
  test(`a document is refused: ${what}`, async () => {
    const { code, document, stderr } = await read(await make());
    assert.equal(code, 1, stderr);
    assert.equal(document.error.code, "bad-secrets");
    assert.match(document.error.message, said);
    assert.ok(document.error.fix);
  });
}

/** @type {[string, unknown, RegExp][]} */
const unusable = [
  ["no list", { ...secrets, tokenInfo: undefined }, /no list `tokenInfo`/],
  ["an empty list", { ...secrets, tokenInfo: [] }, /has no key/],
  ["no key in its entry", { ...secrets, tokenInfo: [{ name: "k", publicKey: "" }] }, /shows no public key/],
  ["a damaged key", { ...secrets, tokenInfo: [{ name: "k", publicKey: `${planted}!` }] }, /not usable/],
  ["a key of another type", { ...secrets, tokenInfo: [{ ...tokenInfo[0], keyType: "RSA4096" }] }, /RSA4096/],
  [
    "several keys",
    { ...secrets, tokenInfo: [...tokenInfo, { name: "b", publicKey: "QQ==" }] },
    /several keys/,
  ],
];

for (const [what, document, said] of unusable) {
  test(`a decrypted document is refused: ${what}`, async () => {
    shell.file("plain.json", JSON.stringify(document));
    const args = ["key", "--from-secrets", "plain.json", "--json"];
    const { code, document: answer } = looked(await shell.ocisign(args, { env: { OCISIGN_DEBUG: "1" } }));
    assert.equal(code, 1);
    assert.match(answer.error.message, said);
  });
}

test("one of several keys is chosen by its name", async () => {
  const document = { ...secrets, tokenInfo: [{ name: "b", publicKey: "QQ==" }, ...tokenInfo] };
  shell.file("plain.json", JSON.stringify(document));
  const chosen = (/** @type {string} */ name) =>
    shell.ocisign(["key", "--from-secrets", "plain.json", "--key-name", name, "--json"]);
  assert.equal(looked(await chosen("Key for ocisigning")).document.keyType, "secp256r1");
  assert.equal(looked(await chosen("c")).document.error.code, "other-secrets");
  const alone = await shell.ocisign(["key", "--key-name", "b"]);
  assert.equal(alone.code, 2);
});

const passphrase = { cipher: "aes-256-cbc", passphrase: planted };
const ed = generateKeyPairSync("ed25519");
const pem = (/** @type {any} */ key, /** @type {any} */ how) => String(key.export({ format: "pem", ...how }));

/** @type {[string, () => string, RegExp][]} */
const keyFiles = [
  ["a public key", () => pem(rsa.publicKey, { type: "spki" }), /holds a public key/],
  ["a public key in PKCS#1", () => pem(rsa.publicKey, { type: "pkcs1" }), /holds a public key/],
  [
    "an encrypted key",
    () => pem(rsa.privateKey, { type: "pkcs8", ...passphrase }),
    /encrypted[\s\S]*openssl pkey/,
  ],
  ["an encrypted key of old", () => pem(rsa.privateKey, { type: "pkcs1", ...passphrase }), /encrypted/],
  ["a public JWK", () => JSON.stringify(rsa.publicKey.export({ format: "jwk" })), /holds a public key/],
  ["a symmetric JWK", () => JSON.stringify({ kty: "oct", k: planted }), /symmetric/],
  ["a set of JWKs", () => JSON.stringify({ keys: [ec.privateKey.export({ format: "jwk" })] }), /set of keys/],
  [
    "a damaged JWK",
    () => JSON.stringify({ kty: "RSA", d: planted, n: "AQAB" }),
    /no private key that can be read/,
  ],
  ["an Ed25519 key", () => pem(ed.privateKey, { type: "pkcs8" }), /neither an RSA nor an EC key/],
  ["a token", () => planted, /no private key that can be read/],
  [
    "half a key",
    () => pem(rsa.privateKey, { type: "pkcs8" }).slice(0, 400),
    /no private key that can be read/,
  ],
  ["JSON that is none", () => `{"kty":"RSA","d":"${planted}"`, /neither PEM nor a JWK/],
  ["nothing", () => "  \n", /empty/],
];

for (const [what, make, said] of keyFiles) {
  test(`a client's key file is refused: ${what}`, async () => {
    shell.file("wrong.key", make());
    const { code, document } = await read(await seal(plain, rsa.publicKey), "wrong.key");
    assert.equal(code, 1);
    assert.equal(document.error.code, "bad-file");
    assert.match(`${document.error.message} ${document.error.fix}`, said);
    assert.match(document.error.message, /wrong\.key/);
  });
}

test("the key itself in the place of a file is not repeated", async () => {
  const text = pem(rsa.privateKey, { type: "pkcs8" });
  for (const given of [text, `@${text}`, planted, `@${planted}`, "@"]) {
    const args = ["key", "--from-secrets", "document", "--client-key", given, "--json"];
    const { code, document } = looked(await shell.ocisign(args, { env: { OCISIGN_DEBUG: "1" } }));
    assert.ok(code === 1 || code === 2, String(code));
    assert.match(document.error.message, /--client-key/);
  }
});

test("what the service answers in the place of the document: too large, or not encrypted", async () => {
  const product = {
    id: "00000000-0000-4000-8000-000000000001",
    productOperations: [{ operationType: "SignOCI" }],
  };
  shell.file("client.pem", pem(rsa.privateKey, { type: "pkcs8" }));
  for (const [body, said] of /** @type {[unknown, RegExp][]} */ ([
    [planted.repeat(200_000), /larger/],
    [secrets, /no JWE/],
  ])) {
    const answer = (/** @type {any} */ { path }) => ({ body: path.endsWith("/secrets") ? body : product });
    const args = ["key", "--product", product.id, "--client-key", `@${shell.folder}/client.pem`, "--json"];
    const { code, document } = looked(await againstFake(answer, args));
    assert.equal(code, 1);
    assert.match(document.error.message, said);
  }
});
