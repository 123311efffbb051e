// Two judge the same texts: the package, through the module, and a parser of its own in plain JavaScript (the one that the
// bench measures against). SEED and COUNT repeat a run, or make it longer: OCISIGN_SEED=… OCISIGN_COUNT=1000000.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeArtifactUri, encodeArtifactUri, OcisignError, parseReference, scanReferences } from "ocisign";
import { parsePlain, Refusal } from "../../bench/contenders/plain-reference.js";
import { rows } from "../../bench/lib/tables.js";
import { sized } from "../support/large.js";
import { newSeed, randomNumbers } from "../support/random.js";
import { randomReference } from "../support/random-references.js";

const seed = newSeed();
const count = Number(process.env.OCISIGN_COUNT ?? sized(20_000, 1_000_000));
const random = randomNumbers(seed);

/** @param {(text: string) => { registry: string, canonical: string }} parse @param {string} text */
function verdict(parse, text) {
  try {
    const { registry, repository, tag, digest, canonical } = /** @type {any} */ (parse(text));
    return { registry, repository, tag, digest, canonical };
  } catch (error) {
    if (!(error instanceof OcisignError || error instanceof Refusal)) throw error;
    return { code: error.code, offset: error.offset };
  }
}

/** What a list should come to, one line after the other. @param {string} text */
function scanned(text) {
  const lines = text.replace(/^\ufeff/, "").split("\n");
  const all = lines.map((line, at) => ({
    line: at + 1,
    text: at < lines.length - 1 ? line.replace(/\r$/, "") : line,
  }));
  return all
    .filter((it) => it.text !== "" && !it.text.startsWith("#"))
    .map((it) => ({ ...it, verdict: verdict(parsePlain, it.text) }));
}

/** @param {string} text */
function compareLists(text) {
  const { references, errors } = scanReferences(text);
  const expected = scanned(text);
  assert.deepEqual(
    references,
    expected.flatMap(({ line, verdict: { canonical } }) => (canonical ? { line, canonical } : [])),
  );
  assert.deepEqual(
    errors.map(({ line, text: written, code, offset }) => ({ line, text: written, code, offset })),
    expected.flatMap(({ line, text: given, verdict: { canonical, code, offset } }) =>
      canonical ? [] : { line, text: Buffer.from(given).toString(), code, offset },
    ),
  );
  for (const { text: written, message, fix, code, offset } of errors) {
    assert.throws(() => parseReference(written), { code, offset, message, fix });
  }
}

test("every row of the tables", () => {
  for (const { text } of rows()) {
    assert.deepEqual(verdict(parseReference, text), verdict(parsePlain, text), JSON.stringify(text));
  }
  compareLists(
    rows()
      .map(({ text }) => text)
      .join("\n"),
  );
  compareLists(
    rows()
      .map(({ text }) => text)
      .join("\r\n"),
  );
});

test(`${count} texts at random, alone and in lists (OCISIGN_SEED=${seed})`, () => {
  const breaks = ["\n", "\n", "\n", "\r\n", "\n\n", "\r", "\n# é\n", "\n#"];
  let list = "";
  for (let at = 1; at <= count; at += 1) {
    const text = randomReference(random);
    const found = verdict(parseReference, text);
    assert.deepEqual(found, verdict(parsePlain, text), `${JSON.stringify(text)}, OCISIGN_SEED=${seed}`);
    if (found.canonical) assert.equal(decodeArtifactUri(encodeArtifactUri(text)), found.canonical);
    list += text + breaks[random(breaks.length)];
    if (at % 500 === 0 || random(100) === 0) {
      compareLists(random(5) ? list : `\ufeff${list}`);
      list = "";
    }
  }
});
