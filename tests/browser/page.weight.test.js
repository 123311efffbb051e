// What does a person download of the page, and when?
import assert from "node:assert/strict";
import { test } from "node:test";
import { signInAs, usePage } from "../support/page.js";

/** What may come over the wire before the page is usable, in bytes. */
const most = 110_000;

const on = usePage();

test("before it is usable the page loads six files, and nothing of its views", async () => {
  const { page, files, bytes } = await watched("");
  await page.locator("[data-usable]").waitFor();
  await page.waitForLoadState("networkidle");
  const atStart = ["", "icon.svg", "main.js", "ocisign.wasm", "settings.json", "style.css"];
  assert.deepEqual(files().filter(isOfPage), atStart);
  assert.ok(bytes() <= most, `${bytes()} bytes, at most ${most}`);
  assert.ok(bytes() > 10_000, "the bytes were counted");
});

test("a person who signs in downloads the queue, and the other views when they are opened", async () => {
  const { page, files } = await watched("");
  await signInAs(page, "Approver one");
  await page.locator("ocisign-approvals h2").waitFor();
  const names = () => files().map((file) => file.replace(/-\w+\.js$/, ""));
  assert.ok(names().includes("requests"));
  for (const view of ["request", "verify"]) {
    assert.ok(!names().includes(view), view);
    await page.goto(`${on.sandbox.url}#/${view}`);
    await page.locator(`ocisign-${view} h2`).waitFor();
    assert.ok(names().includes(view), view);
  }
});

/** Opens the page with nothing in a cache, and notes what comes. @param {string} hash */
async function watched(hash) {
  const context = await on.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  let bytes = 0;
  session.on("Network.dataReceived", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  /** @type {string[]} */
  const files = [];
  page.on("response", (reply) => files.push(new URL(reply.url()).pathname.split("/").at(-1) ?? ""));
  await page.goto(`${on.sandbox.url}${hash}`);
  return { page, files: () => [...new Set(files)].sort(), bytes: () => bytes };
}

/** Not what the sandbox tells of its people. @param {string} file */
function isOfPage(file) {
  return file === "" || file.includes(".");
}
