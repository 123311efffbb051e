// The rule for what looks like a secret: a password is masked whatever stands before it.
import assert from "node:assert/strict";
import { secretLooking } from "../../support/readers.js";

export const words = [
  "TOKEN=",
  "--password ",
  "Authorization: Basic ",
  "ENV ",
  "|1 ",
  "://",
  '\\"',
  "-----BEGIN PRIVATE KEY-----",
];
const secret = "hunter2-correct-horse";

/** @param {Buffer} input */
export function judge(input) {
  const text = input.toString();
  for (const planted of [
    `\nDB_PASSWORD=${secret}`,
    `\n--password ${secret}`,
    `\nhttps://me:${secret}@host/`,
  ]) {
    const shown = secretLooking.withoutSecrets(text + planted);
    assert.ok(!shown.includes(secret) || text.includes(secret), `shown: ${JSON.stringify(shown)}`);
  }
  for (const shown of secretLooking.wordsWithoutSecrets([text, "--token", secret]))
    assert.ok(!shown.includes(secret) || text.includes(secret));
  assert.ok(secretLooking.looksSecret("API_KEY", secret));
  assert.equal(typeof secretLooking.looksSecret(text, text), "boolean");
}
