// What the page makes of settings.json: where the service is, and which keys are pinned.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { importSource } from "../support/source.js";

/** @type {typeof import("../../www/src/settings.ts")} */
const { readSettings } = await importSource("www/src/settings.ts");

const platform = { fetch: globalThis.fetch };
afterEach(() => Object.assign(globalThis, platform));

/** @param {object} file */
async function settingsOf(file) {
  Object.assign(globalThis, {
    document: { baseURI: "https://portal.example/sign/" },
    fetch: async () => new Response(JSON.stringify({ baseUrl: "api/v1/", ...file })),
  });
  return readSettings();
}

test("without pinned keys the profile stays as it is", async () => {
  const profile = { statuses: { 2: "waiting" }, keys: { products: { p: "of the profile" } } };
  const settings = await settingsOf({ profile });
  assert.equal(settings.baseUrl, "https://portal.example/sign/api/v1");
  assert.deepEqual(settings.profile, profile);
  assert.equal((await settingsOf({})).profile, undefined);
});

test("the settings' keys join the profile's, and take the place of those of the same id", async () => {
  const profile = {
    statuses: { 2: "waiting" },
    keys: { products: { "AB-1": "old", "cd-2": "kept" }, operations: { o: "kept" } },
  };
  const keys = { products: { "ab-1": "new", "x-9": "own" } };
  const settings = await settingsOf({ profile, keys });
  assert.deepEqual(settings.profile, {
    statuses: { 2: "waiting" },
    keys: { products: { "cd-2": "kept", "ab-1": "new", "x-9": "own" }, operations: { o: "kept" } },
  });
  assert.deepEqual((await settingsOf({ keys })).profile?.keys, { ...keys, operations: {} });
  assert.ok(!("keys" in settings), "there is one place for pinned keys");
});
