// <ocisign-signing> on a sandbox: does an approver see what changed since the version that was signed last?
import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "../../demo/registry.js";
import { checkAccessibility } from "../support/axe.js";
import { dpkg, pushMade } from "../support/made-image.js";
import { approve, isReady, shownText, tabTo, useSigningOnSandbox } from "../support/signing-element.js";
import { mount, told } from "../support/stage.js";

const on = useSigningOnSandbox();

/** @type {import("../support/made-image.js").Made} */
const before = {
  layers: [{ "etc/os-release": "Debian" }, dpkg({ libc6: "2.36", openssl: "3.0.11" }), { app: "1" }],
  config: { Entrypoint: ["/app"], User: "app", Env: ["PATH=/bin"] },
};
/** @type {import("../support/made-image.js").Made} */
const after = {
  layers: [
    { "etc/os-release": "Debian" },
    dpkg({ libc6: "2.36", openssl: "3.0.15", curl: "8.1" }),
    { app: "2" },
    { "usr/bin/x": { text: "x", mode: 0o4755 } },
  ],
  config: { Entrypoint: ["/bin/sh"], User: "app", Env: ["PATH=/bin"] },
};

/** @param {string} repository @param {import("../support/made-image.js").Made} made */
const push = async (repository, made) => {
  const { registry } = on.sandbox;
  return `${registry.domain}/${repository}@${await pushMade(new Registry(registry), repository, made)}`;
};

/** A request that is signed. @param {string} artifact @param {string} name */
async function signed(artifact, name) {
  const { id } = await on.ask({ artifact, name });
  await on.as("approver-one").approve(id);
  await on.as("approver-two").approve(id);
  return on.as("requester").waitForSignature(id, { timeoutMs: 60_000 });
}

/** A repository with a version that is signed, and a request for the next one. @param {string} repository */
async function successor(repository) {
  const earlier = await push(repository, before);
  await signed(earlier, "Gateway 1.0");
  const image = await push(repository, after);
  return { earlier, image, request: await on.ask({ artifact: image, name: "Gateway 1.1" }) };
}

/** A reply that a browser hands to the page. */
const open = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "Docker-Distribution-Api-Version",
  "docker-distribution-api-version": "registry/2.0",
};
/** The line, as it is seen. @param {import("playwright-core").Page} page @param {string} text */
const line = (page, text) => page.locator('[part="summary"]', { hasText: text });
/**
 * Opens a request where the registry answers so, from the first call on.
 *
 * @param {any} request @param {Parameters<import("playwright-core").Page["route"]>[0]} url
 * @param {(route: import("playwright-core").Route) => Promise<void>} answer
 */
async function openWith(request, url, answer) {
  const first = await on.ask();
  const { page } = await on.openAs("approver-one", first.id);
  await page.route(url, answer);
  await page.evaluate((id) => Object.assign(globalThis.element, { signingId: id }), request.id);
  await page.locator("#title", { hasText: "Gateway 1.1" }).waitFor();
  return page;
}

const changes = (/** @type {import("playwright-core").Page} */ page) => page.locator("ocisign-changes");

test("the line names what differs from the last signed version, which is verified, and the receipt keeps it", async () => {
  const { earlier, request } = await successor("changes/whole");
  const { page, complaints } = await on.openAs("approver-one", request.id, {
    options: { viewport: { width: 780, height: 800 } },
  });
  await line(page, "3 of 4 layers new, 2 packages differ (1 changed, 1 added), entrypoint changed").waitFor();
  const head = await shownText(page, '[part="with"]');
  for (const part of ["Gateway 1.0", "signed", "approved by", earlier.slice(-8)])
    assert.ok(head.includes(part), head);
  await changes(page).getByText("last version verified").waitFor();
  assert.match(await shownText(page, '[part="notable"]'), /It starts another program: \["\/app"\]/);
  const bottom = await page.locator("#approve").evaluate((it) => it.getBoundingClientRect().bottom);
  assert.ok(bottom <= 800, "the way to approve is in sight");
  await checkAccessibility(page, "a request with changes");
  await approve(page, request);
  await page.getByText("Receipt", { exact: true }).click();
  const receipt = await shownText(page, '[part="receipt"]');
  assert.ok(receipt.includes("3 of 4 layers new") && receipt.includes(earlier), receipt);
  const [{ summary, isVerified }] = (await told(page, "ocisign-compared")).slice(-1);
  assert.match(summary, /^3 of 4 layers new/);
  assert.equal(isVerified, true);
  assert.deepEqual(await told(page, "ocisign-error"), []);
  assert.deepEqual(
    complaints.filter((text) => !text.includes("404")),
    [],
  );
});

