// What a client may be made with, and what a list may be asked for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SigningClient } from "ocisign";
import { answer, fake } from "../support/scripted-fetch.js";

test("options are checked", () => {
  const right = { baseUrl: "https://a.b", token: "t" };
  for (const [options, code] of [
    [undefined, "bad-input"],
    [{}, "bad-input"],
    [{ baseUrl: "http://service.example", token: "t" }, "bad-url"],
    [{ baseUrl: "https://a.b" }, "bad-input"],
    [{ ...right, token: "" }, "bad-token"],
    [{ ...right, token: "two words" }, "bad-token"],
    [{ ...right, timeout: 3 }, "bad-input"],
    [{ ...right, timeoutMs: 0 }, "bad-input"],
    [{ ...right, fetch: 3 }, "bad-input"],
    [{ ...right, profile: { statuses: { 1: "no" } } }, "bad-profile"],
    [{ ...right, retry: { tries: 3 } }, "bad-input"],
    [{ ...right, retry: { attempts: 1.5 } }, "bad-input"],
  ]) {
    assert.throws(
      () => new SigningClient(/** @type {any} */ (options)),
      { name: "OcisignError", code },
      JSON.stringify(options),
    );
  }
});

test("options are objects with fields, and filters too", async () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const { client, calls } = fake([answer([])]);
  for (const wrong of [null, 7, "x", [], () => {}, proxy]) {
    const options = /** @type {any} */ (wrong);
    await assert.rejects(client.products(options), { code: "bad-input" });
    assert.throws(() => new SigningClient(options), { code: "bad-input" });
  }
  for (const wrong of [null, "a=1", ["a"], new Map([["a", 1]]), new URLSearchParams("a=1"), { a: -1 }]) {
    const filter = /** @type {any} */ (wrong);
    await assert.rejects(client.signings(filter), { code: "bad-input" });
  }
  assert.equal(calls.length, 0);
  await client.signings({ "a b": "c+d é", none: undefined, one: 1 });
  assert.equal(calls[0].url.split("?")[1], "a%20b=c%2Bd%20%C3%A9&one=1");
});
