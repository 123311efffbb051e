// What a proof refuses. Everything here is really signed: only what it says, or how it is written down, is wrong.
import assert from "node:assert/strict";
import { createHash, verify as nodeVerify, sign } from "node:crypto";
import { after, test } from "node:test";
import { OcisignError, publicKey, verifyImage, verifySignatures } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { mutated, newSeed, randomNumbers } from "../support/random.js";
import {
  bundleDescriptor,
  bundleLayer,
  dsseMessage,
  image,
  keyPair,
  manifestOf,
  payloadFor,
  reference,
  simpleLayer,
  statementFor,
} from "../support/signatures.js";

const rsa = keyPair("rsa");
const other = keyPair("rsa");
const annotation = "dev.cosignproject.cosign/signature";
const text = JSON.stringify(payloadFor());
const good = Buffer.from(text);
const goodLayer = simpleLayer(rsa.privateKey, good);
const [, hex] = image.digest.split(":");

/** Verifies one layer over some bytes. */
function verify(layer, blob, options = {}) {
  return verifySignatures({ reference, publicKey: rsa.pem, manifest: manifestOf(layer), blob, ...options });
}

/** Signs a payload, whatever it is, and verifies it. */
function verifyPayload(payload, options) {
  const bytes = Buffer.from(payload);
  return verify(simpleLayer(rsa.privateKey, bytes), bytes, options);
}

function verifyBundle(made, options) {
  const { layer, bytes } = bundleLayer(rsa.privateKey, made);
  return verify(layer, bytes, options);
}

/** The right payload with a change. */
function payload(change) {
  const changed = payloadFor();
  change(changed);
  return JSON.stringify(changed);
}

/** The right payload with some JSON in `optional`, which may hold any object. */
const withOptional = (json) => text.replace('"optional":null', `"optional":{"x":${json}}`);

async function refused(verification, step, said, about) {
  const { state, signatures, reason } = await verification;
  assert.equal(state, "invalid", about);
  assert.deepEqual(
    signatures.map(({ verified, failed }) => [verified, failed]),
    [[false, step]],
    about,
  );
  assert.match(reason, said, about);
}

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
  for (const [what, said] of [
    ...["critical", "critical.image", "critical.identity"].flatMap((path) =>
      ["extra", "__proto__", "constructor", "toString"].map((name) => [
        payload((it) => {
          const place = path.split(".").reduce((value, step) => value[step], it);
          Object.defineProperty(place, name, { value: 1, enumerable: true });
        }),
        /unknown field/,
      ]),
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
    [text.replace("team/app", "team/app:tag"), /another repository/],
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
    [`\ufeff${text}`, /not JSON/],
    [`${text} {}`, /not JSON/],
    [Buffer.concat([good.subarray(0, -1), Buffer.from([0xc3]), good.subarray(-1)]), /not UTF-8/],
    [Buffer.from(text, "utf16le"), /damaged/],
    ["[]", /not an object/],
    ["null", /not an object/],
    [" ", /damaged/],
  ]) {
    await refused(verifyPayload(what), "content", said, String(what).slice(0, 300));
  }
  // Unicode would make this K, the Kelvin sign, a k.
  const kelvin = payload((it) => {
    it.critical.identity["docker-reference"] = "doc\u212aer.io/team/app";
  });
  const onHub = { reference: `docker.io/team/app@${image.digest}` };
  await refused(verifyPayload(kelvin, onHub), "content", /another repository/);
});

test("a payload is JSON exactly as JSON.parse has it", async () => {
  for (const json of [
    ...'null|true| false |0|-0.5e+3|""|[]|[1,[2,{}]]|{}|{"a":1,"b":{"a":2}}'.split("|"),
    ...'||nul|01|1.|-|+1|.5|1e|"|"\u0001"|[1,]|[1 2]|{,}|{"a"}|{"a":}|{"a":1,}|{a:1}|[|]|1 2|\'a\'|NaN'.split(
      "|",
    ),
    ...[
      '"a\\"\\\\\\/\\b\\f\\n\\r\\té😀é"',
      '"\\x"',
      '"\\u12"',
      '"\u2028"',
      "\ufeff1",
      "// x\n1",
      "[".repeat(30) + "]".repeat(30),
    ],
  ]) {
    const whole = withOptional(json);
    const { state, reason } = await verifyPayload(whole);
    assert.equal(state, isJson(whole) ? "verified" : "invalid", `${JSON.stringify(json)}: ${reason}`);
  }
});