test("files are read when the person asks, who is told what it takes, and their marks are notable", async () => {
  const { request } = await successor("changes/files");
  const { page } = await on.openAs("approver-one", request.id);
  const button = page.locator("#read-files");
  await button.waitFor();
  assert.match((await button.textContent()) ?? "", /Read the files too \(\d+ bytes\)/);
  assert.doesNotMatch(await shownText(page, '[part="notable"]'), /set-uid/);
  await tabTo(page, "read-files");
  // Layers are read beside the page, whose policy asks for Trusted Types.
  const worker = page.waitForEvent("worker");
  await page.keyboard.press("Enter");
  assert.match((await worker).url(), /compare-worker\.js$/);
  await page.getByText("A program runs with its owner's rights (set-uid)").waitFor();
  assert.match(await shownText(page, '[part="notable"]'), /usr\/bin\/x/);
  assert.equal(await button.count(), 0);
});

test("what the earlier version is called goes on as no word of the page, in a request and in a batch", async () => {
  for (const [at, name] of ["1.0: nothing changed. Then", "1.0 · approved by Security"].entries()) {
    const repository = `changes/called-${at}`;
    await signed(await push(repository, before), name);
    const request = await on.ask({ artifact: await push(repository, after), name: "1.1" });
    const { page } = await on.openAs("approver-one", request.id);
    await line(page, "3 of 4 layers new").waitFor();
    const text = (await shownText(page, '[part="with"]')).replace(/\s+/g, " ");
    assert.ok(text.includes(`Since “${name}”`), text);
    await page.evaluate((signing) => {
      const brief = document.createElement("ocisign-changes");
      const { client, registry } = globalThis.element;
      Object.assign(brief, { brief: true, isSeen: true, client, registry, signing });
      document.body.append(brief);
    }, request);
    const summary = page.locator('body > ocisign-changes [part="summary"]');
    await summary.waitFor();
    const said = (await shownText(page, "body > ocisign-changes")).replace(/\s+/g, " ");
    assert.ok(said.includes(`since “${name}”: 3 of 4 layers new`), said);
  }
});

test("a first version says that there is nothing to compare with", async () => {
  const { id } = await on.ask({ artifact: await push("changes/first", after) });
  const { page } = await on.openAs("approver-one", id);
  await page.getByText("There is no earlier signed version of this repository to compare with.").waitFor();
  await checkAccessibility(page, "a first version");
});

test("a version whose signature is gone is passed over, and that is said", async () => {
  const { earlier, request } = await successor("changes/gone");
  const digest = earlier.split("@")[1]?.replace(":", "-") ?? "";
  const isSignature = (/** @type {URL} */ { pathname }) =>
    pathname.includes(digest) || pathname.includes("/referrers/");
  const page = await openWith(request, isSignature, (route) =>
    route.fulfill({
      status: 404,
      headers: open,
      json: { errors: [{ code: "MANIFEST_UNKNOWN", message: "no" }] },
    }),
  );
  await page.getByText("its signature does not verify").waitFor();
  await page.getByText("There is no earlier signed version of this repository to compare with.").waitFor();
});

test("a newer version that cannot be looked at is passed over, and that is said", async () => {
  const repository = "changes/unread";
  await signed(await push(repository, before), "Gateway 1.0");
  const newer = await push(repository, { ...before, layers: [...before.layers, { more: "1" }] });
  await signed(newer, "Gateway 1.0.1");
  const request = await on.ask({ artifact: await push(repository, after), name: "Gateway 1.1" });
  const digest = newer.split("@")[1] ?? "";
  const page = await openWith(
    request,
    (/** @type {URL} */ { pathname }) => pathname.endsWith(digest),
    (route) => route.fulfill({ status: 403, headers: open, body: "" }),
  );
  await page.getByText("its signature could not be looked for").waitFor();
  assert.match(await shownText(page, '[part="with"]'), /1\.0(?!\.1)/);
});

test("another image is chosen by hand: what nobody signed is marked, a wrong one is told, and the way leads back", async () => {
  const { request } = await successor("changes/hand");
  const own = await push("changes/unsigned", before);
  const { page } = await on.openAs("approver-one", request.id);
  await changes(page).getByText("last version verified").waitFor();
  /** @param {string} text */
  const choose = async (text) => {
    await page.getByText("Compare with another image").click();
    await page.locator("#other-image").fill(text);
    await page.keyboard.press("Enter");
  };
  await choose(own.replace(/@.*/, ":made"));
  await page.locator('[part="unverified"]').waitFor();
  await changes(page).getByText("other image not verified").waitFor();
  await line(page, "3 of 4 layers new").waitFor();
  assert.ok((await shownText(page, '[part="with"]')).includes(own));
  await checkAccessibility(page, "another image");
  await choose("registry.example/Team/app@sha256:00");
  await page.getByText("This page could not compare the images.").waitFor();
  await page.locator("#with-last").click();
  await changes(page).getByText("last version verified").waitFor();
});

