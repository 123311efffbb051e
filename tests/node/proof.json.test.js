// A payload is JSON beyond doubt.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyPayload, withOptional } from "../support/proving.js";

function isJson(json) {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}

test("a payload is JSON exactly as JSON.parse has it", async () => {
  for (const json of [
    ...'null|true| false |0|-0.5e+3|""|[]|[1,[2,{}]]|{}|{"a":1,"b":{"a":2}}|["a","a"]|{"a":["a","b","a"],"b":"a"}'.split(
      "|",
    ),
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

test("a name that stands twice is found wherever a string ends, after however many backslashes", async () => {
  for (const [json, twice] of /** @type {const} */ ([
    [String.raw`{"a\"":1,"a\"":2}`, String.raw`a\"`],
    [String.raw`{"a\\":1,"a\\":2}`, String.raw`a\\`],
    [String.raw`{"a\\\"":1,"a\\\"":2}`, String.raw`a\\\"`],
    [String.raw`{"v":"x\\","b":1,"b":2}`, "b"],
    [String.raw`{"v":"x\",\"b","b":1,"b":2}`, "b"],
    [String.raw`{"\\":"\\\\","b":[{"b":"\""}],"b":2}`, "b"],
    [String.raw`{"l":["\\\"",{"n":1,"n":2}]}`, "n"],
    ['{"b":{"c":[]},"b":1}', "b"],
    ['{"b":"b","c":"b","b":1}', "b"],
    [String.raw`{"a\\\"":1,"a\\":2,"a\"":3,"a":4}`, undefined],
    ['{"a":"a","b":["a","a","b"],"c":{"a":"c"}}', undefined],
    [String.raw`{"v":"\",\"v\":\"","w":"\\"}`, undefined],
  ])) {
    const { state, reason } = await verifyPayload(withOptional(json));
    assert.equal(state, twice === undefined ? "verified" : "invalid", `${json}: ${reason}`);
    if (twice !== undefined) {
      const name = JSON.parse(`"${twice}"`);
      assert.equal(reason, `The payload is damaged: it has the name \`${name}\` twice.`);
    }
  }
});

test("a number that no double holds is refused, however deep it stands; so is what stands too deep", async () => {
  const deep = (/** @type {number} */ depth, /** @type {string} */ inside) =>
    "[".repeat(depth) + inside + "]".repeat(depth);
  for (const [json, said] of /** @type {const} */ ([
    ["1e999", /a number that is too large/],
    ["-1e999", /a number that is too large/],
    ['{"a":[null,{"b":"x"},{"c":[1,1e400]}]}', /a number that is too large/],
    ["1e308", undefined],
    [deep(30, ""), undefined],
    [deep(31, ""), /nested too deeply/],
    [deep(30, "{}"), /nested too deeply/],
    [deep(3000, ""), /nested too deeply/],
    // What was closed is not open.
    [
      Array.from({ length: 40 }, () => "[[]]")
        .join()
        .replace(/^(.*)$/, "[$1]"),
      undefined,
    ],
  ])) {
    const { state, reason } = await verifyPayload(withOptional(json));
    assert.equal(state, said ? "invalid" : "verified", reason);
    if (said) assert.match(reason, said);
  }
});
