// Every function of the library that takes a secret, and every way to fail: nothing that it throws, gives or asks for tells
// the secret, in any form.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as ocisign from "ocisign";
import { echoingServer, ways } from "../support/echoing-server.js";
import { allPlanted, leaksIn, planted, seenOf, toldBy } from "../support/planted.js";
import { keyPair } from "../support/signatures.js";

/** Of what the service says, the part that a page loads at once takes out fewer spellings: it has to stay small. */
const notTakenOut = /^(JSON|markup|hexadecimal|backwards)/;

/** @type {Awaited<ReturnType<typeof echoingServer>>} */
let service;
/** @type {Awaited<ReturnType<typeof echoingServer>>} */
let registry;
before(async () => {
  service = await echoingServer({ passedOver: notTakenOut });
  registry = await echoingServer();
});
after(() => {
  service.close();
  registry.close();
});

const { pem } = keyPair("P-256");
const digest = `sha256:${"3f".repeat(32)}`;
const other = `sha256:${"4e".repeat(32)}`;
const host = () => `127.0.0.1:${registry.port}`;
const image = () => `${host()}/team/app@${digest}`;
const product = () => ({
  ...{ id: "p", name: "P", enabled: true },
  productOperations: [{ id: "o", name: "sign", operationType: "SignOCI" }],
  productConfigItems: [{ name: "RegistryURL", value: host() }],
});
const definition = () =>
  ocisign.buildProduct({
    name: "P",
    registry: host(),
    allowedGroups: ["b716abb1-2e3b-47a9-bca5-a3669faa50a6"],
  });

/** Sign-ins of each kind, and what of them a server can have been sent. */
const signIns = {
  password: { username: planted.registryUser, password: planted.registryPassword },
  identityToken: { identityToken: planted.identityToken },
  registryToken: { registryToken: planted.registryToken },
};
/** With every call that only some services have. */
const profile = { routes: { withdraw: "imagesignings/{id}/withdraw" } };
/** @param {Partial<import("ocisign").ClientOptions>} [more] */
const client = (more) =>
  new ocisign.SigningClient({
    ...{
      baseUrl: `${service.origin}/acme/api/v1`,
      token: planted.token,
      retry: { attempts: 1 },
      timeoutMs: 5000,
      profile,
    },
    ...more,
  });

/** All that a run over many gives. @param {AsyncIterable<unknown>} run */
async function all(run) {
  const outcomes = [];
  for await (const outcome of run) outcomes.push(outcome);
  return outcomes;
}

/** Any value, for a test that passes what a service showed. @param {unknown} value @returns {any} */
const anything = (value) => value;

/** @typedef {import("ocisign").SigningClient} Client @type {Record<string, (client: Client) => Promise<unknown>>} */
const ofService = {
  products: (it) => it.products(),
  product: (it) => it.product("p"),
  createProduct: (it) => it.createProduct(definition()),
  requestSigning: (it) => it.requestSigning({ product: product(), artifact: image() }),
  "requestSigning by an id": (it) => it.requestSigning({ productId: "p", artifact: image() }),
  signings: (it) => it.signings(),
  "signings by a filter": (it) => it.signings({ status: 2 }),
  signing: (it) => it.signing("r1"),
  approve: (it) => it.approve("r1"),
  "approve as shown": (it) =>
    it.approve("r1", { expect: anything({ id: "r1", productId: "p", payload: {} }) }),
  reject: (it) => it.reject("r1", { comment: "no" }),
  withdraw: (it) => it.withdraw("r1"),
  waitForSignature: (it) => it.waitForSignature("r1", { timeoutMs: 200, ...soon() }),
  signAll: (it) => all(it.signAll([image()], anything({ product: product(), ...soon() }))),
  verifySigning: (it) => ocisign.verifySigning(it, "r1", soon()),
  waitAndVerify: (it) => ocisign.waitAndVerify(it, "r1", { timeoutMs: 200, ...soon() }),
  readBatch: (it) => ocisign.readBatch(it, anything({ ids: ["r1"] }), soon()),
  requestDigestSigning: (it) =>
    ocisign.requestDigestSigning(
      it,
      anything({ productId: "p", digest: "3f".repeat(32), hash: "sha256" }),
      soon(),
    ),
};

/** @typedef {import("ocisign").RegistryOptions} Registry @type {Record<string, (registry: Registry) => Promise<unknown>>} */
const ofRegistry = {
  verifyImage: (registry) => ocisign.verifyImage(image(), { publicKey: pem, registry, ...soon() }),
  "verifyImage of an index": (registry) =>
    ocisign.verifyImage(image(), { publicKey: pem, registry, recursive: true, ...soon() }),
  "verifyImage with signatures elsewhere": ({ url, ...signIn }) =>
    ocisign.verifyImage(image(), {
      publicKey: pem,
      registry: { url, ...signIn, repository: `${host()}/team/signatures`, repositorySignIn: signIn },
      ...soon(),
    }),
  verifyAll: (registry) =>
    all(
      ocisign.verifyAll([image(), image().replace(digest, other)], { publicKey: pem, registry, ...soon() }),
    ),
  describeImage: (registry) => ocisign.describeImage(image(), { registry, ...soon() }),
  "describeImage of a tag": (registry) =>
    ocisign.describeImage(`${host()}/team/app:1.0`, { registry, ...soon() }),
  compareImages: (registry) =>
    ocisign.compareImages(image(), image().replace(digest, other), { registry, ...soon() }),
  copyImage: (registry) =>
    ocisign.copyImage(image(), `${host()}/mirror/app`, anything({ registry, to: registry, ...soon() })),
  createProof: (registry) => ocisign.createProof(image(), anything({ publicKey: pem, registry, ...soon() })),
  attachSignature: (registry) =>
    ocisign.attachSignature(
      image(),
      anything({ signature: new Uint8Array(64).fill(7), publicKey: pem, registry, ...soon() }),
    ),
};

