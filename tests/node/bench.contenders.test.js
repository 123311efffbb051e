// Do the plain contenders of the bench check as much as the package does? Only then does their time say something.
import assert from "node:assert/strict";
import { test } from "node:test";
import { buildProduct, buildSigningRequest, checkRegistry, decodeStatus } from "ocisign";
import * as plain from "../../bench/contenders/plain-wire.js";
import { oddCalls, randomCall, rightCalls, sameVerdict } from "../../bench/lib/wire-inputs.js";
import { sized } from "../support/large.js";
import { newSeed, randomNumbers } from "../support/random.js";

const ours = /** @type {any} */ ({ buildProduct, buildSigningRequest, checkRegistry, decodeStatus });
const theirs = { ...plain, buildSigningRequest: plain.buildRequest };

test("what is right is right for both, and makes the same", () => {
  for (const call of rightCalls()) assert.ok(sameVerdict(ours, theirs, call)?.refused === undefined);
});

test("each part of each value, replaced by whatever could stand there, is judged alike", () => {
  const verdicts = new Map();
  for (const call of oddCalls()) {
    const { refused = "taken" } = sameVerdict(ours, theirs, call);
    verdicts.set(refused, (verdicts.get(refused) ?? 0) + 1);
  }
  // Codes of references are in other tables; these are all others that there are.
  const codes =
    "taken bad-input bad-profile bad-status key-type product-disabled product-not-ready operation-missing " +
    "operation-ambiguous product-registry registry-mismatch registry-invalid";
  for (const code of codes.split(" ")) {
    assert.ok(verdicts.get(code) > 0, `nothing came to ${code}`);
  }
});

test("values with several odd parts are judged alike", () => {
  const seed = newSeed();
  const random = randomNumbers(seed);
  for (let at = 0; at < sized(5_000, 1_000_000); at += 1) {
    const call = randomCall(random);
    try {
      sameVerdict(ours, theirs, call);
    } catch (error) {
      throw new Error(`with OCISIGN_SEED=${seed}, call ${at}`, { cause: error });
    }
  }
});
