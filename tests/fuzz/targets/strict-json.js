// Strict JSON against a second reader, an editor's: what is accepted is JSON to it, too, without a name that stands twice.
import assert from "node:assert/strict";
import { visit } from "jsonc-parser";
import { Fault, parseStrictly, shapes } from "../../support/readers.js";
import { refusedBy } from "../refused.js";

const kinds = [shapes.payloadShape, shapes.manifestShape, shapes.statementShape];

/** @param {Buffer} input */
export function judge(input) {
  for (const shape of kinds) {
    const read = refusedBy(Fault, () => ({ value: parseStrictly(input, "The text", shape) }));
    if (!read) continue;
    const text = input.toString();
    assert.ok(Buffer.from(text).equals(input), "what is no UTF-8 was accepted");
    assert.deepEqual(read.value, JSON.parse(text));
    checkAsEditor(text);
    const written = Buffer.from(JSON.stringify(read.value));
    assert.ok(
      refusedBy(Fault, () => [parseStrictly(written, "The text", shape)]),
      "what was read is refused",
    );
  }
}

/** @param {string} text */
function checkAsEditor(text) {
  /** @type {Set<string>[]} */
  const open = [];
  const options = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };
  visit(
    text,
    {
      onObjectBegin: () => void open.push(new Set()),
      onArrayBegin: () => void open.push(new Set()),
      onObjectEnd: () => open.pop(),
      onArrayEnd: () => open.pop(),
      onObjectProperty(name) {
        assert.ok(!open.at(-1)?.has(name), "a name that stands twice was accepted");
        open.at(-1)?.add(name);
        assert.ok(isWhole(name), "half a surrogate pair was accepted");
        assert.ok(open.length <= 32, "what is nested too deeply was accepted");
      },
      onLiteralValue: (value) => assert.ok(typeof value !== "string" || isWhole(value)),
      onError: (error) => assert.fail(`what is no JSON to an editor was accepted: ${error}`),
    },
    options,
  );
}

/** Without half a surrogate pair. @param {string} text */
function isWhole(text) {
  return !/\p{Surrogate}/u.test(text);
}
