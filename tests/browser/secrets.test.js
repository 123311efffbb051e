// The page and the elements: no secret that a person brings is left where somebody else can read it, neither when all goes
// well nor when a service or a registry repeats it in its replies.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { test } from "node:test";
import { useWhileTesting } from "../support/browser.js";
import { echoingServer, ways } from "../support/echoing-server.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { productOf, signingOf } from "../support/fake-service.js";
import { accounts, signInAt } from "../support/issuer.js";
import { leftBy, watched } from "../support/left-by-page.js";
import { usePage, www } from "../support/page.js";
import { allPlanted, leaksIn, planted, plantedBasic } from "../support/planted.js";
import { popupOf } from "../support/sign-in-page.js";
import { manifestOf, payloadFor, simpleLayer } from "../support/signatures.js";
import { approve, elsewhere, isReady, tail } from "../support/signing-element.js";
import { useStage } from "../support/stage.js";
import { key, repository } from "../support/verify-element.js";

/** Of what the service says, the part that a page loads at once takes out fewer spellings: it has to stay small. */
const notTakenOut = /^(JSON|markup|hexadecimal|backwards)/;
/** What a reply means is not changed: a name is shown as it is, and an id whole, since a request is lost without it. */
const shows = /another kind|other things|as the id/;
/** Where a server itself leads to, with a secret in it, the browser asks, and says so on its console. */
const leads = /redirect|challenge/;

const stage = useStage();
const on = usePage();
const request = signingOf(elsewhere, { productId: "p", idProductOperation: "o" });
const product = productOf("registry.example");
const profile = { statuses: { 2: "waiting" } };

let isWell = true;
/** Has the page, too. It does its work, or answers by the way. */
const service = useWhileTesting(
  () =>
    echoingServer({
      passedOver: notTakenOut,
      isOpen: true,
      otherwise: (asking) => filed(asking) ?? done(asking),
    }),
  ({ close }) => close(),
);
/** It wants to know who asks, and then answers by the way. */
const registry = useWhileTesting(
  () =>
    echoingServer({
      isOpen: true,
      otherwise: ({ headers }) => (headers.authorization ? undefined : asksWho),
    }),
  ({ close }) => close(),
);
const asksWho = { status: 401, headers: { "www-authenticate": 'Basic realm="registry"' } };

/** @param {import("node:http").IncomingMessage} asking */
function done({ method, url = "" }) {
  if (!isWell) return undefined;
  const isOne = method === "POST" || /\/(products|imagesignings)\//.test(url);
  const shown = url.includes("/products") ? product : request;
  return { status: 200, body: JSON.stringify(isOne ? shown : [shown]) };
}

/** @type {Record<string, string>} */
const types = {
  ".css": "text/css",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
  ".html": "text/html",
};

/** A file of the page. @param {import("node:http").IncomingMessage} asking */
function filed({ url = "" }) {
  const path = new URL(url, "http://page.test").pathname;
  const file = join(www, path === "/" ? "index.html" : path);
  if (path === "/settings.json") {
    const registries = { "registry.example": { url: registry().origin } };
    return { status: 200, body: JSON.stringify({ baseUrl: "/acme/api/v1", profile, registries }) };
  }
  if (!existsSync(file)) return undefined;
  const type = types[extname(file)] ?? "image/svg+xml";
  return { status: 200, headers: { "content-type": type }, body: readFileSync(file) };
}

/** From now on both answer by this way. @param {string} way @param {number} from */
function answerBy(way, from) {
  isWell = false;
  for (const server of [service(), registry()]) server.answerBy(way, from);
}

/** @typedef {Awaited<ReturnType<typeof watched>>} Watched */

/**
 * Nothing is left, and only those got a secret for whom it is.
 *
 * @param {import("playwright-core").Page} page @param {Watched} seen @param {string} [way]
 */
async function checkLeft(page, seen, way = "") {
  const { stored, shown } = await leftBy(page);
  assert.deepEqual(leaksIn(stored), [], stored);
  const browsers = `${seen.asked.join("\n")}\n${seen.said.join("\n")}`;
  if (!shows.test(way)) assert.deepEqual(leaksIn(shown, allPlanted, notTakenOut), [], shown.slice(0, 3000));
  if (!leads.test(way)) assert.deepEqual(leaksIn(browsers), [], browsers.slice(0, 3000));
  for (const { origin, authorization } of seen.authorized) {
    const its = origin === service().origin ? `Bearer ${planted.token}` : `Basic ${plantedBasic}`;
    assert.equal(authorization, its, origin);
  }
}

