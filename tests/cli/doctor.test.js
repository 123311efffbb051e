// What does `ocisign doctor` find at a service that answers in one way or another? It reads only.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SigningClient } from "ocisign";
import { makeCertificates } from "../support/certificates.js";
import { documentOf, shellIn } from "../support/cli.js";
import { fakeService, productOf, signingOf } from "../support/fake-service.js";
import { listening } from "../support/listening.js";

const image = `registry.invalid/team/app@sha256:${"ab".repeat(32)}`;
const secret = "Zm9yIHRoZSBzYWtlIG9mIGEgc2VjcmV0";

/** @param {object} claims */
function tokenWith(claims) {
  const part = (/** @type {unknown} */ value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return [part({ alg: "ES256", typ: "JWT" }), part(claims), secret].join(".");
}

const offline = { baseUrl: "https://service.example/api", token: "none" };

const soon = () => Math.floor(Date.now() / 1000) + 3600;
const usual = () =>
  tokenWith({ iss: "https://issuer.example", aud: "api://signing", exp: soon(), groups: ["g"] });

/** @type {ReturnType<typeof shellIn>} */
let shell;
before(() => {
  shell = shellIn("doctor");
});
after(() => shell.remove());

/**
 * Runs it against a service that has these lists, or answers as it is told.
 *
 * @param {{ products?: unknown, signings?: unknown, answer?: Parameters<typeof fakeService>[0], token?: string, args?: string[],
 *   env?: Record<string, string> }} options
 */
async function examined({ products = [], signings = [], answer, token = usual(), args = [], env = {} }) {
  const service = await fakeService(
    answer ??
      (({ path, token: given }) => {
        if (!given) return { status: 401, body: { message: "no token" } };
        const [, , , , list, id] = path.split(/[/?]/);
        const all = list === "products" ? products : signings;
        const one = (/** @type {unknown} */ it) =>
          Array.isArray(it) && it.find((element) => element.id === id);
        return id && path.includes(`/${id}`) ? { body: one(all) } : { body: all };
      }),
  );
  try {
    const said = await shell.ocisign(["doctor", "-a", service.url, "--json", ...args], {
      env: { OCISIGN_TOKEN: token, ...env },
    });
    assert.ok(!`${said.stdout}${said.stderr}`.includes(secret), "the token is in no output");
    assert.deepEqual([...new Set(service.asked.map(({ method }) => method))], ["GET"]);
    return { ...said, ...documentOf(said), asked: service.asked };
  } finally {
    service.close();
  }
}

/** A registry that wants a password, and notes what it gets. */
async function askingRegistry() {
  /** @type {string[]} */
  const authorized = [];
  const server = createServer(({ headers }, reply) => {
    if (headers.authorization) authorized.push(headers.authorization);
    reply.writeHead(401, {
      ...{ "docker-distribution-api-version": "registry/2.0", "www-authenticate": 'Basic realm="here"' },
    });
    reply.end();
  });
  const { port, close } = await listening(server);
  return { authorized, domain: `127.0.0.1:${port}`, close };
}

/** @param {{ findings: any[] }} report @param {string} topic @param {string} point */
function finding({ findings }, topic, point) {
  const found = findings.find((it) => it.topic === topic && it.point === point);
  assert.ok(found, `${topic}, ${point}: ${JSON.stringify(findings, null, 1)}`);
  return found;
}

test("a service as we expect it: every point is told, and nothing is wrong with it", async () => {
  const report = await examined({
    products: [productOf("registry.invalid")],
    signings: [signingOf(image, { status: 16 })],
  });
  for (const [topic, point] of [
    ["service", "reachable"],
    ["service", "clock"],
    ["token", "issuer"],
    ["token", "validity"],
    ["token", "groups"],
    ["products", "list"],
    ["requests", "list"],
    ["requests", "statuses"],
    ["profile", "tried"],
  ]) {
    assert.equal(finding(report, topic, point).verdict, "ok", `${topic}, ${point}`);
  }
  assert.match(finding(report, "requests", "statuses").found, /16 \(signed\) once/);
  // The registry of the product is none: the only problem.
  assert.equal(report.code, 1);
  assert.deepEqual(
    report.findings.filter(({ verdict }) => verdict === "problem").map(({ topic }) => topic),
    ["registry"],
  );
});

test("codes that nobody explained: told with their counts and the mend; ten thousand stay bounded", async () => {
  const few = await examined({
    signings: [signingOf(image, { status: 2 }), signingOf(image, { id: "b", status: 64 })],
  });
  const { verdict, found, fix } = finding(few, "requests", "statuses");
  assert.equal(verdict, "warning");
  assert.match(found, /2 \(unknown\) once.*64 \(unknown\) once/);
  assert.match(fix, /"statuses"/);
  const many = Array.from({ length: 10_000 }, (_, at) =>
    signingOf(image, { id: `id-${at}`, status: at + 1000 }),
  );
  const report = await examined({ signings: many });
  assert.ok(finding(report, "requests", "statuses").found.length < 1000);
});

test("the service's own words beside a code become a table to begin with", async () => {
  const signings = [
    signingOf(image, { status: 2, statusText: "Waiting for approval" }),
    signingOf(image, { id: "b", status: 32, statusText: "Rejected" }),
    signingOf(image, { id: "c", status: 5, statusText: "Quux" }),
  ];
  const { profile } = await examined({ signings });
  assert.deepEqual(profile.statuses, { 2: "waiting", 16: "signed", 32: "rejected" });
});

test("of what a given profile says already, nothing differs", async () => {
  const signings = { data: { items: [signingOf(image, { status: 2, statusText: "Waiting for approval" })] } };
  const first = await examined({ signings });
  assert.match(finding(first, "profile", "differs").found, /in statuses, lists\.signings\./);
  shell.file("known.json", JSON.stringify(first.profile));
  const again = await examined({ signings, args: ["--profile", "known.json"] });
  assert.ok(!again.findings.some((/** @type {any} */ { point }) => point === "differs"));
  assert.deepEqual(again.profile, first.profile);
});

test("a password goes to the registry that the products name, and to none that only a request names", async () => {
  const [own, other, another] = await Promise.all([askingRegistry(), askingRegistry(), askingRegistry()]);
  const of = (/** @type {{ domain: string }} */ { domain }) => `${domain}/team/app@sha256:${"ab".repeat(32)}`;
  const password = "the-registrys-own-password";
  const env = { OCISIGN_REGISTRY_USERNAME: "robot", OCISIGN_REGISTRY_PASSWORD: password };
  const signings = [signingOf(of(other), { id: "other" }), signingOf(of(own), { id: "own" })];
  try {
    const report = await examined({ products: [productOf(own.domain)], signings, env });
    assert.deepEqual(other.authorized, []);
    assert.deepEqual([...new Set(own.authorized)], [`Basic ${btoa(`robot:${password}`)}`]);
    const [ours, theirs] = [own, other].map(({ domain }) =>
      finding(report, "registry", `${domain}, sign-in`),
    );
    assert.match(ours.fix, /--registry-username/);
    assert.match(theirs.fix, /docker login/);
    own.authorized.length = 0;
    for (const products of [
      [],
      [own, another].map(({ domain }, at) => ({ ...productOf(domain), id: `p${at}` })),
    ]) {
      const unsure = await examined({ products, signings, env });
      assert.deepEqual(
        [own, other, another].flatMap(({ authorized }) => authorized),
        [],
      );
      const { found } = finding(unsure, "registry", "given");
      assert.match(found, /^OCISIGN_REGISTRY_USERNAME is for one registry, and products name (none|2: )/);
    }
  } finally {
    for (const registry of [own, other, another]) registry.close();
  }
});

for (const [name, claims, point, verdict, found] of /** @type {const} */ ([
  ["expired", { exp: 1_700_000_000 }, "validity", "problem", /expired \d+ days ago/],
  ["not valid yet", { nbf: 4_000_000_000, exp: 4_000_003_600 }, "validity", "problem", /becomes valid/],
  ["without an expiry", {}, "validity", "unknown", /does not say/],
  ["without groups", { exp: 4_000_000_000 }, "groups", "unknown", /names no groups/],
  [
    "of Entra ID with many groups",
    { hasgroups: true, _claim_names: { groups: "src1" } },
    "groups",
    "unknown",
    /names no groups/,
  ],
  ["with an empty list of groups", { groups: [] }, "groups", "ok", /0 groups/],
])) {
  test(`a token ${name}`, async () => {
    const report = await examined({ token: tokenWith(claims) });
    const told = finding(report, "token", point);
    assert.equal(told.verdict, verdict);
    assert.match(told.found, found);
  });
}

test("a token of the wrong audience: the service's 401 is told beside the audience", async () => {
  const token = tokenWith({ iss: "https://issuer.example", aud: "api://other", exp: soon() });
  const answer = () => ({ status: 401, body: { message: `wrong audience in ${token}` } });
  const report = await examined({ token, answer });
  assert.match(finding(report, "token", "issuer").found, /for api:\/\/other/);
  const { verdict, fix } = finding(report, "products", "accepted");
  assert.equal(verdict, "problem");
  assert.match(fix, /audience/);
  assert.equal(report.code, 1);
});

test("no token: what needs none is looked at, and nothing else", async () => {
  const service = await fakeService(() => ({ status: 401 }));
  const said = await shell.ocisign(["doctor", "-a", service.url, "--json"]);
  service.close();
  const report = documentOf(said);
  assert.equal(finding(report, "service", "reachable").verdict, "ok");
  assert.equal(finding(report, "token", "given").verdict, "problem");
  assert.ok(service.asked.every(({ token }) => token === undefined));
});

test("products may be forbidden: a warning with what can be done all the same", async () => {
  const answer = ({ path, token }) =>
    !token
      ? { status: 401 }
      : path.includes("products")
        ? { status: 403, body: { message: "no" } }
        : { body: [] };
  const report = await examined({ answer });
  const { verdict, fix } = finding(report, "products", "list");
  assert.equal(verdict, "warning");
  assert.match(fix, /--product ID --operation ID/);
});

for (const [
  name,
  answer,
  found,
] of /** @type {[string, import("../support/fake-service.js").Answer, RegExp][]} */ ([
  ["404", { status: 404 }, /HTTP 404/],
  ["a page of HTML", { body: "<!doctype html><p>Sign in" }, /page of HTML/],
  [
    "a redirect",
    { status: 302, headers: { location: "https://sso.example/login?token=abc" } },
    /redirects to https:\/\/sso\.example\/login\?\*+\./,
  ],
  ["503", { status: 503, body: { message: "later" } }, /HTTP 503.*later/],
  ["429", { status: 429, headers: { "retry-after": "7" } }, /for 7 seconds/],
  ["an object without a list", { body: { a: 1 } }, /no list/],
])) {
  test(`the service answers with ${name}`, async () => {
    const report = await examined({ answer: () => answer });
    const told = finding(report, "products", "list");
    assert.equal(told.verdict, "problem");
    assert.match(told.found, found);
    assert.equal(report.code, 1);
  });
}

test("a service that is down: one problem, and nothing else is looked at", async () => {
  const service = await fakeService(() => ({}));
  service.close();
  const said = await shell.ocisign(["doctor", "-a", service.url, "--json"], {
    env: { OCISIGN_TOKEN: usual() },
  });
  const { findings } = documentOf(said);
  assert.equal(findings.length, 1);
  assert.match(findings[0].found, /does not answer: .*ECONNREFUSED/);
  assert.equal(said.code, 1);
});

test("a service that hangs ends by --call-timeout", async () => {
  const report = await examined({ answer: () => ({ hang: true }), args: ["--call-timeout", "1s"] });
  assert.match(finding(report, "service", "reachable").found, /no answer within 1000 ms/);
});

for (const [seconds, verdict, found] of /** @type {const} */ ([
  [0, "ok", /agree/],
  [600, "problem", /10 minutes ahead of/],
  [-7200, "problem", /2 hours behind/],
])) {
  test(`the service's clock is ${seconds} seconds off`, async () => {
    const date = () => new Date(Date.now() + seconds * 1000).toUTCString();
    const report = await examined({ answer: () => ({ body: [], headers: { date: date() } }) });
    const told = finding(report, "service", "clock");
    assert.equal(told.verdict, verdict);
    assert.match(told.found, found);
  });
}

test("TLS: an unknown CA is named with the mend; a certificate that ends soon is a warning", async () => {
  makeCertificates(shell.folder);
  const [key, cert] = ["server.key", "server.pem"].map((name) =>
    readFileSync(`${shell.folder}/${name}`, "utf8"),
  );
  const service = await fakeService(() => ({ body: [] }), { key, cert });
  const env = { OCISIGN_TOKEN: usual() };
  const stranger = documentOf(await shell.ocisign(["doctor", "-a", service.url, "--json"], { env }));
  const { verdict, fix } = finding(stranger, "service", "reachable");
  assert.equal(verdict, "problem");
  assert.match(fix, /--cacert/);
  const args = ["doctor", "-a", service.url, "--json", "--cacert", "ca.pem"];
  const known = documentOf(await shell.ocisign(args, { env }));
  service.close();
  const tls = finding(known, "service", "TLS");
  assert.equal(tls.verdict, "warning");
  assert.match(tls.found, /^TLSv1\.3, certificate by private CA, valid until /);
});

test("CORS is looked at for the origin of a page", async () => {
  const at = async (/** @type {string} */ allowed) =>
    finding(
      await examined({
        answer: () => ({ body: [], headers: { "access-control-allow-origin": allowed } }),
        args: ["--origin", "https://portal.example"],
      }),
      "service",
      "CORS",
    );
  assert.equal((await at("https://portal.example")).verdict, "ok");
  assert.equal((await at("*")).verdict, "ok");
  assert.match((await at("https://other.example")).found, /Only pages of https:\/\/other\.example/);
  assert.equal(finding(await examined({}), "service", "CORS").verdict, "unknown");
});

test("elements that cannot be read are counted, and the others are read", async () => {
  const signings = [signingOf(image, { status: 16 }), null, { id: "b" }, { id: "c", status: "waiting" }];
  const report = await examined({ signings });
  assert.match(finding(report, "profile", "requests").found, /^3 of them cannot be read/);
  assert.match(finding(report, "requests", "statuses").found, /16 \(signed\) once/);
});

test("the profile is written into a new file only", async () => {
  const report = await examined({ args: ["--write-profile", "new.json"] });
  const written = JSON.parse(readFileSync(`${shell.folder}/new.json`, "utf8"));
  assert.deepEqual(written, report.profile);
  const again = await shell.ocisign([
    "doctor",
    "-a",
    "http://127.0.0.1:9/a",
    "--write-profile",
    "new.json",
    "--json",
  ]);
  assert.equal(documentOf(again).error.code, "bad-file");
  assert.equal(again.code, 1);
});

test("what is no origin, no URL or no profile is wrong usage, and nothing is sent", async () => {
  for (const origin of ["portal.example", "https://portal.example/path", "file:///x", "null"]) {
    const { code } = await shell.ocisign(["doctor", "-a", "http://127.0.0.1:9/a", "--origin", origin]);
    assert.equal(code, 2, origin);
  }
  shell.file("typo.json", '{ "status": {} }');
  const { stderr } = await shell.ocisign(["doctor", "-a", "http://127.0.0.1:9/a", "--profile", "typo.json"]);
  assert.match(stderr, /--profile/);
});

test("for people: a checklist with the mend below each point", async () => {
  const service = await fakeService(() => ({ status: 401, body: { message: "\u001b[31mno\u202e" } }));
  const { stdout, stderr } = await shell.ocisign(["doctor", "-a", service.url], {
    env: { OCISIGN_TOKEN: usual() },
  });
  service.close();
  assert.match(stdout, /^Service\n {2}✓ reachable: /);
  assert.match(stdout, /✗ accepted: .*\n {6}Get a token/);
  assert.match(stdout, /\\u\{1b\}/);
  assert.match(stderr, /1 problem and 0 warnings were found\./);
});

test("what the profile says already is no difference; what it says otherwise is one", async () => {
  const form = { lists: { signings: { items: "rows" } }, statuses: { 2: "waiting" }, publicKeyPath: "k" };
  const report = await examined({
    signings: { rows: [signingOf(image)] },
    args: ["--profile", shell.file("same.json", JSON.stringify(form))],
  });
  assert.ok(!report.findings.some(({ point }) => point === "differs"));
  const other = await examined({
    signings: { rows: [signingOf(image)] },
    args: ["--profile", shell.file("other.json", JSON.stringify({ statuses: { 2: "waiting" } }))],
  });
  assert.match(finding(other, "profile", "differs").found, /from the profile, in lists\.signings\./);
});

test("requests that cannot be read are never called none", async () => {
  for (const signings of [[{ status: 2 }], [{ id: "a", status: "two" }], [null], { rows: [{ id: 5 }] }]) {
    const report = await examined({ signings });
    assert.match(finding(report, "requests", "statuses").found, /^None of the requests could be read/);
    assert.equal(finding(report, "profile", "requests").verdict, "problem");
    assert.equal(report.code, 1);
  }
});

test("a guess that contradicts what stays makes no profile, and stops nothing", async () => {
  const uuid = "a83081a6-1d3b-4117-a81b-0ebcfcf0669c";
  for (const element of [{ status: uuid, id: 2 }, { payload: uuid }, { name: { id: uuid }, status: 3 }]) {
    const file = `contradicts-${Object.keys(element)}.json`;
    const report = await examined({
      answer: ({ path }) => ({ body: path.includes(uuid) ? element : [element] }),
      args: ["--write-profile", file],
    });
    assert.ok(finding(report, "requests", "list"));
    assert.deepEqual(JSON.parse(readFileSync(join(shell.folder, file), "utf8")), report.profile);
    assert.doesNotThrow(() => new SigningClient({ ...offline, profile: report.profile }));
  }
});

test("the form that the profile tells is compared with the reply", async () => {
  const profile = { replies: { signing: { envelope: "data" } }, lists: { signings: { items: "data" } } };
  const args = ["--profile", shell.file("envelope.json", JSON.stringify(profile))];
  const report = await examined({
    answer: ({ path }) => ({ body: path.includes("signings") ? { data: [signingOf(image)] } : [] }),
    args,
  });
  assert.equal(finding(report, "requests", "one").verdict, "problem");
  assert.match(finding(report, "requests", "one").found, /does not show its id .* at data/);
  const none = await examined({ answer: () => ({ body: { data: null } }), args });
  assert.match(finding(none, "requests", "list").found, /no list at data/);
});

for (const [what, body] of /** @type {const} */ ([
  ["JSON that is nested too deeply", `${"[".repeat(50_000)}${"]".repeat(50_000)}`],
  ["JSON that is nested too deeply", `${'{"a":'.repeat(500)}1${"}".repeat(500)}`],
  ["a page of HTML", "\n<!doctype html>"],
  ["something that is not JSON", '[{"id":'],
])) {
  test(`a list that is ${what}, ${body.length} characters long, is a finding`, async () => {
    const report = await examined({ answer: () => ({ body }) });
    assert.match(finding(report, "requests", "list").found, new RegExp(what));
  });
}
