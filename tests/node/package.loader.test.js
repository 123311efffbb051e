// The loader for browsers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as esm from "ocisign";

const digest = "sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";
const image = `656666598317.dkr.ecr.eu-west-1.amazonaws.com/test@${digest}`;

test("no secret of the module's address is told", async () => {
  const { href } = new URL("../../pkg/dist/browser.js?secrets", import.meta.url);
  /** @type {typeof import("ocisign")} */
  const browser = await import(href);
  for (const source of [
    "https://user:pass-word@127.0.0.1:1/ocisign.wasm",
    "https://user:pass/word@127.0.0.1:1/ocisign.wasm",
    "https://127.0.0.1:1/ocisign.wasm?sig=pass-word#pass-word",
    "https://127.0.0.1:99999/ocisign.wasm?sig=pass-word",
    "nowhere://pass-word@x/y?pass-word",
  ]) {
    await assert.rejects(browser.default(source), (/** @type {any} */ error) => {
      assert.equal(error.code, "init-failed");
      const shown = [
        error.message,
        error.fix,
        String(error.cause),
        error.cause?.stack,
        error.cause?.cause?.stack,
      ];
      assert.ok(!/pass.?word/.test(shown.join()), shown.join("\n"));
      return true;
    });
  }
});

test("the loader for browsers: before init, a wrong source, then a right one", async () => {
  // By its address: TypeScript would follow a path into the built file, in place of the package's types.
  const { href } = new URL("../../pkg/dist/browser.js", import.meta.url);
  /** @type {typeof import("ocisign")} */
  const browser = await import(href);
  assert.deepEqual(Object.keys(browser).sort(), Object.keys(esm).sort());
  assert.throws(() => browser.parseReference(image), { name: "OcisignError", code: "not-initialized" });
  assert.throws(() => new browser.SigningClient({ baseUrl: "https://a.b", token: "t" }), {
    code: "not-initialized",
  });
  await assert.rejects(browser.default(new Uint8Array([60, 104, 116, 109])), {
    code: "init-failed",
    fix: /HTML/,
  });
  await assert.rejects(browser.default(Promise.reject(new Error("offline"))), {
    code: "init-failed",
    message: /offline/,
  });
  await assert.rejects(browser.default(new Response("", { status: 404 })), {
    code: "init-failed",
    message: /404/,
  });
  const bytes = readFileSync(new URL("../../pkg/dist/ocisign.wasm", import.meta.url));
  const wrongType = new Response(bytes, { headers: { "content-type": "text/plain" } });
  const loading = browser.default(wrongType);
  assert.equal(browser.default(), loading, "init() is remembered");
  await loading;
  assert.equal(browser.parseReference(image).canonical, image);
});
