// Where a registry may send us on to: never nearer to this machine than it is itself, by literal and resolved addresses.
import assert from "node:assert/strict";
import dns from "node:dns/promises";
import { beforeEach, mock, test } from "node:test";
import {
  blobPath,
  challenge,
  clientFor,
  digest,
  failure,
  json,
  manifest,
  serve,
  user,
} from "../support/scripted-registry.js";

/** What the names of these tests resolve to. */
const names = {
  "public.example": ["93.184.215.14"],
  "public6.example": ["2606:2800:21f:cb07::1"],
  "private.example": ["10.1.2.3"],
  "private6.example": ["fd12:3456::1"],
  "half-private.example": ["93.184.215.14", "10.1.2.3"],
  "own.example": ["127.0.0.1"],
  "own6.example": ["::1"],
  "mapped.example": ["::ffff:127.0.0.1"],
  "zero.example": ["0.0.0.0"],
  "half-own.example": ["93.184.215.14", "::1"],
  "link.example": ["169.254.169.254"],
  "link6.example": ["fe80::1%eth0"],
};

beforeEach(() => {
  mock.restoreAll();
  mock.method(dns, "lookup", async (/** @type {keyof typeof names} */ host) => {
    if (!names[host]) throw Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
    return names[host].map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  });
});

/** A fetch that sends every blob of a registry to this place. @param {string} domain @param {string} location */
function redirecting(domain, location) {
  /** @type {string[]} */
  const asked = [];
  const fetch = async (/** @type {string} */ url) => {
    asked.push(url);
    const isHome = new URL(url).pathname === blobPath;
    return isHome ? new Response(null, { status: 307, headers: { location } }) : new Response("payload");
  };
  const read = () => clientFor({ domain }, { fetch }).blob("team/app", digest, { maxBytes: 10 });
  return { asked, read };
}

const anywhere = [
  "https://storage.example/",
  "https://public.example/",
  "https://8.8.8.8/",
  "https://[2606::1]/",
];
const privately = [
  ...["https://10.0.0.1/", "https://172.16.0.1/", "https://172.31.255.255/", "https://192.168.1.1/"],
  ...["https://100.64.0.1/", "https://100.100.100.200/", "https://198.18.0.1/", "https://192.0.0.8/"],
  ...["https://[fc00::1]/", "https://[fdff::1]/", "https://[fec0::1]/", "https://[::ffff:10.0.0.1]/"],
  ...["https://[64:ff9b::10.0.0.1]/", "https://[64:ff9b:1::808:808]/", "https://[2002:a00:1::]/"],
  ...["https://[2001:0:808:808::f5ff:fffe]/", "https://[2606::5efe:192.168.0.1]/"],
  ...["https://private.example/", "https://private6.example/", "https://half-private.example/"],
];
const onThisLink = [
  ...["https://169.254.169.254/latest/", "https://169.254.0.1/", "https://[fe80::1]/", "https://[febf::1]/"],
  ...["https://[::ffff:169.254.169.254]/", "https://[::ffff:a9fe:a9fe]/", "https://[64:ff9b::a9fe:a9fe]/"],
  ...["https://224.0.0.1/", "https://255.255.255.255/", "https://[ff02::1]/"],
  ...["https://link.example/", "https://link6.example/"],
];
const onThisMachine = [
  ...["https://127.0.0.1/", "https://127.1.2.3:5000/", "https://0.0.0.0/", "https://0.1.2.3/"],
  ...["https://localhost/", "https://LOCALHOST./", "https://a.localhost/", "https://a.localhost./"],
  ...["https://localhost.localdomain/", "https://ip6-localhost/"],
  ...["https://[::]/", "https://[::1]/", "https://[0:0:0:0:0:0:0:1]/", "https://[::ffff:127.0.0.1]/"],
  ...["https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/", "https://[::ffff:0:127.0.0.1]/"],
  ...["https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::1]/", "https://[2001:0:808:808::80ff:fffe]/"],
  ...["https://own.example/", "https://own6.example/", "https://mapped.example/", "https://zero.example/"],
  ...["https://half-own.example/"],
];
/** These have no plain spelling, so that they are no URL for us at all. */
const inOtherSpellings = [
  ...[
    "https://2130706433/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://0x7f000001/",
  ],
  ...["https://127.0.0.1./", "https://2852039166/", "https://0/"],
];

