// Which one image does a signing request name? There is an answer to every value, and never an exception.
import assert from "node:assert/strict";
import { test } from "node:test";
import { artifactOf, buildSigningRequest, OcisignError, parseReference } from "ocisign";
import { revokedProxy, throwingGetters, throwingProxy, values } from "../support/hostile-values.js";

const image = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
const base64 = (/** @type {string | Uint8Array} */ text) => Buffer.from(text).toString("base64");

/** A request with these parameters. @param {...unknown} parameters @returns {any} */
const naming = (...parameters) => ({ id: "r1", payload: { optionalParameters: parameters } });
/** A request with this artifact URI. @param {unknown} artifactURI */
const of = (artifactURI) => naming({ artifactURI });

test("one image, in every spelling that the service shows", () => {
  for (const [encoded, text] of [
    [base64(image), image],
    [base64(image).replaceAll("=", ""), image],
    [base64(`${image}\n`), image],
    [base64(image).replace(/.{40}/g, "$&\n"), image],
  ]) {
    assert.deepEqual(artifactOf(of(encoded)), {
      state: "image",
      encoded,
      text,
      reference: parseReference(image),
    });
  }
  const tagged = image.replace("@", ":1.0@");
  const artifact = artifactOf(of(base64(tagged)));
  assert.ok(artifact.state === "image", artifact.state);
  assert.deepEqual([artifact.text, artifact.reference.tag], [tagged, "1.0"]);
});

test("other parameters' fields, and other fields of the request, do not matter", () => {
  const request = { ...naming({ artifactURI: base64(image), more: [1] }), status: "wrong", extra: null };
  assert.equal(artifactOf(request).state, "image");
});

test("what was built is read back", () => {
  const body = buildSigningRequest({ productId: "p", operationId: "o", artifact: image });
  const artifact = artifactOf(body);
  assert.deepEqual([artifact.state, artifact.text], ["image", image]);
});

test("a request that names none", () => {
  const none = { state: "none", encoded: "", text: "" };
  for (const request of [
    {},
    { payload: {} },
    { payload: null },
    { payload: 7 },
    { payload: [] },
    { payload: { optionalParameters: null } },
    { payload: { optionalParameters: {} } },
    { payload: { optionalParameters: "x" } },
    naming(),
    naming({}),
    naming(null),
    naming(7),
    naming([]),
    of(undefined),
    of(null),
    of(""),
  ]) {
    assert.deepEqual(artifactOf(request), none, JSON.stringify(request));
  }
});

test("a request that names several is not read at all, not even when all are the same", () => {
  for (const parameters of [
    [{ artifactURI: base64(image) }, { artifactURI: base64(image) }],
    [{ artifactURI: base64(image) }, null],
    [null, null],
    Array(1000).fill({ artifactURI: base64(image) }),
  ]) {
    assert.deepEqual(artifactOf(naming(...parameters)), {
      state: "several",
      encoded: JSON.stringify(parameters),
      text: "",
    });
  }
});

test("what cannot be read is shown as far as it can be, with the reason", () => {
  for (const [encoded, text, code] of [
    ["not base64!", "", "bad-base64"],
    ["/w==", "", "bad-utf8"],
    [base64(Buffer.from([0x61, 0xff])), "", "bad-utf8"],
    [base64("nginx"), "nginx", "registry-missing"],
    [base64("localhost/app"), "localhost/app", "digest-missing"],
    [base64("registry.example/app:latest"), "registry.example/app:latest", "digest-missing"],
    [base64(`https://${image}`), `https://${image}`, "scheme"],
    [base64(` ${image}`), ` ${image}`, "white-space"],
    [base64(`${image}\n\n`), `${image}\n`, "white-space"],
    [base64(image.replace("example", "ex\u0430mple")), image.replace("example", "ex\u0430mple"), "not-ascii"],
    [base64(`127.1/app@${image.split("@")[1]}`), `127.1/app@${image.split("@")[1]}`, "registry-invalid"],
  ]) {
    const artifact = artifactOf(of(encoded));
    assert.deepEqual([artifact.state, artifact.encoded, artifact.text], ["unreadable", encoded, text]);
    assert.ok(artifact.state === "unreadable" && artifact.error instanceof OcisignError);
    assert.equal(artifact.error.code, code);
    assert.deepEqual([artifact.error.taken, "reference" in artifact], ["no", false]);
  }
});

test("an artifact URI that is no text is shown as JSON", () => {
  for (const artifactURI of [7, true, [], [base64(image)], {}, { artifactURI: base64(image) }]) {
    const artifact = artifactOf(of(artifactURI));
    assert.deepEqual(
      [artifact.state, artifact.encoded, artifact.text],
      ["unreadable", JSON.stringify(artifactURI), ""],
    );
    assert.ok(artifact.state === "unreadable" && artifact.error.code === "bad-input");
  }
});

test("half a surrogate pair, the module's own marks and prototypes do no harm", () => {
  for (const text of ["\ud800", "__proto__", "constructor", "\0", "\u202e"]) {
    const artifact = artifactOf(of(base64(text)));
    assert.equal(artifact.state, "unreadable");
  }
  const odd = JSON.parse('{"payload":{"__proto__":{"optionalParameters":[{"artifactURI":"YQ=="}]}}}');
  assert.equal(artifactOf(odd).state, "none");
});

test("whatever it is given, it answers", () => {
  for (const [name, value] of values()) {
    const artifact = artifactOf(value);
    assert.deepEqual([artifact.state, artifact.encoded, artifact.text], ["none", "", ""], name);
  }
  for (const [name, hostile] of [
    ["a getter that throws", { payload: throwingGetters("optionalParameters") }],
    ["a proxy that throws", { payload: throwingProxy() }],
    ["a proxy that was revoked", naming(revokedProxy())],
    ["a list that throws", { payload: { optionalParameters: throwingProxy([]) } }],
  ]) {
    assert.equal(artifactOf(hostile).state, "none", name);
  }
});

test("a request of megabytes is answered in full", () => {
  const long = "a".repeat(5_000_000);
  const artifact = artifactOf(of(base64(long)));
  assert.deepEqual([artifact.state, artifact.text.length], ["unreadable", long.length]);
  assert.ok(artifact.state === "unreadable" && artifact.error.message.length < 2000);
  let deep = { artifactURI: base64(image) };
  for (let level = 0; level < 100_000; level++) deep = /** @type {any} */ ({ deep });
  assert.ok(["none", "unreadable"].includes(artifactOf(naming(deep)).state));
});

test("what it was given stays as it was, and what it gives is the caller's", () => {
  const request = of(base64(image));
  const before = structuredClone(request);
  const artifact = artifactOf(request);
  // As a caller in plain JavaScript can.
  /** @type {{ encoded: string }} */ (artifact).encoded = "changed";
  assert.deepEqual(request, before);
  assert.equal(artifactOf(request).encoded, base64(image));
});
