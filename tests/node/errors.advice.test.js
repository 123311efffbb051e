// What a fix advises fits whoever reads it, and the place where it appears.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { SigningClient } from "ocisign";
import { makeCertificates } from "../support/certificates.js";
import { fakeService } from "../support/fake-service.js";
import { failure, getting, posting } from "../support/scripted-service.js";

const saying = (/** @type {string} */ message) => JSON.stringify({ message });
const once = { attempts: 1 };

test("403: where the service gave its reason, no other reason is guessed", async () => {
  for (const reason of ["Nobody approves their own request.", "Your account is locked."]) {
    const error = await failure(posting, { status: 403, body: saying(reason) });
    assert.match(error.message, new RegExp(reason));
    assert.equal(error.fix, "Ask the product's owner if that reason is wrong.");
  }
  for (const body of ["", "<html>", "{}", saying("")]) {
    const error = await failure(posting, { status: 403, body });
    assert.match(error.fix, /whether your groups may do this/);
  }
});

test("a read that failed advises no look for what it may have done, and names no option of a program", async () => {
  for (const status of [302, 400, 401, 403, 404, 408, 409, 429, 500, 502, 503, 504]) {
    const error = await failure(getting, { status });
    assert.doesNotMatch(error.fix, /baseUrl|timeoutMs|accepted|send it again/, `${status}: ${error.fix}`);
    assert.match(error.fix, /^[A-Z][a-z]+ /);
  }
  for (const body of ["<html>", "7", '{"id":"r2","status":16}', '{"id":"r1"}']) {
    assert.doesNotMatch((await failure(getting, { body })).fix, /baseUrl|accepted/);
  }
});

test("a certificate that Node does not accept is told with what helps, and a dead address is not", async () => {
  const folder = mkdtempSync(join(tmpdir(), "advice-"));
  try {
    const service = await fakeService(() => ({ body: [] }), makeCertificates(folder).server);
    const client = new SigningClient({ baseUrl: service.url, token: "the-token", retry: once });
    const refused = await failure(() => client.products());
    service.close();
    assert.match(refused.message, /certificate/);
    assert.match(refused.fix, /certificate; NODE_EXTRA_CA_CERTS/);
    const gone = await failure(() => client.products());
    assert.equal(gone.fix, "Check the service's address and the network.");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("in a browser the fix names CORS and the page's policy: it does not tell why there is no answer", async () => {
  const { href } = new URL("../../pkg/dist/browser.js?advice", import.meta.url);
  const browser = await import(href);
  await browser.default(readFileSync(new URL("../../pkg/dist/ocisign.wasm", import.meta.url)));
  const fetch = () => Promise.reject(new TypeError("Failed to fetch"));
  const baseUrl = "https://service.example/acme/api/v1";
  const client = new browser.SigningClient({ baseUrl, token: "the-token", retry: once, fetch });
  const error = await failure(() => client.products());
  assert.match(error.fix, /network; .*\(CORS\).*\(CSP\)/);
  assert.doesNotMatch(error.fix, /NODE_/);
});