/** @param {import("playwright-core").Page} page */
async function signIn(page) {
  await page.getByLabel("Bearer token").fill(planted.token);
  await page.getByRole("button", { name: "Use this token" }).click();
}

/** Verifies an image at a registry that wants to know who asks. @param {import("playwright-core").Page} page @param {string} image */
async function verifyAt(page, image) {
  await page.evaluate((it) => (location.hash = `#/verify?image=${encodeURIComponent(it)}`), image);
  const element = page.locator("ocisign-verify");
  await element.getByLabel("Public key, as PEM or base64").fill(key.pem);
  await element.getByRole("button", { name: "Verify", exact: true }).click();
  await element.getByLabel("User name").fill(planted.registryUser);
  await element.getByLabel("Password").fill(planted.registryPassword);
  const count = await toldOf(page, "ocisign-verified");
  await page.keyboard.press("Enter");
  await moreThan(page, count, ["ocisign-verified"]);
}

/** @param {import("playwright-core").Page} page @param {string} type @returns {Promise<number>} */
const toldOf = (page, type) =>
  page.evaluate((it) => globalThis.noted.filter((told) => told.type === it).length, type);

/** @param {import("playwright-core").Page} page @param {number} count @param {string[]} kinds */
const moreThan = (page, count, kinds) =>
  page.waitForFunction(
    ([least, of]) => globalThis.noted.filter(({ type }) => of.includes(type)).length > least,
    /** @type {const} */ ([count, kinds]),
  );

/** Opens the page for a person who is watched. */
async function open(hash = "") {
  isWell = true;
  const { page } = await stage.newPage();
  const seen = await watched(page.context());
  await page.goto(`${service().origin}/${hash}`);
  await page.locator("[data-usable]").waitFor();
  return { page, seen };
}

test("the page: a token and a registry's password are left nowhere when all goes well", async () => {
  const guarded = await fakeRegistry({ isOpen: true, authorization: `Basic ${plantedBasic}` });
  stage.closeAfterTest(guarded.close);
  const digest = guarded.manifest(repository, manifestOf({ digest: "secrets" }));
  const named = `${guarded.domain}/${repository}`;
  const bytes = Buffer.from(JSON.stringify(payloadFor({ repository: named, digest })));
  guarded.blob(repository, bytes);
  guarded.manifest(
    repository,
    manifestOf(simpleLayer(key.privateKey, bytes)),
    `${digest.replace(":", "-")}.sig`,
  );

  const { page, seen } = await open(`#/requests/${request.id}`);
  await signIn(page);
  await approve(page, request);
  await verifyAt(page, `${named}@${digest}`);
  await page.getByRole("heading", { name: "Result : Verified" }).waitFor();
  assert.deepEqual(
    new Set(seen.authorized.map(({ origin }) => origin)),
    new Set([service().origin, `http://${guarded.domain}`]),
  );
  await checkLeft(page, seen);
});

const atThePage = [
  "400, and the words hold it",
  "401, and the words hold it",
  "401 with it in the challenge",
  "500 as a page",
  "a redirect with it in the address",
  "what is no JSON",
  "it as the id",
];
for (const [at, way] of atThePage.entries()) {
  test(`the page: ${way}`, async () => {
    const { page, seen } = await open(`#/requests/${request.id}`);
    await signIn(page);
    await page.locator("#tail").fill(tail);
    await isReady(page).waitFor();
    answerBy(way, at / atThePage.length);
    await page.locator("#approve").click();
    const dialog = page.getByRole("dialog");
    const failed = moreThan(page, 0, ["ocisign-error", "ocisign-decided"]);
    await Promise.race([dialog.waitFor(), failed]);
    assert.ok(service().asked.some(({ headers }) => headers.authorization === `Bearer ${planted.token}`));
    await checkLeft(page, seen, way);
    seen.forget();

    if (await dialog.isVisible()) await page.keyboard.press("Escape");
    await verifyAt(page, elsewhere);
    assert.ok(registry().asked.some(({ headers }) => headers.authorization === `Basic ${plantedBasic}`));
    await checkLeft(page, seen, way);
  });
}

