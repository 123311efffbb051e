// One rule for "this machine", and one for URLs that secrets are sent to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkUrl, isLoopback, OcisignError, parseReference, SigningClient } from "ocisign";
import { values } from "../support/hostile-values.js";

const here = [
  "localhost",
  "LOCALHOST",
  "LocalHost:5000",
  "registry.localhost",
  "a.b.c.localhost:1",
  "127.0.0.1",
  "127.0.0.1:5000",
  "127.255.255.254",
  "127.1.2.3:65535",
  "[::1]",
  "[::1]:5000",
];
/** An IPv4 address in another form than the plain dotted one: a URL's parser would make 127.0.0.1 of each. */
const otherForms = [
  "127.1",
  "127.0.1",
  "0x7f.1",
  "0x7f000001",
  "2130706433",
  "0177.0.0.1",
  "127.0.0.01",
  "127.0.0.0x1",
];
const elsewhere = [
  ...otherForms,
  "",
  ".",
  ":",
  ":5000",
  "localhost.",
  "localhost.example",
  "localhost.evil.com",
  "notlocalhost",
  ".localhost",
  "a..localhost",
  "-.localhost",
  "127.0.0.1.evil.com",
  "127.0.0.256",
  "127.0.0",
  "127.0.0.1.",
  "127.0.0.1:0",
  "127.0.0.1:65536",
  "127.0.0.1:",
  "127.0.0.1:80:80",
  " 127.0.0.1",
  "127.0.0.1 ",
  "127.0.0.1/x",
  "user@127.0.0.1",
  "128.0.0.1",
  "0.0.0.0",
  "10.0.0.1",
  "[::]",
  "[::2]",
  "::1",
  "[::1",
  "[0:0:0:0:0:0:0:1",
  "[::ffff:127.0.0.1]",
  "registry.example",
  "loc\u0430lhost",
  "localhost\0",
  "localhost\n",
  "\u217cocalhost",
];

test("this machine, and what only looks like it", () => {
  for (const host of here) assert.equal(isLoopback(host), true, host);
  for (const host of elsewhere) assert.equal(isLoopback(host), false, JSON.stringify(host));
  assert.equal(isLoopback(`${"a.".repeat(500_000)}localhost`), false, "longer than a name can be");
});

test("what is no text is no machine", () => {
  for (const [name, value] of values()) assert.equal(isLoopback(/** @type {any} */ (value)), false, name);
});

test("https anywhere, http on this machine; slashes at the end go", () => {
  for (const [url, read = url] of [
    ["https://registry.example"],
    ["https://registry.example/", "https://registry.example"],
    ["https://registry.example//", "https://registry.example"],
    ["https://registry.example:8443/a/b"],
    ["https://127.0.0.1"],
    ["https://[2001:db8::1]:5000"],
    ...here.map((host) => [`http://${host}`]),
    ...here.map((host) => [`http://${host}/base/`, `http://${host}/base`]),
  ]) {
    assert.equal(checkUrl(url, "The registry's URL"), read, url);
  }
});

test("everything else is refused, and the message names what it is", () => {
  const wrong = [
    "",
    " ",
    "registry.example",
    "//registry.example",
    "https:registry.example",
    "https:/registry.example",
    "https://",
    "https:///x",
    "http://registry.example",
    "ftp://localhost",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "HTTPS://registry.example",
    "https://user@registry.example",
    "https://user:secret@registry.example",
    "http://user@localhost",
    "https://@registry.example",
    "https://registry.example?x",
    "https://registry.example/?secret=1",
    "https://registry.example#x",
    "https://registry.example/#",
    "https://registry.example\\x",
    "https://registry.example/a b",
    " https://registry.example",
    "https://registry.example\n",
    "https://registry.example/../x",
    "https://registry.example/./x",
    "https://registry.example/%2e%2e/x",
    "https://registry.ex\u0430mple",
    "https://registry.example:0",
    "https://registry.example:65536",
    "https://registry.example:",
    "https://-.example",
    "https://[::1",
    "https://[::g]",
    ...otherForms.flatMap((host) => [`http://${host}`, `https://${host}`, `https://${host}/x`]),
    ...elsewhere.filter((host) => host !== "" && host !== "127.0.0.1/x").map((host) => `http://${host}`),
    `https://${"a".repeat(1_000_000)}`,
    `https://registry.example/${"\u202e".repeat(1_000_000)}`,
  ];
  for (const url of wrong) {
    assert.throws(
      () => checkUrl(url, "The proxy's URL"),
      (/** @type {any} */ error) => {
        assert.ok(error instanceof OcisignError);
        assert.deepEqual([error.code, error.taken], ["bad-url", "no"], url.slice(0, 100));
        assert.match(error.message, /^The proxy's URL /);
        assert.ok(error.fix && error.message.length < 2000);
        assert.doesNotMatch(error.message + error.fix, /secret/, "what may be a password is not repeated");
        return true;
      },
    );
  }
});

test("what is no text is a bad-input", () => {
  for (const [name, value] of values()) {
    if (name === "a text" || name === "an empty text") continue;
    assert.throws(() => checkUrl(/** @type {any} */ (value), "The URL"), { code: "bad-input" }, name);
    assert.throws(
      () => checkUrl("https://a.example", /** @type {any} */ (value)),
      { code: "bad-input" },
      name,
    );
  }
});

test("an IPv4 address in any but its plain form is refused wherever a host is read", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  for (const host of otherForms) {
    for (const port of ["", ":5000"]) {
      assert.throws(
        () => new SigningClient({ baseUrl: `http://${host}${port}`, token: "t" }),
        { code: "bad-url" },
        host,
      );
      // Without a dot or a port, the first part of a reference is no registry at all.
      const expected = host.includes(".") || port ? "registry-invalid" : "registry-missing";
      assert.throws(() => parseReference(`${host}${port}/app@${digest}`), { code: expected }, host);
    }
  }
});