/** Some go on through an outage for minutes. @type {() => any} */
const soon = () => ({ signal: AbortSignal.timeout(600) });

/** What a call gave or threw, as far as anybody can look. @param {() => Promise<unknown>} call @param {string} way */
async function toldIn(call, way) {
  try {
    const given = await call();
    return shows.test(way) ? "" : seenOf(given);
  } catch (error) {
    return toldBy(error);
  }
}

/** What a reply means is not changed: a name is shown as it is, and an id whole, since a request is lost without it. */
const shows = /another kind|other things|as the id/;

/**
 * The addresses that were asked for hold no secret, and no header does but the one that carries it.
 *
 * @param {Awaited<ReturnType<typeof echoingServer>>} server @param {string} what
 */
function checkAsked({ asked }, what) {
  // Where a server itself leads to, with a secret in it, is asked for as it says.
  if (/redirect|challenge|as the id|other things/.test(what)) return;
  for (const { method, url, headers } of asked) {
    const { authorization, ...rest } = headers;
    assert.deepEqual(leaksIn(`${url}\n${JSON.stringify(rest)}`), [], `${what}: asked ${method} ${url}`);
  }
}

/** Where in all that a server can say its words begin. */
const turns = [0, 0.4];

for (const way of Object.keys(ways)) {
  test(`the service: ${way}`, async () => {
    for (const turn of turns) {
      service.answerBy(way, turn);
      const told = Object.entries(ofService).map(async ([name, call]) => {
        const text = await toldIn(() => call(client()), way);
        if (shows.test(way)) return;
        assert.deepEqual(leaksIn(text, allPlanted, notTakenOut), [], `${name}: ${text.slice(0, 2000)}`);
      });
      await Promise.all(told);
      assert.ok(service.asked.length > 0);
      checkAsked(service, way);
    }
  });

  test(`a registry: ${way}`, async () => {
    for (const [turn, [kind, signIn]] of Object.entries(signIns).entries()) {
      registry.answerBy(way, turn / 3);
      const told = Object.entries(ofRegistry).map(async ([name, call], at) => {
        // Each function with each kind in some way, and each way with each kind.
        if (at % 3 !== (turn + way.length) % 3) return;
        const text = await toldIn(() => call({ url: registry.origin, ...signIn }), way);
        assert.deepEqual(leaksIn(text), [], `${kind}, ${name}: ${text.slice(0, 2000)}`);
      });
      await Promise.all(told);
      assert.ok(registry.asked.length > 0);
      checkAsked(registry, way);
    }
  });
}

test("a client, and what it is made of, shows its secrets to nobody", () => {
  const shown = seenOf(client());
  assert.deepEqual(leaksIn(shown), [], shown);
});

test("whatever is wrong with a secret is said without it", async () => {
  const wrong = Object.entries(planted).flatMap(([name, secret]) => [
    () => client({ token: `${secret}\0` }),
    () => client({ token: `{"token":"${secret}"}` }),
    () => client({ token: anything({ [secret]: secret }) }),
    () => client({ baseUrl: `https://${secret}` }),
    () => client({ baseUrl: `https://user:${secret}@service.example/` }),
    () => client({ baseUrl: `https://service.example/?key=${secret}` }),
    () => client({ token: () => secret + name.slice(0, 0).concat("\n\n two") }).products(),
    () => client(anything({ [secret]: 1 })),
    () => ocisign.describeImage(image(), { registry: anything({ [secret]: secret }) }),
    () => ocisign.describeImage(image(), { registry: { url: `https://user:${secret}@registry.example` } }),
    () => ocisign.describeImage(image(), { registry: { registryToken: `${secret}\n` } }),
    () => ocisign.describeImage(image(), { registry: anything({ username: 7, password: secret }) }),
    () => ocisign.describeImage(image(), { registry: { password: secret, identityToken: secret } }),
  ]);
  for (const [at, call] of wrong.entries()) {
    let told = "";
    try {
      seenOf(await call());
    } catch (error) {
      told = toldBy(error);
    }
    // Of what is not known to be a secret, the name of a field is quoted as far as it is short and looks like words.
    const names = [7, 8].includes(at % 13);
    if (!names) assert.deepEqual(leaksIn(told, planted), [], `${at % 13}: ${told.slice(0, 1500)}`);
  }
});

test("where TLS fails, or nobody listens, nothing is told", async () => {
  // Whoever speaks HTTP does not speak TLS.
  const unsafe = [`https://127.0.0.1:${service.port}`, "http://127.0.0.1:1"];
  for (const url of unsafe) {
    const outcomes = [
      ...Object.values(ofService).map((call) => toldIn(() => call(client({ baseUrl: url })), "")),
      ...Object.values(ofRegistry).flatMap((call) =>
        Object.values(signIns).map((signIn) => toldIn(() => call({ url, ...signIn }), "")),
      ),
    ];
    for (const told of await Promise.all(outcomes)) assert.deepEqual(leaksIn(told), [], told.slice(0, 2000));
  }
});
