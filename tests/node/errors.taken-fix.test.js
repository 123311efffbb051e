// Where a call may have been taken, the fix begins with a look: whoever reads only the fix must not send it again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { service, serviceClient } from "../support/scripted-service.js";

const once = { retry: { attempts: 1, baseMs: 1, maxMs: 1 } };

for (const [name, answer] of /** @type {const} */ ([
  ["a success that is a page", { body: "<!doctype html>" }],
  ["a success that is empty", { status: 204, body: "" }],
  ["a success of another kind", { body: "7" }],
  ["a success about another request", { body: '{"id":"another","status":16}' }],
  ["a success without a status", { body: '{"id":"r1"}' }],
  ["HTTP 500", { status: 500 }],
  ["a redirect", { status: 303, headers: { location: "/" } }],
  ["no reply", { destroy: true }],
])) {
  test(`${name}: the fix of a POST says that the service may have accepted it`, async () => {
    service.answers = [answer];
    await assert.rejects(serviceClient(once).approve("r1"), { taken: "maybe", fix: /may have accepted it/ });
    service.answers = [answer];
    await assert.rejects(serviceClient(once).signing("r1"), (/** @type {any} */ error) => {
      assert.doesNotMatch(error.fix, /may have accepted it|before you send it again/);
      return true;
    });
  });
}
