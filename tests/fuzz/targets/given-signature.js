// A signature as signing services give it, and base64: what was read says nothing else than what was written.
import assert from "node:assert/strict";
import { base64, readings } from "../../support/readers.js";

/** @param {Buffer} input */
export function judge(input) {
  const text = input.toString("latin1");
  for (const bytes of [...readings(text), ...readings(input)])
    assert.ok(bytes.length > 0 && bytes.length <= 4200);
  const bytes = base64.fromBase64(text);
  if (bytes) assert.equal(Buffer.from(bytes).toString("base64"), text);
  assert.equal(base64.toBase64(input), input.toString("base64"));
  assert.deepEqual(Buffer.from(base64.fromBase64(input.toString("base64")) ?? []), input);
  const signature = base64.signatureFrom(text);
  if (signature) assert.equal(Buffer.from(signature).toString("base64"), text.replaceAll(/[\r\n]/g, ""));
}
