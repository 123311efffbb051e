// What the payload of simple signing must say, to the field. All of these are really signed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { simpleSigningPayload } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import {
  good,
  other,
  payload,
  refused,
  rsa,
  text,
  verify,
  verifyPayload,
  withOptional,
} from "../support/proving.js";
import { image, payloadFor, pss, reference, simpleLayer } from "../support/signatures.js";

test("the right payload, spelled in other ways", async () => {
  const hub = (repository) => [
    payload((it) => {
      it.critical.identity["docker-reference"] = repository;
    }),
    `docker.io/library/nginx@${image.digest}`,
  ];
  for (const [spelled, of = reference] of [
    [JSON.stringify(payloadFor(), null, 2)],
    [text.replace("critical", "\\u0063ritical")],
    [text.replace('"optional":null', '"optional":{"creator":"cosign","timestamp":1}')],
    [text.replace("registry.example", "Registry.EXAMPLE")],
    [withOptional('"\\ud83d\\ude00"')],
    [withOptional('[1e308,-1.5E-999,"1e999"]')],
    hub("docker.io/library/nginx"),
    hub("index.docker.io/library/nginx"),
    hub("docker.io/nginx"),
  ]) {
    const { state, reason } = await verifyPayload(spelled, { reference: of });
    assert.equal(state, "verified", `${spelled}: ${reason}`);
  }
});

