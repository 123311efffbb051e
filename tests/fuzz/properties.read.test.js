// What is read is what was written: each format there and back, with anything in it that it may hold.
import assert from "node:assert/strict";
import { sign } from "node:crypto";
import fc from "fast-check";
import { decodeArtifactUri, encodeArtifactUri, parseReference, scanReferences } from "ocisign";
import * as readers from "../support/readers.js";
import { keyPair, payloadFor, statementFor } from "../support/signatures.js";
import { importSource } from "../support/source.js";
import { heldFile } from "./held-file.js";
import { holds } from "./holds.js";
import { publicKeys } from "./seal.js";

const { nearest } = await importSource("pkg/src/nearest.ts");
const { withoutTrailing } = await importSource("pkg/src/trailing.ts");
const { Fault, parseStrictly, fixedLength } = readers;
const property = (/** @type {string} */ what, /** @type {any} */ it, /** @type {number} */ runs = 300) =>
  holds(import.meta.url, what, it, runs);

const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const repository = fc.array(word, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const registry = fc
  .tuple(word, fc.integer({ min: 1, max: 65_535 }))
  .map(([host, port]) => `${host}.example:${port}`);
const reference = fc
  .tuple(registry, repository, fc.option(fc.stringMatching(/^[\w][\w.-]{0,20}$/)), hex)
  .map(([host, path, tag, digest]) => `${host}/${path}${tag === null ? "" : `:${tag}`}@sha256:${digest}`);

property(
  "a reference's one spelling is read as itself, alone, in a list and as an artifact",
  fc.property(reference, (text) => {
    const { canonical, registry: host, repository: path, digest } = parseReference(text);
    assert.equal(parseReference(canonical).canonical, canonical);
    assert.equal(canonical, `${host}/${path}@${digest}`);
    assert.equal(decodeArtifactUri(encodeArtifactUri(text)), canonical);
    assert.equal(scanReferences(`\n${text}\n`).references[0]?.canonical, canonical);
  }),
);

property(
  "base64 is written as Node writes it, and read in that spelling only",
  fc.property(fc.uint8Array(), fc.base64String(), fc.string(), (bytes, text, other) => {
    assert.equal(readers.base64.toBase64(bytes), Buffer.from(bytes).toString("base64"));
    for (const it of [text, other]) {
      const read = readers.base64.fromBase64(it);
      assert.equal(read !== undefined, Buffer.from(it, "base64").toString("base64") === it);
    }
  }),
);

const shallow = fc.jsonValue({ maxDepth: 5 }).filter((value) => !/\\u|[A-Z]/.test(JSON.stringify(value)));
property(
  "JSON is read strictly as JSON.parse reads it, and not with a name that stands twice",
  fc.property(shallow, word, (value, name) => {
    const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
    const text = JSON.stringify(value);
    assert.deepEqual(parseStrictly(bytes(text), "It", {}), JSON.parse(text));
    const twice = `{"a":${text},"${name}":1,"b":{"${name}":0},"${name}":${text}}`;
    assert.throws(() => parseStrictly(bytes(twice), "It", {}), Fault);
    for (const broken of [`\ufeff${text}`, `${text} x`, `[${text},]`, `{${text}}`]) {
      assert.throws(() => parseStrictly(bytes(broken), "It", {}), Fault);
    }
  }),
);

const curves = /** @type {const} */ ([
  ["P-256", 32],
  ["P-384", 48],
  ["P-521", 66],
]);
property(
  "an ECDSA signature is the same in DER and side by side",
  fc.property(
    fc.constantFrom(...curves),
    fc.uint8Array({ minLength: 132, maxLength: 132 }),
    ([curve, size], all) => {
      const fixed = all.slice(0, 2 * size);
      const given = readers.readings(fixed).map((bytes) => {
        try {
          return Buffer.from(fixedLength(bytes, curve)).toString("hex");
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          return undefined;
        }
      });
      assert.ok(given.includes(Buffer.from(fixed).toString("hex")));
    },
  ),
);

property(
  "a payload is about the image that it names, and about no other",
  fc.property(reference, reference, (one, other) => {
    const [image, another] = [readers.parseReference(one), readers.parseReference(other)];
    fc.pre(image.canonical !== another.canonical);
    const payload = Buffer.from(
      JSON.stringify(
        payloadFor({ repository: `${image.registry}/${image.repository}`, digest: image.digest }),
      ),
    );
    const statement = Buffer.from(JSON.stringify(statementFor({ digest: image.digest })));
    assert.equal(readers.checkPayload(payload, image), undefined);
    assert.equal(readers.checkStatement(statement, image), undefined);
    assert.throws(() => readers.checkPayload(payload, another), Fault);
    if (image.digest !== another.digest)
      assert.throws(() => readers.checkStatement(statement, another), Fault);
    assert.throws(() => readers.checkAttestation(statement, image), Fault);
  }),
);

const token = fc.stringMatching(/^[a-z][a-z0-9!#$%&'*+.^_`|~-]{0,10}$/);
const quotable = fc.stringMatching(/^[\t -~\u0080-\u00ff]{0,20}$/);
const quoted = (/** @type {string} */ text) => `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
property(
  "challenges and links are read as they were written",
  fc.property(
    fc.array(fc.tuple(token, fc.dictionary(token, quotable, { minKeys: 1 })), { minLength: 1, maxLength: 4 }),
    fc.array(
      fc.tuple(
        fc.webUrl(),
        token.filter((it) => /^[a-z][a-z0-9.-]*$/.test(it)),
      ),
      { minLength: 1 },
    ),
    (challenges, links) => {
      const header = challenges.map(([scheme, all]) => {
        const parameters = Object.entries(all).map(([name, value]) => `${name}=${quoted(value)}`);
        return `${scheme} ${parameters.join(", ")}`;
      });
      const read = readers.parseChallenges(header.join(", "));
      const plain = read.map(({ scheme, parameters }) => [scheme, [...parameters].sort()]);
      assert.deepEqual(
        plain,
        challenges.map(([scheme, all]) => [scheme, Object.entries(all).sort()]),
      );
      const found = readers.parseLinks(links.map(([url, rel]) => `<${url}>; rel=${quoted(rel)}`).join(", "));
      assert.deepEqual(
        found?.map((it) => [it.target, ...it.relations]),
        links,
      );
    },
  ),
);

property(
  "certificates in PEM are the bytes that were written, whatever stands around them",
  fc.property(
    fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 4 }),
    (ders) => {
      const text = ders.map((der) => `subject=x\r\n${readers.pem.pemOf(der)}`).join("note\n");
      assert.deepEqual(readers.pem.derIn(text, "It"), ders);
    },
  ),
);

property(
  "user and password of a file of sign-ins are those that were kept there",
  fc.property(fc.string({ minLength: 1 }), fc.string(), (user, password) => {
    fc.pre(
      !user.includes(":") &&
        !user.includes("\0") &&
        user !== "<token>" &&
        !/^\0|\0$|\ufeff/.test(password + user),
    );
    const auth = Buffer.from(`${user}:${password}`).toString("base64");
    const text = JSON.stringify({ auths: { "registry.example": { auth } } });
    const kept = readers.signIns.keptIn(text, "config.json");
    const [[key]] = readers.signIns.keysFor({ registry: "registry.example" }, Object.keys(kept.auths));
    assert.deepEqual(readers.signIns.signInOf(kept.auths[key], key, "config.json"), {
      username: user,
      password,
    });
  }),
);

const record = fc.oneof(
  fc.record({ kind: fc.constant("intent"), from: fc.nat(), to: fc.nat() }),
  fc.record({
    kind: fc.constant("outcome"),
    index: fc.nat(),
    reference: fc.string(),
    state: fc.constant("signed"),
    id: fc.string(),
  }),
);
const first = { kind: "run", version: 1, batch: "b", service: "s", productId: "p", list: "l", count: 1 };
property(
  "a journal is read as it was written; of a damaged one, nothing else than was written",
  fc.asyncProperty(
    fc.array(record, { maxLength: 6 }),
    fc.nat(),
    fc.integer({ min: 1, max: 255 }),
    async (more, place, flip) => {
      const records = [first, ...more.map((it) => ({ ...it }))];
      let sum = readers.journal.beginning;
      const lines = records.map((it) => {
        const written = readers.journal.lineOf(/** @type {any} */ (it), sum);
        sum = written.sum;
        return written.line;
      });
      const bytes = Buffer.from(lines.join(""));
      const { read } = await recordsIn(bytes);
      assert.deepEqual(read, records);
      bytes[place % bytes.length] = (bytes[place % bytes.length] ?? 0) ^ flip;
      const damaged = await recordsIn(bytes);
      assert.deepEqual(damaged.read, records.slice(0, damaged.read.length));
      // Only the last line, which may be a torn one, can be missing without a word.
      assert.ok(damaged.error || damaged.read.length >= records.length - 1);
    },
  ),
);

/** @param {Buffer} bytes */
async function recordsIn(bytes) {
  const read = [];
  try {
    for await (const it of readers.journal.recordsIn(heldFile(bytes), "run.journal")) read.push(it);
    return { read };
  } catch (error) {
    return { read, error };
  }
}

property(
  "a trust file is the same policy as text and as an object, and the longest pattern holds",
  fc.property(
    fc.uniqueArray(repository, { minLength: 1, maxLength: 6 }),
    fc.boolean(),
    (paths, requireRepository) => {
      const patterns = paths.map((path) => `registry.example/${path}/**`);
      const rules = patterns.map((pattern, at) => ({
        name: `rule ${at}`,
        images: [pattern],
        keys: ["a"],
        requireRepository,
      }));
      const file = { version: 1, keys: { a: { publicKey: publicKeys.trusted } }, rules };
      const policy = readers.trust.readTrust(JSON.stringify(file));
      assert.deepEqual({ ...policy }, { ...readers.trust.readTrust(file) });
      for (const path of paths) {
        const above = paths
          .filter((it) => `${path}/x`.startsWith(`${it}/`))
          .sort((a, b) => b.length - a.length);
        const holding = readers.trust.ruleFor(policy, {
          registry: "registry.example",
          repository: `${path}/x`,
        });
        assert.equal(holding?.pattern, `registry.example/${above[0]}/**`);
      }
    },
  ),
  100,
);

property(
  "what is nearest is what a search through all finds",
  fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), word, (names, written) => {
    const distance = (/** @type {string} */ a, /** @type {string} */ b) => levenshtein(a, b);
    const least = Math.min(...names.map((name) => distance(name, written)));
    const found = nearest(written, names, () => 3);
    assert.equal(found, least <= 3 ? names.find((name) => distance(name, written) === least) : undefined);
  }),
);