for (const [from, followed, refused] of /** @type {const} */ ([
  ["registry.example", anywhere, [...privately, ...onThisLink, ...onThisMachine, ...inOtherSpellings]],
  ["public.example", anywhere, [...privately, ...onThisLink, ...onThisMachine]],
  // Whoever runs the name can add an address to it: all of them have to be private.
  ["half-private.example", anywhere.slice(2), [...privately.slice(0, -1), ...onThisLink, ...onThisMachine]],
  ["10.9.9.9:5000", [...anywhere, ...privately], [...onThisLink, ...onThisMachine]],
  ["private.example", [...anywhere, ...privately], [...onThisLink, ...onThisMachine]],
  ["private6.example", [...anywhere, ...privately], [...onThisLink, ...onThisMachine]],
  ["169.254.1.1", [...anywhere, ...onThisLink], [...privately, ...onThisMachine]],
  ["127.0.0.1:5000", [...anywhere, ...privately, ...onThisMachine], onThisLink],
  ["registry.localhost", [...anywhere, ...privately, ...onThisMachine], onThisLink],
])) {
  test(`a blob of ${from}: where a redirect may lead`, async () => {
    for (const location of followed) {
      const { asked, read } = redirecting(from, location);
      assert.equal((await read()).length, 7, location);
      assert.equal(asked.length, 2, location);
    }
    for (const location of refused) {
      const { asked, read } = redirecting(from, location);
      const error = await failure(read());
      assert.equal(error.code, "redirected", location);
      assert.equal(asked.length, 1, location);
    }
  });
}

test("the reason says where it would have led", async () => {
  for (const [location, said] of /** @type {const} */ ([
    ["https://own.example/", /to https:\/\/own\.example \(this machine\)/],
    ["https://169.254.169.254/", /\(this link\)/],
    ["https://private.example/", /\(a private network\)/],
    ["http://storage.example/", /\(not https\)/],
  ])) {
    assert.match((await failure(redirecting("registry.example", location).read())).message, said);
  }
});

test("a second redirect is measured by the registry, not by the one before", async () => {
  const fetch = async (/** @type {string} */ url) =>
    new Response(null, {
      status: 307,
      headers: { location: url.includes("public") ? "https://own.example/" : "https://public.example/" },
    });
  const read = clientFor({ domain: "registry.example" }, { fetch }).blob("team/app", digest, { maxBytes: 9 });
  assert.match((await failure(read)).message, /own\.example \(this machine\)/);
});

test("a token service is not nearer than the registry either, and gets no password", async () => {
  for (const realm of [...privately, ...onThisLink, ...onThisMachine, ...inOtherSpellings]) {
    /** @type {string[]} */
    const asked = [];
    const fetch = async (/** @type {string} */ url) => {
      asked.push(url);
      const headers = { "www-authenticate": `Bearer realm="${realm}"` };
      return new Response("", { status: 401, headers });
    };
    const read = clientFor({ domain: "registry.example" }, { fetch, ...user }).manifest("team/app", "1.0");
    assert.equal((await failure(read)).code, "bad-reply", realm);
    assert.equal(asked.length, 1, realm);
  }
});

test("a registry on this machine may name a token service and a storage on this machine", async () => {
  const tokens = await serve({ "/token": json(200, { token: "t" }) });
  const registry = await serve((request) =>
    request.headers.authorization === "Bearer t"
      ? manifest
      : challenge(`Bearer realm="${tokens.origin}/token"`),
  );
  assert.ok(await clientFor(registry).manifest("team/app", "1.0"));
});

test("the look at a name is within the time of the call", async () => {
  mock.method(dns, "lookup", () => new Promise(() => {}));
  const fetch = async () =>
    new Response(null, { status: 307, headers: { location: "https://slow.example/" } });
  const client = clientFor({ domain: "registry.example" }, { fetch, timeoutMs: 50 });
  assert.equal((await failure(client.blob("team/app", digest, { maxBytes: 9 }))).code, "timeout");
});