test("a registry that serves another config is told for what it is about, and the rest is compared", async () => {
  const { request } = await successor("changes/other");
  const page = await openWith(request, /\/blobs\//, async (route) => {
    const response = await route.fetch();
    const isConfig = (await response.text()).includes("rootfs");
    await route.fulfill(isConfig ? { body: "{}", headers: open } : { response });
  });
  await line(page, "entrypoint unknown").waitFor();
  assert.match(await shownText(page, '[part="summary"]'), /^3 of 4 layers new/);
  assert.match(await shownText(page, '[part="notable"]'), /This could not be read, so it may differ/);
  // What is still on its way ends with the page.
  await page.unrouteAll({ behavior: "ignoreErrors" });
});

test("without its registry the request can be decided all the same", async () => {
  const { request } = await successor("changes/away");
  const { page } = await on.openAs("approver-one", request.id, {
    properties: { registry: { url: "http://127.0.0.1:9" } },
  });
  await page.getByText("This page could not look for the version that was signed last.").waitFor();
  const encoded = /** @type {any} */ (request).payload.optionalParameters[0].artifactURI;
  await page.locator("#tail").fill(Buffer.from(encoded, "base64").toString().slice(-8));
  await isReady(page).waitFor();
  await checkAccessibility(page, "a registry that is away");
});

test("in a batch each row says what changed, and the receipt has it", async () => {
  const { request, earlier } = await successor("changes/batch");
  const other = await on.ask({ artifact: await push("changes/batch-first", after) });
  const { page } = await on.openAs("approver-one", request.id);
  const given = await page.evaluate(() => {
    const { client, identity, registry } = globalThis.element;
    globalThis.given = { client, identity, registry };
    return Object.keys(globalThis.given).length;
  });
  assert.equal(given, 3);
  await mount(page, "ocisign-batch", {});
  await page.evaluate(
    (ids) => Object.assign(globalThis.element, globalThis.given, { ids }),
    [request.id, other.id],
  );
  const row = page.locator("li.request", { hasText: "changes/batch" }).filter({ hasText: "Gateway 1.0" });
  await row.locator('[part="summary"]', { hasText: "3 of 4 layers new" }).waitFor();
  await row.getByText("It starts another program").waitFor();
  await page.getByText("One of 2 requests has changes that you must see.").waitFor();
  await page.getByText("There is no earlier signed version of this repository to compare with.").waitFor();
  await checkAccessibility(page, "a batch with changes");
  const words = await page.evaluate(() => globalThis.element.selection.part.words);
  await page.locator("#words").fill(words);
  await page.getByRole("button", { name: "Approve 2 requests" }).click();
  await page.locator("#json").waitFor();
  const [{ receipt }] = await told(page, "ocisign-batch-decided");
  const [seen] = receipt.requests.filter((/** @type {any} */ { id }) => id === request.id);
  assert.equal(seen.changes.before, earlier);
  assert.equal(seen.changes.isVerified, true);
  assert.deepEqual(seen.changes.notable, ["entrypoint"]);
});

test("by itself it compares the images that a page names, and verifies the one by the key that the page gives", async () => {
  const { request, earlier, image } = await successor("changes/named");
  const { page } = await on.openAs("approver-one", request.id);
  await changes(page).getByText("last version verified").waitFor();
  await page.evaluate(() => {
    const { registry, findings } = globalThis.element;
    globalThis.given = { registry, publicKey: findings.key };
  });
  const compare = async (/** @type {Record<string, unknown>} */ properties) => {
    await mount(page, "ocisign-changes", {});
    await page.evaluate((more) => Object.assign(globalThis.element, globalThis.given, more), properties);
  };
  await compare({ imageBefore: earlier, imageAfter: image });
  await page.getByText("other image verified").waitFor();
  await line(page, "3 of 4 layers new").waitFor();
  await compare({ imageBefore: image, imageAfter: image });
  await line(page, "Nothing changed: both are the same image.").waitFor();
  await page.getByText("other image not verified").waitFor();
  await checkAccessibility(page, "images that a page names");
});

test("an element that is moved keeps what it shows, and reads on", async () => {
  const { request } = await successor("changes/moved");
  const { page } = await on.openAs("approver-one", request.id);
  await line(page, "2 packages differ").waitFor();
  await page.evaluate(() => document.body.append(globalThis.element));
  await line(page, "2 packages differ").waitFor();
  await page.locator("#read-files").click();
  await page.getByText("A program runs with its owner's rights (set-uid)").waitFor();
});