test("a payload that says anything else is refused, although its signature holds", async () => {
  const otherDigest = image.digest.replace("3", "4");
  for (const [what, said] of /** @type {const} */ ([
    ...["critical", "critical.image", "critical.identity"].flatMap((path) =>
      ["extra", "__proto__", "constructor", "toString"].map(
        (name) =>
          /** @type {const} */ ([
            payload((it) => {
              const place = path.split(".").reduce((value, step) => value[step], it);
              Object.defineProperty(place, name, { value: 1, enumerable: true });
            }),
            /unknown field/,
          ]),
      ),
    ),
    [text.replace('"optional"', '"__proto__":{"optional":null},"optional"'), /unknown field/],
    [text.replace('"optional":null', '"__proto__":{"optional":null}'), /unknown field/],
    [text.replace(',"optional":null', ""), /no field `optional`/],
    [text.replace('"optional":null', '"optional":[]'), /optional is not an object/],
    [text.replace('"optional":null', '"optional":"x"'), /optional is not an object/],
    [text.replace(/"type":"[^"]*"/, '"type":7'), /type is not a string/],
    [text.replace(`"${image.digest}"`, `["${image.digest}"]`), /digest is not a string/],
    [text.replace(image.digest, image.digest.toUpperCase()), /another image/],
    [text.replace(image.digest, otherDigest), /another image/],
    [text.replace(image.digest, `${image.digest}\\u0000`), /another image/],
    [text.replace('"registry.example/team/app"', '["registry.example/team/app"]'), /not a string/],
    [text.replace("team/app", "team/App"), /another repository/],
    [text.replace("team/app", "team/app/"), /another repository/],
    [text.replace("registry.example/", "docker.io/library/registry.example/"), /another repository/],
    [text.replace("registry.example/team/app", "registry.example"), /another repository/],
    [text.replace('"optional"', '"\\u006fptional":{},"optional"'), /`optional` twice/],
    [text.replace('"type"', '"identity":{},"type"'), /`identity` twice/],
    [withOptional('{"a":1,"\\u0061":1}'), /`a` twice/],
    [withOptional('{"__proto__":1,"__proto__":2}'), /`__proto__` twice/],
    [withOptional('{"\\"":1,"\\u0022":2}'), /twice/],
    [withOptional('"\\ud83d"'), /half a surrogate pair/],
    [withOptional('{"\\ude00":1}'), /half a surrogate pair/],
    [withOptional("[".repeat(31) + "]".repeat(31)), /nested too deeply/],
    [withOptional(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`), /nested too deeply/],
    [withOptional("1e999"), /a number that is too large/],
    [withOptional('[{"a":-1E+400}]'), /a number that is too large/],
    [withOptional("9".repeat(310)), /a number that is too large/],
    [`\ufeff${text}`, /not JSON/],
    [`${text} {}`, /not JSON/],
    [Buffer.concat([good.subarray(0, -1), Buffer.from([0xc3]), good.subarray(-1)]), /not UTF-8/],
    [Buffer.from(text, "utf16le"), /damaged/],
    ["[]", /not an object/],
    ["null", /not an object/],
    [" ", /damaged/],
  ])) {
    await refused(verifyPayload(what), "content", said, String(what).slice(0, 300));
  }
  // Unicode would make this K, the Kelvin sign, a k.
  const kelvin = payload((it) => {
    it.critical.identity["docker-reference"] = "doc\u212aer.io/team/app";
  });
  const onHub = { reference: `docker.io/team/app@${image.digest}` };
  await refused(verifyPayload(kelvin, onHub), "content", /another repository/);
});

test("a payload of the largest size is read, whatever fills it, and none beyond", async () => {
  const most = 1024 * 1024;
  const filled = (before, unit, behind) => {
    const room = most - withOptional(before + behind).length;
    const units = unit.repeat(Math.floor(room / unit.length));
    return withOptional(before + units + behind).padEnd(most);
  };
  for (const largest of [
    filled('"', "a", '"'),
    filled('"', "\\n", '"'),
    filled('"', 'a\\"', '"'),
    filled("[", "[],", "0]"),
    filled("[", '"",', "0]"),
  ]) {
    const { state, reason } = await verifyPayload(largest);
    assert.equal(state, "verified", reason);
    await refused(verifyPayload(`${largest} `), "manifest", /has 1048577 bytes/);
  }
});

test("each of these is invalid, with its reason", async () => {
  const signed = (payload) => Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload));
  const about = (payload, options) => {
    const bytes = signed(payload);
    return [simpleLayer(rsa.privateKey, bytes, options), bytes];
  };
  const right = simpleLayer(rsa.privateKey, good);
  const text = right.annotations["dev.cosignproject.cosign/signature"];
  const withSignature = (signature) => [simpleLayer(rsa.privateKey, good, { signature }), good];
  const flipped = Buffer.from(good);
  flipped[10] ^= 1;
  for (const [name, [layer, blob], said] of /** @type {const} */ ([
    ["a payload changed by one byte", [right, flipped], /digest/],
    [
      "changed together with its digest",
      [{ ...right, digest: digestOf(flipped) }, flipped],
      /any of the given keys/,
    ],
    ["a size that is wrong", [{ ...right, size: right.size + 1 }, good], /bytes/],
    [
      "a signature of another image",
      about(payloadFor({ digest: `sha256:${"0".repeat(64)}` })),
      /another image/,
    ],
    [
      "of another repository",
      about(payloadFor({ repository: "registry.example/team/other" })),
      /another repository/,
    ],
    [
      "of a registry that begins alike",
      about(payloadFor({ repository: "registry.example.evil.com/team/app" })),
      /another repository/,
    ],
    ["a wrong type", about(payloadFor({ type: "atomic container signature" })), /of type/],
    ["an extra key", about({ ...payloadFor(), extra: 1 }), /unknown field/],
    [
      "a duplicate key",
      about(JSON.stringify(payloadFor()).replace('"optional"', '"critical":{},"optional"')),
      /twice/,
    ],
    ["text after the payload", about(`${JSON.stringify(payloadFor())}{}`), /not JSON/],
    ["another key", [simpleLayer(other.privateKey, good), good], /any of the given keys/],
    [
      "PSS instead of PKCS1",
      about(payloadFor(), { padding: pss }),
      /in a way that counts: .* RSA-PSS and SHA-256/,
    ],
    ["truncated base64", withSignature(text.slice(0, -3)), /base64/],
    ["doubled base64", withSignature(text + text), /base64|any of the given keys/],
    [
      "doubled bytes",
      withSignature(
        Buffer.concat([Buffer.from(text, "base64"), Buffer.from(text, "base64")]).toString("base64"),
      ),
      /any of the given keys/,
    ],
    ["spaces in base64", withSignature(`${text.slice(0, 8)} ${text.slice(8)}`), /base64/],
    ["an empty signature", withSignature(""), /base64/],
    ["a payload of 200 MiB", [{ ...right, size: 200 * 1024 * 1024 }, good], /at most/],
    ["a layer of another type", [{ ...right, mediaType: "application/octet-stream" }, good], /no signature/],
  ])) {
    const verification = await verify(layer, blob);
    assert.equal(verification.state, "invalid", name);
    assert.equal(verification.signatures.length, 1, name);
    assert.equal(verification.signatures[0].verified, false, name);
    assert.match(verification.reason, said, name);
    assert.equal(verification.signatures[0].reason, verification.reason, name);
  }
  const wrapped = simpleLayer(rsa.privateKey, good, { signature: text.replace(/.{76}/g, "$&\r\n") });
  assert.equal((await verify(wrapped, good)).state, "verified", "wrapped at 76 columns");
});

test("the payload is what is signed, and its SHA-256 is openssl's", () => {
  const { text, sha256 } = simpleSigningPayload(reference);
  assert.equal(text, good.toString());
  assert.equal(`sha256:${sha256}`, digestOf(text));
  assert.ok(text.includes(image.digest));
});
