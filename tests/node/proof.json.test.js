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