/** Each element as a portal has it, with what makes it ask the service. @type {Record<string, Record<string, unknown>>} */
const ofService = {
  "ocisign-approvals": {},
  "ocisign-signing": { signingId: request.id },
  "ocisign-request": { again: request.id },
  "ocisign-batch": { ids: [request.id, "r2"] },
  "ocisign-activity": {},
};
/** The same of a registry. @type {Record<string, Record<string, unknown>>} */
const ofRegistry = {
  "ocisign-verify": { reference: elsewhere, publicKey: key.pem },
  "ocisign-changes": { imageBefore: elsewhere.replace(tail, "76543210"), imageAfter: elsewhere },
  "ocisign-request": { artifact: elsewhere },
};

/** It goes on through an outage of the service, for minutes. */
const patient = "ocisign-batch";

/** Puts elements on the page, each with a person's secrets. @param {import("playwright-core").Page} page @param {typeof ofService} elements */
const putOn = (page, elements) =>
  page.evaluate(
    ({ elements, options, registry }) => {
      const client = new globalThis.ocisign.SigningClient(options);
      globalThis.noted.length = 0;
      const put = Object.entries(elements).map(([name, properties]) =>
        Object.assign(document.createElement(name), { client, registry, ...properties }),
      );
      document.querySelector("main")?.replaceChildren(...put);
    },
    {
      elements,
      options: {
        baseUrl: `${service().origin}/acme/api/v1`,
        token: planted.token,
        profile,
        retry: { attempts: 1 },
      },
      registry: {
        url: registry().origin,
        username: planted.registryUser,
        password: planted.registryPassword,
      },
    },
  );

/** Waits until each of them has told that something failed. @param {import("playwright-core").Page} page @param {string[]} names */
const allFailed = (page, names) =>
  page.waitForFunction(
    (wanted) =>
      wanted.every((name) =>
        globalThis.noted.some(({ by, type }) => by === name && type === "ocisign-error"),
      ),
    names,
  );

test("the elements, whichever way a service or a registry tells a secret", async () => {
  const { page } = await stage.newPage();
  const seen = await watched(page.context());
  await page.goto(stage.origin);
  await page.waitForFunction(() => globalThis.ocisign);
  for (const [at, way] of Object.keys(ways).entries()) {
    answerBy(way, at / Object.keys(ways).length);
    seen.forget();
    await putOn(page, ofService);
    if (shows.test(way)) await page.waitForLoadState("networkidle");
    else
      await allFailed(
        page,
        Object.keys(ofService).filter((name) => name !== patient),
      );
    await checkLeft(page, seen, way);

    isWell = true;
    await putOn(page, ofRegistry);
    await page.locator("ocisign-verify").getByRole("button", { name: "Verify", exact: true }).click();
    await moreThan(page, 0, ["ocisign-verified"]);
    await page.waitForLoadState("networkidle");
    await checkLeft(page, seen, way);
    assert.ok(
      registry().asked.some(({ headers }) => headers.authorization === `Basic ${plantedBasic}`),
      way,
    );
  }
});

test("the page: what an issuer gives is left nowhere", async () => {
  const { page } = await on.open();
  const seen = await watched(page.context());
  await page.reload();
  await signInAt(await popupOf(page), "ada");
  await page.getByText(`You are ${accounts.ada.name}.`).waitFor();
  await page.locator("ocisign-approvals").getByText(/^Live/).waitFor();
  const secrets = Object.fromEntries(
    [...on.issuer.secrets].map((secret, at) => [`secret ${at + 1}`, secret]),
  );
  assert.ok(Object.keys(secrets).length >= 3, "tokens, code and verifier");
  assert.deepEqual(
    leaksIn(`${Object.values(await leftBy(page)).join("\n")}\n${seen.said.join("\n")}`, secrets),
    [],
  );
  // The issuer leads back with a code, and takes it with the verifier in the body of a form.
  const others = seen.asked.filter((it) => !/^GET \S+\/callback\.html\?|^POST \S+\/token /.test(it));
  assert.ok(others.length < seen.asked.length);
  assert.deepEqual(leaksIn(others.join("\n"), secrets), []);
  for (const { origin, authorization } of seen.authorized) {
    assert.equal(origin, new URL(on.sandbox.url).origin);
    assert.ok(on.issuer.secrets.has(authorization.replace("Bearer ", "")));
  }
});
