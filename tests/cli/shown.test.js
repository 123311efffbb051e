// Every field that an approval is bound to is shown before it is given, known or not, and nothing in it can pose as
// another row.
import assert from "node:assert/strict";
import { test } from "node:test";
import { signingPayload } from "ocisign";
import { againstFake, againstSignings } from "../support/cli.js";
import { bound, changedAt, fullRequest, image, live, put } from "../support/every-field.js";
import { productOf, signingOf } from "../support/fake-service.js";

const { id } = fullRequest();

test("every field of a request is shown, and what moves by itself stands apart", async () => {
  const { code, stderr } = await againstSignings([fullRequest()], ["approve", id, "--yes"]);
  assert.equal(code, 0, stderr);
  const [decided = "", moving = ""] = stderr.split("Not part of your decision, as it is now:");
  for (const { name, word } of bound) assert.ok(decided.includes(word), `${name} is shown:\n${stderr}`);
  for (const { name, word } of live) assert.ok(moving.includes(word), `${name} is shown apart:\n${stderr}`);
  const { stdout } = await againstSignings([fullRequest()], ["status", id]);
  for (const { name, word } of [...bound, ...live]) assert.ok(stdout.includes(word), `${name}:\n${stdout}`);
});

test("what stands in the place of a text is shown whole, and not by its name alone", async () => {
  const others = [
    { name: "sign", objectId: "o", id: "o", with: "word-inside" },
    ["sign", "word-inside"],
    { name: { id: "word-inside" } },
  ];
  for (const place of [["createdAt"], ["idProductOperation"], ["updatedAt"], ["history", 0, "status"]]) {
    for (const value of others) {
      const request = fullRequest();
      put(request, place, value);
      const { code, stderr } = await againstSignings([request], ["approve", id, "--yes"]);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /word-inside/, `${place}: ${JSON.stringify(value)}\n${stderr}`);
    }
  }
});

test("a change of any bound field is a change; what moves by itself is none", async () => {
  const request = fullRequest();
  for (const { name, place } of bound) {
    const { code, stderr, posts } = await againstSignings(
      [request, changedAt(request, place)],
      ["approve", id, "--yes"],
    );
    assert.deepEqual([code, posts.length], [1, 0], `${name}: ${stderr}`);
    assert.match(stderr, /changed since it was shown/, name);
  }
  for (const { name, place } of live) {
    const { code, stderr } = await againstSignings(
      [request, changedAt(request, place)],
      ["approve", id, "--yes"],
    );
    assert.equal(code, 0, `${name}: ${stderr}`);
  }
});

test("an image that stands beside the digest of another one is not approved for it", async () => {
  const other = image.replace("team/app", "team/evil");
  const digestOf = async (/** @type {string} */ of) => {
    const { sha256 } = await signingPayload(of, "simple-signing");
    return { digest: Buffer.from(sha256, "hex").toString("base64"), hashAlgorithm: "SHA256" };
  };
  const claims = (/** @type {string} */ of) => [
    { name: "Image", value: of },
    { name: "Signature format", value: "simple-signing" },
  ];
  const { payload } = signingOf(image);
  const [parameter] = payload.optionalParameters;
  for (const [what, digest, metadata, isGood] of /** @type {[string, object, object[], boolean][]} */ ([
    ["of another image, which is not named", await digestOf(other), [], false],
    ["of another image, which is named", await digestOf(other), claims(other), false],
    ["of another image, which is called this one", await digestOf(other), claims(image), false],
    ["of nobody knows what", { digest: Buffer.alloc(32, 7).toString("base64") }, [], false],
    ["of this image, which is not said", await digestOf(image), [], false],
    ["of this image", await digestOf(image), claims(image), true],
    ["in hexadecimal digits", { digest: "ab".repeat(32), hashAlgorithm: "SHA256" }, claims(image), false],
    ["of a hash that is not known", { ...(await digestOf(other)), hashAlgorithm: "SHA3-256" }, [], false],
    ["of another length than its hash", { digest: "YWJj", hashAlgorithm: "SHA256" }, [], false],
    ["as a list", { digest: ["YWJj"] }, [], false],
    ["as a number", { digest: 1 }, [], false],
    ["that is empty", { digest: "" }, [], true],
    ["that is nothing", { digest: null }, [], true],
  ])) {
    const mixed = { ...payload, metadata, optionalParameters: [{ ...parameter, ...digest }] };
    const asked = await againstSignings([signingOf(image, { payload: mixed })], ["approve", id, "--yes"]);
    assert.deepEqual([asked.code, asked.posts.length], isGood ? [0, 1] : [1, 0], `${what}: ${asked.stderr}`);
    if (!isGood) assert.match(asked.stderr, /Nothing was approved/, what);
  }
});