function isJson(json) {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}

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

test("a blob must be the one that was named", async () => {
  const changed = Buffer.from(good);
  changed[20] ^= 1;
  for (const wrong of [changed, good.subarray(1), Buffer.alloc(0), Buffer.concat([good, good])]) {
    await refused(verify(goodLayer, good, { blob: () => wrong }), "blob", /blob/);
  }
  for (const algorithm of ["sha384", "sha512"]) {
    const layer = {
      ...goodLayer,
      digest: `${algorithm}:${createHash(algorithm).update(good).digest("hex")}`,
    };
    assert.equal((await verify(layer, good)).state, "verified", algorithm);
    await refused(verify(layer, good, { blob: () => changed }), "blob", /digest/, algorithm);
  }
});

test("a signature is base64 in its one form", async () => {
  const signature = goodLayer.annotations[annotation];
  // 256 bytes end in `==`, and leave four bits that have to be zero.
  const lastBits = signature.replace(/.==$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}==`);
  for (const wrong of [
    "",
    "\r\n",
    "!",
    lastBits,
    signature.replace("==", ""),
    signature.replace("==", "="),
    `${signature}=`,
    `${signature}\t`,
    ` ${signature}`,
    `${signature}\u00a0`,
    `${signature}\u0000`,
    `-_${signature.slice(2)}`,
    `é${signature.slice(1)}`,
  ]) {
    const bytes = simpleLayer(rsa.privateKey, good, { signature: wrong });
    await refused(verify(bytes, good), "blob", /not base64/, wrong);
    const around = (it) => {
      it.dsseEnvelope.signatures[0].sig = wrong;
    };
    await refused(verifyBundle({ around }), "blob", /not base64/, wrong);
  }
});

test("a bundle that says anything else is refused, although its signature holds", async () => {
  const statement = (change) => {
    const changed = statementFor();
    change(changed);
    return { statement: JSON.stringify(changed) };
  };
  const spelled = (from, to) => ({ statement: JSON.stringify(statementFor()).replace(from, to) });
  for (const [made, said] of [
    [statement((it) => delete it.predicateType), /predicateType is not a string/],
    [{ predicateType: "https://spdx.dev/Document" }, /not that the image was signed/],
    [spelled("/Statement/v1", "/Statement/v0.1"), /of type/],
    [spelled(`"${hex}"`, '"00"'), /another image/],
    // Joined to a text, a list of one looks like what it holds.
    [spelled(`"${hex}"`, `["${hex}"]`), /not a string/],
    [spelled(`{"sha256":"${hex}"}`, `{"":"${image.digest}"}`), /another image/],
    [spelled(`{"sha256":"${hex}"}`, `["sha256","${hex}"]`), /not an object/],
    [spelled(`"sha256":"${hex}"`, `"sha256":"${hex}","sha512":"00"`), /exactly one digest/],
    [spelled(`"sha256":"${hex}"`, ""), /exactly one digest/],
    [spelled(`"sha256":"${hex}"`, `"sha256":"00","sha25\\u0036":"${hex}"`), /`sha256` twice/],
    [statement((it) => it.subject.push(it.subject[0])), /2 subjects/],
    [statement((it) => it.subject.pop()), /0 subjects/],
    [spelled(/"subject":\[(.*?)\]/, '"subject":$1'), /subject is not a list/],
    [spelled(/"subject":\[.*?\]/, '"subject":[null]'), /not an object/],
    [statement((it) => Object.assign(it, { extra: 1 })), /unknown field/],
    [spelled('"_type"', '"__proto__":{},"_type"'), /unknown field/],
    [spelled('"_type"', '"_type":"x","_type"'), /twice/],
    [{ statement: "" }, /statement is damaged/],
    [{ statement: "[]" }, /not an object/],
    [{ statement: text }, /unknown field/],
  ]) {
    await refused(verifyBundle(made), "content", said, made.statement);
  }
});

test("a bundle that is none is refused before its signature is looked at", async () => {
  const around = (change) => bundleLayer(rsa.privateKey, { around: change }).bytes;
  const envelope = (fields) => around((it) => Object.assign(it.dsseEnvelope, fields));
  const whole = around(() => {}).toString();
  const { sig } = JSON.parse(whole).dsseEnvelope.signatures[0];
  for (const [bytes, said] of [
    [around((it) => Object.assign(it, { mediaType: `${it.mediaType};version=0.2` })), /only v0.3/],
    [around((it) => delete it.mediaType), /mediaType is not a string/],
    [around((it) => Object.assign(it, { dsseEnvelope: null })), /no DSSE envelope/],
    [around((it) => delete it.dsseEnvelope), /no DSSE envelope/],
    [around((it) => Object.assign(it, { dsseEnvelope: [] })), /not an object/],
    [bundleLayer(rsa.privateKey, { payloadType: "text/plain" }).bytes, /not an in-toto/],
    [envelope({ payload: "!" }), /payload is not base64/],
    [envelope({ payload: 7 }), /payload is not a string/],
    [envelope({ payload: `${JSON.parse(whole).dsseEnvelope.payload}\n` }), /payload is not base64/],
    [envelope({ signatures: [] }), /0 signatures/],
    [envelope({ signatures: [{ sig }, { sig }] }), /2 signatures/],
    [envelope({ signatures: { 0: { sig }, length: 1 } }), /not a list/],
    [envelope({ signatures: [sig] }), /sig is not a string/],
    [envelope({ signatures: [{ sig: [sig] }] }), /sig is not a string/],
    [Buffer.from(whole.replace('"payload"', '"\\u0070ayload":"","payload"')), /`payload` twice/],
    [Buffer.from(`\ufeff${whole}`), /not JSON/],
    [Buffer.from("[]"), /not an object/],
    [good, /mediaType is not a string/],
  ]) {
    await refused(verify(bundleDescriptor(bytes), bytes), "blob", said, bytes.toString());
  }
  const { layer, bytes } = bundleLayer(rsa.privateKey);
  const asPayload = { ...layer, mediaType: goodLayer.mediaType, annotations: { [annotation]: sig } };
  await refused(verify(asPayload, bytes), "signature", /any of the given keys/);
});

test("what is wrong with one layer leaves the others alone", async () => {
  const wrong = [
    null,
    7,
    "x",
    [],
    { ...goodLayer, mediaType: 7 },
    { ...goodLayer, mediaType: "__proto__" },
    { ...goodLayer, mediaType: "application/octet-stream" },
    { ...goodLayer, annotations: undefined },
    { ...goodLayer, annotations: { [annotation]: null } },
    { ...goodLayer, annotations: { [annotation]: [goodLayer.annotations[annotation]] } },
    ...[undefined, null, -1, 1.5, String(good.length), [good.length], 2 ** 53, 200 * 1024 * 1024].map(
      (size) => ({ ...goodLayer, size }),
    ),
    ...[
      undefined,
      [goodLayer.digest],
      "",
      "sha256",
      "sha256:",
      "sha256:00",
      goodLayer.digest.toUpperCase(),
      goodLayer.digest.replace("sha256", "SHA256"),
      goodLayer.digest.replace(/[0-9a-f]+$/, (digits) => digits.toUpperCase()),
      goodLayer.digest.replace("sha256", "sha512"),
      `${goodLayer.digest}:00`,
      `${goodLayer.digest}\n`,
      ` ${goodLayer.digest}`,
      ...["md5", "sha1", "__proto__", "constructor", "toString", "undefined"].flatMap((name) => [
        name,
        `${name}:`,
        `${name}:${"0".repeat(64)}`,
      ]),
    ].map((digest) => ({ ...goodLayer, digest })),
  ];
  const read = (manifest) => verifySignatures({ reference, publicKey: rsa.pem, manifest, blob: good });
  const bad = await read(manifestOf(...wrong));
  assert.equal(bad.state, "invalid");
  assert.deepEqual(
    bad.signatures.map(({ failed, blob }) => [failed, blob]),
    wrong.map(() => ["manifest", null]),
  );
  const one = await read(manifestOf(...wrong, goodLayer));
  assert.equal(one.state, "verified");
  assert.equal(one.signatures.filter(({ verified }) => verified).length, 1);
});

test("a manifest beyond doubt, or none", async () => {
  const manifest = manifestOf(goodLayer).toString();
  for (const [wrong, said] of [
    ["{}", /no signature/],
    ['{"layers":null}', /no signature/],
    ["[]", /not an object/],
    ["null", /not an object/],
    ['{"layers":{}}', /layers is not a list/],
    [manifest.replace('"layers"', '"mediaType":7,"layers"'), /twice/],
    [manifest.replace(/"mediaType":"[^"]*manifest[^"]*"/, '"mediaType":7'), /mediaType is not a string/],
    [manifest.replace('"layers"', '"layers":[],"layers"'), /`layers` twice/],
    [manifest.replace('"layers"', '"layer\\u0073":[],"layers"'), /`layers` twice/],
    [manifest.replace('"size"', '"size":1,"size"'), /`size` twice/],
    [manifest.replace(`"${annotation}":"`, `"${annotation}":"\\ud800`), /half a surrogate pair/],
    [`${manifest}\u0000`, /not JSON/],
    [`\ufeff${manifest}`, /not JSON/],
    [Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(manifest, "utf16le")]), /not UTF-8/],
  ]) {
    const verification = verifySignatures({ reference, publicKey: rsa.pem, manifest: wrong, blob: good });
    await refused(verification, "manifest", said, String(wrong));
  }
});

/** DER of one element. */
function element(tag, content, length = [content.length]) {
  return Buffer.from([tag, ...length, ...content]);
}

test("an EC signature in any form but its DER is refused", async () => {
  const { pem, privateKey } = keyPair("P-384");
  const read = (bytes) => {
    const layer = simpleLayer(privateKey, good, { signature: Buffer.from(bytes).toString("base64") });
    return verify(layer, good, { publicKey: pem });
  };
  const fixed = sign("sha256", good, { key: privateKey, dsaEncoding: "ieee-p1363" });
  const number = (bytes) => {
    const start = bytes.findIndex((byte) => byte !== 0);
    const shortest = [...bytes.subarray(start)];
    return shortest[0] >= 0x80 ? [0, ...shortest] : shortest;
  };
  const [r, s] = [number(fixed.subarray(0, 48)), number(fixed.subarray(48))];
  const integers = (one, two) => [...element(2, one), ...element(2, two)];
  const numbers = integers(r, s);
  const whole = element(0x30, numbers);
  assert.equal((await read(whole)).state, "verified");

  const form = /not the DER form/;
  for (const [name, bytes, said] of [
    ["r and s side by side", fixed, form],
    ["a byte behind", [...whole, 0], form],
    ["a byte behind, within", element(0x30, [...numbers, 0]), form],
    ["a third number", element(0x30, [...numbers, 2, 1, 1]), form],
    ["one number", element(0x30, element(2, r)), form],
    ["cut short", whole.subarray(0, -1), form],
    ["a length in two bytes", element(0x30, numbers, [0x81, numbers.length]), form],
    ["a length in three bytes", element(0x30, numbers, [0x82, 0, numbers.length]), form],
    ["a length without end", [...element(0x30, numbers, [0x80]), 0, 0], form],
    ["a length of r in two bytes", element(0x30, [2, 0x81, r.length, ...r, ...element(2, s)]), form],
    ["r with a zero too much", element(0x30, integers([0, ...r], s)), form],
    ["s with a zero too much", element(0x30, integers(r, [0, ...s])), form],
    ["a negative r", element(0x30, integers([0x81], s)), form],
    ["no bytes of r", element(0x30, integers([], s)), form],
    ["a set", element(0x31, numbers), form],
    ["r as a bit string", element(0x30, [...element(3, r), ...element(2, s)]), form],
    ["r longer than the curve", element(0x30, integers(Array(49).fill(0x7f), s)), /larger curve/],
    [
      "s longer than any curve",
      element(0x30, [2, 1, 1, 2, 0x81, 200, ...Array(200).fill(1)], [0x81, 206]),
      /larger/,
    ],
    ["r of zero", element(0x30, integers([0], s)), /any of the given keys/],
    ["s of zero", element(0x30, integers(r, [0])), /any of the given keys/],
    ["r and s in the other order", element(0x30, integers(s, r)), /any of the given keys/],
    ["nothing", [0x30, 0], form],
    ["half a head", [0x30], form],
  ]) {
    await refused(read(bytes), "signature", said, name);
  }
  // A key of another kind does not hide the one that signed, whichever comes first.
  for (const keys of [
    [pem, rsa.pem],
    [rsa.pem, pem],
  ]) {
    const signed = await verify(goodLayer, good, { keys, publicKey: undefined });
    assert.equal(signed.state, "verified");
  }
});

test("one key in many forms is one key", async () => {
  const der = rsa.publicKey.export({ type: "spki", format: "der" });
  const token = { publicKey: der.toString("base64").replace(/.{20}/g, "$& \n") };
  const shown = publicKey({ productOperations: [{ operationType: "SignOCI", token }] });
  const forms = [
    rsa.pem,
    ` ${rsa.pem}\r\n`,
    der.toString("base64"),
    new Uint8Array(der),
    shown,
    { spki: der },
  ];
  const { layer, bytes } = bundleLayer(rsa.privateKey);
  const signed = { reference, manifest: manifestOf(goodLayer, layer), blob: [good, bytes] };
  const { state, keys, signatures } = await verifySignatures({
    ...signed,
    keys: [...forms, other.pem],
    threshold: 2,
  });
  assert.deepEqual([state, keys], ["invalid", [shown.fingerprint]], "two signatures, one key");
  assert.ok(signatures.every(({ verified }) => verified));
  await assert.rejects(verifySignatures({ ...signed, keys: forms, threshold: 2 }), {
    code: "bad-input",
    message: /only 1 different/,
  });
  // biome-ignore lint/suspicious/noSparseArray: what is missing is no key.
  for (const keys of [[rsa.pem, , other.pem], [undefined]]) {
    await assert.rejects(verifySignatures({ ...signed, keys }), { code: "bad-input" });
  }
});

test("one verdict from all", async () => {
  const second = keyPair("P-256");
  const bundled = bundleLayer(rsa.privateKey);
  const away = Buffer.from(withOptional("1"));
  const layers = {
    first: goodLayer,
    again: bundled.layer,
    second: simpleLayer(second.privateKey, good),
    bad: simpleLayer(other.privateKey, good),
    away: simpleLayer(rsa.privateKey, away),
    lost: simpleLayer(rsa.privateKey, Buffer.from(withOptional("2"))),
  };
  const blob = (digest) => {
    if (digest === digestOf(good)) return good;
    if (digest === bundled.layer.digest) return bundled.bytes;
    if (digest === digestOf(away)) throw new OcisignError("network", "It does not answer.", "Wait.");
    throw new OcisignError("not-found", "It is not there.", "Look.");
  };
  for (const [names, threshold, state] of [
    ["bad", 1, "invalid"],
    ["lost", 1, "invalid"],
    ["away", 1, "unreachable"],
    ["bad away lost", 1, "unreachable"],
    ["bad first lost", 1, "verified"],
    ["away first", 1, "verified"],
    ["first again first", 2, "invalid"],
    ["first bad again away", 2, "unreachable"],
    ["first second", 2, "verified"],
    ["away first bad second", 2, "verified"],
  ]) {
    const manifest = manifestOf(...names.split(" ").map((name) => layers[name]));
    const keys = [rsa.pem, second.pem];
    const verification = await verifySignatures({ reference, keys, threshold, manifest, blob });
    assert.equal(verification.state, state, `${threshold} of ${names}: ${verification.reason}`);
  }
});

test("what the caller changes after the call changes nothing", async () => {
  const der = new Uint8Array(rsa.publicKey.export({ type: "spki", format: "der" }));
  const another = new Uint8Array(other.publicKey.export({ type: "spki", format: "der" }));
  const forged = payload((it) => {
    it.optional = "forged";
  });
  /** Calls with some bytes, puts others in their place, and tells what came out. */
  const swapped = async (before, later) => {
    const held = {
      manifest: new Uint8Array(2000),
      blob: new Uint8Array(400),
      publicKey: new Uint8Array(294),
    };
    const put = (bytes) => {
      for (const [name, value] of Object.entries(bytes)) held[name].fill(0x20).set(value);
    };
    put(before);
    const options = { ...held, reference, requireRepository: true };
    const verification = verifySignatures(options);
    put(later);
    Object.assign(options, { requireRepository: false, threshold: 2, reference: "nonsense" });
    return (await verification).state;
  };
  const padded = Buffer.from(text.padEnd(400));
  const right = { blob: padded, manifest: manifestOf(simpleLayer(rsa.privateKey, padded)), publicKey: der };
  const wrong = { blob: Buffer.from(forged), manifest: manifestOf(), publicKey: another };
  assert.equal(await swapped(right, wrong), "verified");
  for (const name of Object.keys(wrong)) {
    assert.equal(await swapped({ ...right, [name]: wrong[name] }, right), "invalid", name);
  }
});

test("bytes that others can change, and fields that change, are read once", async () => {
  const shared = (bytes) => {
    const view = new Uint8Array(new SharedArrayBuffer(bytes.length));
    view.set(bytes);
    return view;
  };
  const der = rsa.publicKey.export({ type: "spki", format: "der" });
  const manifest = manifestOf(goodLayer);
  for (const blob of [shared(good), () => shared(good), async () => shared(good)]) {
    const options = { reference, publicKey: shared(der), manifest: shared(manifest), blob };
    assert.equal((await verifySignatures(options)).state, "verified");
  }
  const lying = Object.defineProperty(new Uint8Array([...good, 0x20]), "byteLength", { value: good.length });
  await refused(verify(goodLayer, good, { blob: () => lying }), "blob", /bytes/);

  const { layer, bytes } = bundleLayer(rsa.privateKey);
  /** An option that is the one value when first read, and the other from then on. */
  const changing = (options, name, values) =>
    Object.defineProperty(options, name, { enumerable: true, get: () => values.shift() ?? values.last });
  const strictly = { reference, publicKey: rsa.pem, manifest: manifestOf(layer), blob: bytes };
  const once = changing(strictly, "requireRepository", Object.assign([true], { last: false }));
  assert.equal((await verifySignatures(once)).state, "invalid");
  const two = { reference, keys: [rsa.pem, other.pem], manifest, blob: good };
  const needed = changing(two, "threshold", Object.assign([2], { last: 1 }));
  assert.equal((await verifySignatures(needed)).state, "invalid");
});

test("whatever blob() throws or gives, nothing is proved by it", async () => {
  const { proxy, revoke } = Proxy.revocable(new Uint8Array(good), {});
  revoke();
  const thrower = new Proxy(
    {},
    {
      get: () => {
        throw new RangeError("touched");
      },
    },
  );
  for (const odd of [
    undefined,
    null,
    0,
    "",
    "text",
    Symbol("x"),
    1n,
    {},
    [],
    thrower,
    proxy,
    good.buffer,
    new Uint16Array(4),
    new DataView(good.buffer),
  ]) {
    for (const blob of [
      () => odd,
      async () => odd,
      () => {
        throw odd;
      },
      () => Promise.reject(odd),
    ]) {
      const [{ status, value }] = await Promise.allSettled([verify(goodLayer, good, { blob })]);
      assert.ok(status === "rejected" || value.state === "invalid", value?.state);
    }
  }
  for (const [code, expected] of [
    ["not-found", "invalid"],
    ["bad-reply", "invalid"],
    ["network", "unreachable"],
    ["bad-signature", "unreachable"],
    ["no-crypto", "unreachable"],
    ["aborted", "aborted"],
    ["bad-input", "bad-input"],
  ]) {
    const blob = () => Promise.reject(new OcisignError(code, "Said so.", "Do so."));
    const outcome = await verify(goodLayer, good, { blob }).then(
      ({ state }) => state,
      (error) => error.code,
    );
    assert.equal(outcome, expected, code);
  }
});

test("a platform that cannot say whether a signature holds proves nothing, and hides nothing", async (t) => {
  const failure = new DOMException("The operation failed.", "OperationError");
  const real = crypto.subtle.verify.bind(crypto.subtle);
  const { layer, bytes } = bundleLayer(rsa.privateKey);
  const both = { reference, manifest: manifestOf(goodLayer, layer), blob: [good, bytes] };
  let fails = () => true;
  t.mock.method(crypto.subtle, "verify", (...given) =>
    fails(...given) ? Promise.reject(failure) : real(...given),
  );
  const none = await verifySignatures({ ...both, publicKey: rsa.pem });
  assert.equal(none.state, "unreachable");
  assert.match(none.reason, /cryptography could not check/);
  assert.deepEqual(
    none.problems.map(({ code }) => code),
    ["no-crypto", "no-crypto"],
  );
  for (const { verified, checked, failed } of none.signatures) {
    assert.deepEqual([verified, checked, failed], [false, ["manifest", "blob"], undefined]);
  }
  fails = (_algorithm, _key, _signature, message) => message.length === good.length;
  const one = await verifySignatures({ ...both, publicKey: rsa.pem });
  assert.equal(one.state, "verified", "the other signature counts");
  // To the EC key, an RSA signature is a fault; the RSA key's answer is what is missing.
  const ec = keyPair("P-256").pem;
  fails = ({ name }) => name !== "ECDSA";
  for (const keys of [
    [ec, rsa.pem],
    [rsa.pem, ec],
  ]) {
    const { state } = await verify(goodLayer, good, { keys, publicKey: undefined });
    assert.equal(state, "unreachable", "what one key refuses, the other might have signed");
  }
});

test("in a registry: what is damaged is never absent, and what is doubtful is not walked", async () => {
  const registry = await fakeRegistry();
  after(() => registry.close());
  const repository = "team/app";
  const manifestType = "application/vnd.oci.image.manifest.v1+json";
  const indexType = "application/vnd.oci.image.index.v1+json";
  const push = (value, ...more) =>
    registry.manifest(
      repository,
      Buffer.from(typeof value === "string" ? value : JSON.stringify(value)),
      ...more,
    );
  const digest = push({ layers: [], annotations: { of: "the image" } });
  const list = (...manifests) =>
    registry.referrers(repository, digest, { schemaVersion: 2, mediaType: indexType, manifests });
  const verifyIt = (of = digest, options = {}) =>
    verifyImage(`${registry.domain}/${repository}@${of}`, { publicKey: rsa.pem, ...options });
  assert.equal((await verifyIt()).state, "unsigned");
  for (const [referrer, state] of [
    [
      { layers: [null, 7, {}, { mediaType: null }, { mediaType: "__proto__" }, { mediaType: "text/x" }] },
      "unsigned",
    ],
    [{}, "unsigned"],
    [{ layers: [{ mediaType: 7 }] }, "invalid"],
    [{ layers: [{ mediaType: [goodLayer.mediaType] }] }, "invalid"],
    [{ layers: [{ mediaType: goodLayer.mediaType }] }, "invalid"],
    [{ layers: {} }, "invalid"],
    [{ mediaType: indexType, manifests: [] }, "invalid"],
    ['{"layers":[],"layers":[]}', "invalid"],
    [`\ufeff${JSON.stringify({ layers: [] })}`, "invalid"],
    ["null", "invalid"],
  ]) {
    list({ mediaType: manifestType, digest: push(referrer), size: 1 });
    const found = await verifyIt();
    assert.equal(found.state, state, `${JSON.stringify(referrer)}: ${found.reason}`);
  }
  list();
  for (const index of [
    '{"manifests":[],"manifests":[]}',
    '\ufeff{"manifests":[]}',
    "[]",
    '{"manifests":[{"digest":"constructor:00"}]}',
    `{"manifests":[{"digest":"${digest}","artifactType":7}]}`,
    JSON.stringify({ manifests: Array(1001).fill({ digest, artifactType: "text/x" }) }),
  ]) {
    push(index, digest.replace(":", "-"), indexType);
    const { state, problems } = await verifyIt();
    assert.deepEqual([state, problems[0]?.from], ["unreachable", "fallback-tag"], index.slice(0, 100));
  }
  // Another reader might walk the first list.
  const twice = push(
    `{"mediaType":"${indexType}","manifests":[{"digest":"${digest}"}],"manifests":[]}`,
    undefined,
    indexType,
  );
  const named = payloadFor({ repository: `${registry.domain}/${repository}`, digest: twice });
  const bytes = Buffer.from(JSON.stringify(named));
  registry.blob(repository, bytes);
  push(manifestOf(simpleLayer(rsa.privateKey, bytes)).toString(), `${twice.replace(":", "-")}.sig`);
  assert.equal((await verifyIt(twice)).state, "verified");
  assert.equal((await verifyIt(twice, { recursive: true })).state, "unreachable");
});

const seed = newSeed();
const rounds = 500;

const ec = keyPair("P-256");

/** Each makes something changed, and knows whether it may still hold. */
const made = {
  payload: (random) => {
    const blob = mutated(good, random);
    const layer = { ...goodLayer, digest: digestOf(blob), size: blob.length };
    return { manifest: manifestOf(layer), blob, holds: () => blob.equals(good) };
  },
  bundle: (random) => {
    const blob = mutated(bundleLayer(rsa.privateKey).bytes, random);
    const holds = () => {
      const { payload: statement, payloadType, signatures } = JSON.parse(blob).dsseEnvelope;
      const message = dsseMessage(Buffer.from(statement, "base64"), payloadType);
      const signature = Buffer.from(signatures[0].sig, "base64");
      return (
        Buffer.from(statement, "base64").equals(Buffer.from(JSON.stringify(statementFor()))) &&
        nodeVerify("sha256", message, rsa.publicKey, signature)
      );
    };
    return { manifest: manifestOf(bundleDescriptor(blob)), blob, holds };
  },
  manifest: (random) => {
    const manifest = mutated(manifestOf(goodLayer), random);
    const holds = () =>
      JSON.parse(manifest).layers.some(
        ({ digest, size, mediaType, annotations }) =>
          digest === goodLayer.digest &&
          size === goodLayer.size &&
          mediaType === goodLayer.mediaType &&
          annotations[annotation].replaceAll(/[\r\n]/g, "") === goodLayer.annotations[annotation],
      );
    return { manifest, blob: good, holds };
  },
  signature: (random) => {
    const right = Buffer.from(goodLayer.annotations[annotation], "base64");
    const wrong = mutated(right, random);
    const layer = simpleLayer(rsa.privateKey, good, { signature: wrong.toString("base64") });
    return { manifest: manifestOf(layer), blob: good, holds: () => wrong.equals(right) };
  },
  "EC signature": (random) => {
    const right = sign("sha256", good, ec.privateKey);
    const wrong = mutated(right, random);
    const layer = simpleLayer(ec.privateKey, good, { signature: wrong.toString("base64") });
    return { manifest: manifestOf(layer), blob: good, holds: () => wrong.equals(right) };
  },
};

for (const [what, make] of Object.entries(made)) {
  test(`a ${what} changed at random verifies only where nothing that counts was changed`, async (t) => {
    t.diagnostic(`OCISIGN_SEED=${seed}`);
    const random = randomNumbers(seed);
    for (let round = 0; round < rounds; round++) {
      const { manifest, blob, holds } = make(random);
      // A signature is never "unsigned", and what was changed is never an exception.
      const { state } = await verifySignatures({
        reference,
        keys: [rsa.pem, ec.pem],
        manifest,
        blob: () => blob,
      });
      assert.ok(["verified", "invalid"].includes(state), `OCISIGN_SEED=${seed} round ${round}: ${state}`);
      if (state === "verified")
        assert.ok(holds(), `OCISIGN_SEED=${seed} round ${round}: ${blob}\n${manifest}`);
    }
  });
}