/** The textbook's own. @param {string} a @param {string} b @returns {number} */
function levenshtein(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(same, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

property(
  "what is taken from a text's end is what a pattern would take",
  fc.property(fc.stringMatching(/^[a/0\n]{0,12}$/), fc.constantFrom("/", "0", "\n"), (text, character) => {
    assert.equal(withoutTrailing(text, character), text.replace(new RegExp(`${character}+$`), ""));
  }),
);

property(
  "a list names each image in its line, and each line that is none",
  fc.asyncProperty(
    fc.array(fc.oneof(reference, fc.stringMatching(/^[a-z ]{1,10}$/)), { minLength: 1 }),
    async (lines) => {
      const found = [];
      for await (const entries of readers.imageList.entriesIn(heldFile(Buffer.from(lines.join("\n"))), "it"))
        found.push(...entries);
      const told = lines.flatMap((text, at) => (text.trim() === "" ? [] : [[at + 1, text.includes("@")]]));
      assert.deepEqual(
        found.map(({ line, wrong }) => [line, wrong === undefined]),
        told,
      );
    },
  ),
);

const pair = keyPair("P-256");
property(
  "what a key signed is read from every form in which tools write it",
  fc.property(fc.uint8Array(), (message) => {
    const der = sign("sha256", message, pair.privateKey);
    for (const form of /** @type {const} */ (["base64", "base64url", "hex"])) {
      assert.ok(
        readers.readings(der.toString(form)).some((it) => der.equals(it)),
        form,
      );
    }
  }),
  50,
);