test("a row of metadata cannot pose as two, nor a value as another line", async () => {
  const metadata = [
    { name: "build", value: "1234, x=y" },
    { name: "a=b", value: "c" },
    { name: 'q"', value: "d" },
    { name: "wide", value: `v1${" ".repeat(70)}product name  OCI SIGN` },
    { name: "lines", value: "one\nproduct name  OCI SIGN\r\tx" },
  ];
  const { payload } = signingOf(image);
  const request = signingOf(image, { payload: { ...payload, metadata } });
  const { stderr } = await againstSignings([request], ["approve", id, "--yes"]);
  const rows = stderr.split("\n").filter((line) => line.startsWith("metadata"));
  assert.deepEqual(
    rows.map((row) => row.replace(/^metadata +/, "")),
    [
      "build=1234, x=y",
      '"a=b"=c',
      '"q\\""=d',
      "wide=v1 \\u{20}×69product name \\u{20}OCI SIGN",
      "lines=one\\nproduct name \\u{20}OCI SIGN\\u{d}\\tx",
    ],
  );
});

test("a value of another kind does not pass for the text that looks like it, alone or among others", async () => {
  const { payload } = signingOf(image);
  const asked = (/** @type {unknown} */ value, changes = {}) =>
    signingOf(image, {
      ticket: value,
      payload: { ...payload, metadata: [{ name: "build", value }] },
      ...changes,
    });
  for (const [text, value] of /** @type {[string, unknown][]} */ ([
    ["1", 1],
    ["false", false],
    ["[1]", [1]],
  ])) {
    const alone = await againstSignings([asked(value)], ["approve", id, "--yes"]);
    const lines = alone.stderr.split("\n").map((line) => line.replace(/ {2,}/, "  "));
    assert.ok(lines.includes(`other field  ticket: ${text}`), alone.stderr);
    assert.ok(lines.includes(`other field  payload.metadata[0].value: ${text}`), alone.stderr);
    const others = [asked(text, { id: "1" }), asked(value, { id: "2" }), asked(text, { id: "3" })];
    const { stderr } = await againstSignings(others, ["approve", "1", "2", "3"]);
    assert.match(
      stderr,
      new RegExp(`! other field +payload\\.metadata\\[0\\]\\.value: ${text.replaceAll(/[[\]]/g, "\\$&")}`),
    );
    assert.ok(stderr.includes(`ticket: "${text}"  (2 of 3)`), stderr);
  }
});

test("a part of an approval cannot pose as another part, nor one group as two", async () => {
  const at = "2026-01-01T00:00:00.000Z";
  for (const [approval, row] of /** @type {[object, string][]} */ ([
    [
      { name: "Ann", objectId: "o-1", groups: ["g1", "g2"], at, comment: "ok" },
      `Ann (o-1), ${at}, g1, g2, "ok"`,
    ],
    [{ name: "Ann, g1", groups: ["g2"] }, '"Ann, g1", g2'],
    [{ name: '{"a":1}, {"b":2}', groups: [] }, '"{\\"a\\":1}, {\\"b\\":2}"'],
    [{ name: "Ann (o-1)", groups: [] }, '"Ann (o-1)"'],
    [{ name: "Ann", objectId: "o-1), (o-2", groups: [] }, 'Ann ("o-1), (o-2")'],
    [{ objectId: "o-1, g1", groups: [] }, '"o-1, g1"'],
    [{ name: "Ann", groups: ["g1, g2"] }, 'Ann, "g1, g2"'],
    [{ name: 'Ann", "g1', groups: [] }, '"Ann\\", \\"g1"'],
  ])) {
    const { stderr } = await againstSignings(
      [signingOf(image, { approvals: [approval] })],
      ["approve", id, "--yes"],
    );
    const [, shown] = stderr.match(/^approval +(.*)$/m) ?? assert.fail(stderr);
    assert.equal(shown, row);
  }
});

test("what a text hides is written out, by the same list as on the page", async () => {
  for (const [character, code] of [
    ["\u3164", "3164"],
    ["\u2800", "2800"],
    ["\u115f", "115f"],
    ["\u00a0", "a0"],
    ["\ufe0f", "fe0f"],
    ["\u00ad", "ad"],
    ["\u{1d159}", "1d159"],
    ["\u{e0041}", "e0041"],
    ["p\u0430ypal", "430"],
    ["\uff50", "ff50"],
    ["e\u0301\u0301\u0301", "301"],
  ]) {
    const request = signingOf(image, { description: `Release${character}1.2`, requester: `Ann${character}` });
    const { stderr } = await againstSignings([request], ["approve", id, "--yes"]);
    assert.equal(stderr.split(`\\u{${code}}`).length, 3, `U+${code}: ${stderr}`);
    const { stdout } = await againstSignings([request], ["status", id, "--json"]);
    assert.equal(JSON.parse(stdout).description, request.description, "JSON holds the very text");
  }
});

