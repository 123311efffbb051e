// What is wrong with the options of verifySigning is said before anything is asked, and not after a long wait.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verifySigning, waitAndVerify } from "ocisign";
import { fake } from "../support/scripted-fetch.js";

for (const [name, call] of Object.entries({ verifySigning, waitAndVerify })) {
  for (const [what, options, code] of /** @type {[string, any, string][]} */ ([
    ["a reference that is none", { reference: "nginx" }, "registry-missing"],
    ["an unknown option of the registry", { registry: { user: "x" } }, "bad-input"],
    ["half a credential", { registry: { username: "x" } }, "bad-input"],
    ["a registry's URL without TLS", { registry: { url: "http://registry.example" } }, "bad-url"],
  ])) {
    test(`${name}: ${what} is refused before anything is asked`, async () => {
      const { client, calls } = fake([]);
      await assert.rejects(call(client, "r1", options), { name: "OcisignError", code });
      assert.equal(calls.length, 0);
    });
  }
}
