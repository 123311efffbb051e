// Many mutants of Rust in one build: how they are written into a source.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withSwitch } from "../../tools/check/mutants-switch.js";

const source = `/// Says \`{\`.
#[must_use]
pub const fn is_small(number: u8) -> bool {
    number < 10
}

fn é() -> impl Fn() -> bool {
    || true
}
`;

/** @param {string} text @param {number} [from] @returns {import("../../tools/check/mutants-switch.js").Span} */
function spanOf(text, from = 0) {
  const begin = source.indexOf(text, from);
  return { start: at(begin), end: at(begin + text.length) };
}

/** @param {number} offset */
function at(offset) {
  const before = source.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** @param {string} text @param {string} replacement @param {string} [type] */
function change(text, replacement, type = "-> bool") {
  const span = spanOf(source.slice(0, source.indexOf("}\n") + 1));
  const fn = { function_name: "is_small", return_type: type, span };
  return { name: "", file: "", replacement, span: spanOf(text), function: fn };
}

const none = () => false;
const whole = () => true;

test("a function stands there once for each mutant, and once as it was", () => {
  const mutants = [
    { number: 7, change: change("<", "<=") },
    { number: 8, change: change("number < 10", "true") },
  ];
  const { text, arms } = withSwitch(source, mutants, none);
  const lines = text.split("\n");
  const written = arms.map(({ first, last, mutant }) => [mutant, lines.slice(first - 1, last).join(" ")]);
  assert.deepEqual(
    written.map(([mutant, code]) => [mutant, String(code).replace(/\s+/g, " ").trim()]),
    [
      [7, "7 => { number <= 10 }"],
      [8, "8 => { true }"],
      [undefined, "_ => { number < 10 }"],
    ],
  );
  assert.match(text, /^pub fn is_small\(number: u8\) -> bool \{ match crate::mutants::acting\(\) \{$/m);
  assert.ok(text.startsWith("/// Says `{`.\n#[must_use]\n") && text.endsWith("    || true\n}\n"), text);
});

test("what has no name for its type, stands in no function, or may not change, is left out", () => {
  const mutants = [
    { number: 1, change: change("<", "<=", "-> impl Fn() -> bool") },
    { number: 2, change: { ...change("<", "<="), function: null } },
  ];
  assert.deepEqual(withSwitch(source, mutants, none), { text: source, arms: [] });
  const mutant = { number: 3, change: change("<", "<=") };
  assert.deepEqual(withSwitch(source, [mutant], whole), { text: source, arms: [] });
});