/** Approves against a service with a product that changes after its first reading. */
function approveWith(product, later = product, args = ["approve", id, "--yes"], request = {}) {
  const products = [product, later];
  return againstFake(({ method, path }) => {
    const signing = signingOf(image, { productId: "p", idProductOperation: "o", ...request });
    if (method === "POST") return { body: { ...signing, status: 4 } };
    if (!path.includes("/products/")) return { body: signing };
    const next = products.length > 1 ? products.shift() : products[0];
    return typeof next === "number" ? { status: next } : { body: next };
  }, args);
}

const product = (changes = {}) => ({ ...productOf("registry.example"), ...changes });
const key =
  "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==";
const operation = (token) => ({
  productOperations: [{ id: "o", name: "sign", operationType: "SignOCI", token }],
});

test("the product that is shown is the product that the approval is bound to", async () => {
  const shown = product(operation({ publicKey: key }));
  const first = await approveWith(shown);
  assert.equal(first.code, 0, first.stderr);
  for (const text of ["product name", "registry.example", "sign", "sha256:"]) {
    assert.ok(first.stderr.includes(text), `${text}: ${first.stderr}`);
  }
  for (const [name, changes] of Object.entries({
    name: { name: "Q" },
    enabled: { enabled: false },
    registry: { productConfigItems: [{ name: "RegistryURL", value: "other.example" }] },
    "one more registry": {
      productConfigItems: [...shown.productConfigItems, { name: "RegistryURL", value: "other.example" }],
    },
    "operation's name": {
      productOperations: [{ ...shown.productOperations[0], name: "other" }],
    },
    key: operation({ publicKey: `${key.slice(0, -6)}R+Q==` }),
    "operation that is gone": { productOperations: [] },
  })) {
    const { code, stderr, posts } = await approveWith(shown, { ...shown, ...changes });
    assert.deepEqual([code, posts.length], [1, 0], `${name}: ${stderr}`);
    assert.match(stderr, /The product changed since it was shown/, name);
  }
  const unrelated = await approveWith(shown, { ...shown, usage: 5, description: "x" });
  assert.equal(unrelated.code, 0, "what is not shown is not bound");
});

test("the command line refuses what the page refuses", async () => {
  const mismatch = await approveWith(
    product({ productConfigItems: [{ name: "RegistryURL", value: "registry.example.evil.com" }] }),
  );
  assert.deepEqual([mismatch.code, mismatch.posts.length], [1, 0]);
  assert.match(mismatch.stderr, /does not sign for the image's registry[\s\S]*Nothing was approved/);
  for (const status of [403, 404]) {
    const withheld = await approveWith(status);
    assert.equal(withheld.code, 0, withheld.stderr);
    assert.match(withheld.stderr, /product name +\(not readable/);
  }
  const vanished = await approveWith(product(), 403);
  assert.deepEqual([vanished.code, vanished.posts.length], [1, 0], "it was shown, and is not there any more");
  const broken = await approveWith(400);
  assert.deepEqual([broken.code, broken.posts.length], [1, 0], broken.stderr);
  assert.match(broken.stderr, /product could not be read[\s\S]*Nothing was approved/);
});

test("an operation is named only if the approval is bound to it", async () => {
  for (const [asked, its] of /** @type {[unknown, unknown][]} */ ([
    [7, 7],
    ["7", 7],
    [7, "7"],
    [null, undefined],
    [{}, "[object Object]"],
  ])) {
    const operations = [{ id: its, name: "well-known", operationType: "SignOCI" }];
    const { code, stderr } = await approveWith(
      product({ productOperations: operations }),
      product({ productOperations: [{ ...operations[0], name: "another" }] }),
      ["approve", id, "--yes"],
      { idProductOperation: asked },
    );
    assert.ok(code !== 0 || !stderr.includes("well-known"), stderr);
    assert.doesNotMatch(stderr, /should not have happened/);
  }
});

test("a time without a zone is shown as it is, and is no moment", async () => {
  for (const at of ["2026-02-28T10:00:00", "2026-02-28 10:00", "2026-02-28"]) {
    const history = [{ status: 2, at }];
    const request = signingOf(image, { approvals: [{ name: "Ben", at }], history, createdAt: at });
    const { stderr } = await againstSignings([request], ["approve", id, "--yes"]);
    for (const row of [`approvals[0].at: ${at}`, `history[0].at: ${at}`])
      assert.ok(stderr.includes(row), stderr);
    assert.doesNotMatch(stderr, /Z\b/);
  }
});
