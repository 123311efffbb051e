// A name in the place of another kind of name, or in a spelling that nothing is compared with: does a CA that may issue
// for some names alone get others past it?
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { outcome, simple } from "../support/certified.js";
import { ca, changed, Pki, signing } from "../support/code-signing.js";

const pki = new Pki();
after(() => pki.close());
const root = pki.issue("/O=Example/CN=Root");

/** A CA below the root. @param {...string} constraints */
const constrained = (...constraints) =>
  pki.issue("/O=Example/CN=Constrained", {
    issuer: root,
    extensions: [...ca, `nameConstraints=critical,${constraints.join(",")}`],
  });

/** What comes of a certificate with a name. @param {import("../support/code-signing.js").Certificate} issuer @param {string} name @param {object} [wanted] */
function judged(issuer, name, wanted = {}) {
  const extensions = [...signing, `subjectAltName=${name}`];
  const leaf = pki.issue("/O=Example/CN=Leaf", { issuer, extensions });
  return outcome(simple({ leaf, chain: [issuer] }), { roots: root.pem, ...wanted });
}

test("an identity counts only as the kind of name that it is", async () => {
  const mailOnly = constrained("permitted;email:evil.example", "permitted;URI:evil.example");
  const hostOnly = constrained("permitted;DNS:evil.example");
  for (const [issuer, name, identity, said] of /** @type {const} */ ([
    [mailOnly, "DNS:boss@corp.example", "boss@corp.example", /it has the host `boss@corp\.example`/],
    [mailOnly, "DNS:https://ci.example/x", "https://ci.example/x", /it has the host `https/],
    [hostOnly, "URI:boss@corp.example", "boss@corp.example", /it has the URL `boss@corp/],
    [hostOnly, "email:ci.corp.example", "ci.corp.example", /it has the mail address `ci\.corp/],
  ])) {
    const came = await judged(issuer, name, { identity });
    assert.match(came, /^invalid, certificate: .*another identity than the required one/, name);
    assert.match(came, said);
  }
  for (const [name, identity] of /** @type {const} */ ([
    ["email:a@evil.example", "a@evil.example"],
    ["URI:https://evil.example/a@b", "https://evil.example/a@b"],
    ["DNS:ci.corp.example", "ci.corp.example"],
  ])) {
    assert.equal(await judged(mailOnly, name, { identity }), "verified", name);
  }
});

test("a host in another spelling gets past no name constraint", async () => {
  const without = constrained(...["DNS", "email", "URI"].map((kind) => `excluded;${kind}:corp.example`));
  const within = constrained(
    ...["permitted;DNS:corp.example", "permitted;email:.corp.example", "permitted;URI:.corp.example"],
  );
  for (const [issuer, name] of /** @type {const} */ ([
    [without, "DNS:corp.example."],
    [without, "DNS:a.corp.example."],
    [without, "DNS:*.example"],
    [without, "email:a@corp.example."],
    [without, "URI:https://corp.example./x"],
    [without, "URI:https://corp%2Eexample/"],
    [without, "URI:https://corp.example\\\\@other.example/"],
    [within, "DNS:evil.example/.corp.example"],
    [within, "email:a@evil.example/.corp.example"],
    [within, "email:x.corp.example"],
    [within, "URI:https://evil.example\\\\.corp.example/"],
    [within, "URI:https://evil.example:80:.corp.example/"],
  ])) {
    assert.match(await judged(issuer, name), /^invalid, certificate: .*may not issue the certificate/, name);
  }
  for (const name of ["DNS:other-1.example", "email:a@x1.example", "URI:https://u:p@x_1.example:443/a@b"]) {
    assert.equal(await judged(without, name), "verified", name);
  }
});

test("a constraint that is no host in its one spelling holds for nothing, so that its CA issues nothing", async () => {
  for (const base of [
    "excluded;DNS:corp.example.",
    "excluded;email:a@corp.example.",
    "excluded;URI:*.example",
  ]) {
    const came = await judged(constrained(base), "DNS:corp.example");
    assert.match(came, /^invalid, certificate: .*limits that are not understood/, base);
  }
});

test("an organization in another spelling gets past no constraint of subjects", async () => {
  const without = pki.issue("/O=Example/CN=Constrained", {
    issuer: root,
    extensions: [...ca, "nameConstraints=critical,excluded;dirName:bad"],
    more: ["[bad]", "O=Bad"],
  });
  /** @param {string} organization */
  const leafOf = (organization) => pki.issue(`/O=${organization}/CN=Leaf`, { issuer: without });
  /** @param {ReturnType<typeof leafOf>} leaf */
  const came = (leaf) => outcome(simple({ leaf, chain: [without] }), { roots: root.pem });
  for (const organization of [
    "Bad",
    "bAD",
    " Bad ",
    "\uff22\uff41\uff44",
    "B\u200bad",
    "B\u00adad",
    "Ba\ufe0fd",
  ]) {
    assert.match(
      await came(leafOf(organization)),
      /^invalid, certificate: .*exclude a name of it/,
      organization,
    );
  }
  for (const organization of ["Good", "Badly", "\u00c4\u00e4ni Oy"]) {
    assert.equal(await came(leafOf(organization)), "verified", organization);
  }
  // Kinds of strings that are not read as text: VisibleString, NumericString, GeneralString.
  for (const tag of [0x1a, 0x12, 0x1b]) {
    const own = leafOf("Bad");
    const other = changed(own, without, (parts) => {
      const subject = Buffer.from(parts[5] ?? []);
      const at = subject.indexOf("Bad") - 2;
      subject[at] = tag;
      return parts.with(5, subject);
    });
    assert.match(await came(other), /^invalid, certificate: .*may not issue the certificate/, `${tag}`);
  }
});
