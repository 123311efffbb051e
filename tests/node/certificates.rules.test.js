// Which certificates count? Each rule with several certificates of its kind, made by openssl, which judges them, too.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bundle, outcome, simple, verified } from "../support/certified.js";
import { ca, changed, Pki, signing } from "../support/code-signing.js";
import { element, sequence } from "../support/judging/der.js";

const pki = new Pki();
after(() => pki.close());

const root = pki.issue("/O=Example/CN=Root");
const middle = pki.issue("/O=Example/CN=Middle", { issuer: root, extensions: ca });
const leaf = pki.issue("/O=Example/CN=Release", { issuer: middle });

/** @typedef {import("../support/code-signing.js").Certificate} Certificate */

/**
 * What comes of a chain, in both formats alike.
 *
 * @param {{ leaf: Certificate, chain?: Certificate[], root?: Certificate }} given
 * @param {Partial<import("ocisign").CertificateOptions>} [options]
 */
async function judged({ leaf: own, chain = [], root: above = root }, options = {}) {
  const trusted = { roots: above.pem, ...options };
  const inAnnotations = await outcome(simple({ leaf: own, chain }), trusted);
  assert.equal(await outcome(bundle({ leaf: own, chain }), trusted), inAnnotations);
  return inAnnotations;
}

test("certificates below a given root count, whatever the keys and however deep", async () => {
  assert.equal(await judged({ leaf, chain: [middle] }), "verified");
  assert.equal(await judged({ leaf, chain: [middle, root] }), "verified");
  assert.equal(await judged({ leaf: pki.issue("/CN=Direct", { issuer: root }) }), "verified");
  const kinds = /** @type {const} */ ([
    ["P-384", "P-256", "sha384"],
    ["P-521", "rsa", "sha512"],
    ["rsa", "P-384", "sha256"],
    ["rsa", "rsa", "sha384"],
    ["P-256", "P-521", "sha512"],
    ["ed25519", "P-256", "sha256"],
  ]);
  for (const [above, below, digest] of kinds) {
    const own = pki.issue(`/CN=Root with ${above}`, { kind: above, digest });
    const one = pki.issue("/CN=Between", { issuer: own, extensions: ca, kind: above, digest });
    const signer = pki.issue(`/CN=Signer with ${below}`, { issuer: one, kind: below, digest });
    const given = { leaf: signer, chain: [one], root: own };
    assert.equal(await judged(given), "verified", `${above} and ${below}`);
    assert.ok(pki.judge(given).holds, `openssl takes ${above} and ${below}`);
  }
});

test("a chain that a caller gives takes the place of one that a signature lacks", async () => {
  const lower = pki.issue("/O=Example/CN=Lower", { issuer: middle, extensions: ca });
  const deep = pki.issue("/O=Example/CN=Deep", { issuer: lower });
  const trusted = { roots: root.pem, intermediates: [lower.pem, middle.pem] };
  assert.equal(await outcome(bundle({ leaf: deep }), trusted), "verified");
  assert.equal(await outcome(simple({ leaf: deep, chain: [lower] }), trusted), "verified");
  const less = { roots: root.pem, intermediates: lower.pem };
  assert.match(
    await outcome(bundle({ leaf: deep }), less),
    /^invalid, certificate: .*leads to no given root/,
  );
});

test("among roots of one name, the one counts that holds", async () => {
  const renewed = pki.issue("/O=Example/CN=Root", { key: root });
  const old = pki.issue("/O=Example/CN=Root", { key: root, until: "20260201000000Z" });
  const others = pki.issue("/O=Example/CN=Root");
  const chain = [middle];
  for (const roots of [[old.pem, renewed.pem], [others.pem, old.pem + renewed.pem], renewed.der]) {
    assert.equal(await outcome(simple({ leaf, chain }), { roots }), "verified");
  }
  assert.match(
    await outcome(simple({ leaf, chain }), { roots: old.pem }),
    /`O=Example|CN=Root,O=Example` expired/,
  );
});

test("a certificate that does not lead to a given root does not count", async () => {
  const same = pki.issue("/O=Example/CN=Root");
  const other = pki.issue("/O=Other/CN=Root", { kind: "rsa" });
  const all = [
    {
      given: { leaf, chain: [middle], root: same },
      why: /a given root has the name of its issuer, but did not sign it/,
    },
    { given: { leaf, chain: [middle], root: other }, why: /is none of the given roots or intermediates/ },
    {
      given: { leaf, chain: [middle, root], root: other },
      why: /`CN=Root,O=Example` leads to no given root/,
    },
    { given: { leaf, root }, why: /`CN=Release,O=Example` leads to no given root/ },
    {
      given: { leaf: pki.issue("/CN=Own", { extensions: signing }) },
      why: /`CN=Own` leads to no given root/,
    },
  ];
  for (const { given, why } of all) {
    const came = await judged(given);
    assert.match(came, /^invalid, certificate: /);
    assert.match(came, why);
    assert.ok(!pki.judge({ root, ...given }).holds);
  }
});

test("a chain that is out of order, or of another certificate, is refused", async () => {
  const lower = pki.issue("/O=Example/CN=Lower", { issuer: middle, extensions: ca });
  const deep = pki.issue("/O=Example/CN=Deep", { issuer: lower });
  const namesake = pki.issue("/O=Example/CN=Lower", { issuer: middle, extensions: ca });
  const order =
    /^invalid, certificate: The chain is out of order, or of another certificate: its certificate \d, `.*`, did not issue/;
  for (const chain of [
    [middle, lower],
    [root, middle, lower],
    [lower, root, middle],
    [lower, middle, root, middle],
    [namesake, middle],
  ]) {
    assert.match(await judged({ leaf: deep, chain }), order);
  }
  assert.match(await judged({ leaf: deep, chain: [namesake, middle] }), /although it is named so/);
  assert.match(
    await judged({ leaf: deep, chain: [deep, lower, middle] }),
    /holds the signing certificate itself/,
  );
});

test("certificates that were signed in circles end the search", async () => {
  const one = pki.issue("/CN=One");
  const two = pki.issue("/CN=Two", { issuer: one, extensions: ca });
  const back = pki.issue("/CN=One", { issuer: two, extensions: ca, key: one });
  const signer = pki.issue("/CN=Circle", { issuer: one });
  const chain = [back, two, back, two, back];
  assert.match(await judged({ leaf: signer, chain }), /^invalid, certificate: .*leads to no given root/);
  const trusted = { roots: root.pem, intermediates: [back.pem, two.pem] };
  assert.match(
    await outcome(bundle({ leaf: signer }), trusted),
    /^invalid, certificate: .*leads to no given root/,
  );
});

test("CAs that all issued each other end the search, too", async () => {
  const first = pki.issue("/CN=Clique");
  const given = [first];
  for (let count = 0; count < 7; count++) {
    given.push(pki.issue("/CN=Clique", { issuer: first, extensions: ca, key: first }));
  }
  const signer = pki.issue("/CN=Below a clique", { issuer: first });
  const trusted = { roots: root.pem, intermediates: given.map(({ pem }) => pem) };
  assert.match(
    await outcome(bundle({ leaf: signer }), trusted),
    /^invalid, certificate: .*leads to no given root/,
  );
});

test("a certificate counts in its time, and so does each above it", async () => {
  const expired = { from: "20250101000000Z", until: "20260601000000Z" };
  const early = { from: "20260701000000Z", until: "20270101000000Z" };
  const is = {
    late: /`CN=T[^`]*` expired on 2026-06-01T00:00:00Z/,
    early: /`CN=T[^`]*` is not valid before 2026-07-01T00:00:00Z/,
  };
  for (const [times, why] of /** @type {const} */ ([
    [expired, is.late],
    [early, is.early],
  ])) {
    const own = pki.issue("/CN=T leaf", { issuer: middle, ...times });
    const between = pki.issue("/CN=T middle", { issuer: root, extensions: ca, ...times });
    const above = pki.issue("/CN=T root", times);
    const all = [
      { leaf: own, chain: [middle], root },
      { leaf: pki.issue("/CN=Below", { issuer: between }), chain: [between], root },
      { leaf: pki.issue("/CN=Below", { issuer: above }), chain: [], root: above },
    ];
    for (const given of all) {
      assert.match(await judged(given), why);
      assert.ok(!pki.judge(given).holds);
      assert.equal(
        await judged(given, { at: times === expired ? "2026-05-01T00:00:00+02:00" : new Date("2026-08-01") }),
        "verified",
      );
    }
  }
  const last = { leaf: pki.issue("/CN=T leaf", { issuer: middle, ...expired }), chain: [middle] };
  assert.equal(await judged(last, { at: "2026-06-01T00:00:00Z" }), "verified");
  assert.match(await judged(last, { at: "2026-06-01T00:00:01Z" }), is.late);
});

test("without `at`, a certificate has to be valid today", async () => {
  const past = pki.issue("/CN=Past", { issuer: root, from: "20200101000000Z", until: "20210101000000Z" });
  assert.match(await judged({ leaf: past }, { at: undefined }), /`CN=Past` expired on 2021-01-01T00:00:00Z/);
  const until = "20991231235959Z";
  const lasting = pki.issue("/CN=Lasting root", { from: "20200101000000Z", until });
  const signer = pki.issue("/CN=Lasting", { issuer: lasting, from: "20200101000000Z", until });
  assert.equal(await judged({ leaf: signer, root: lasting }, { at: undefined }), "verified");
});

test("a certificate that is not for code signing does not count", async () => {
  const no = ["basicConstraints=critical,CA:FALSE"];
  const all = [
    [[...no, "keyUsage=critical,digitalSignature"], /does not say what it is for/],
    [[], /does not say what it is for/],
    [[...no, "extendedKeyUsage=serverAuth,clientAuth"], /is only for other uses/],
    [[...no, "extendedKeyUsage=anyExtendedKeyUsage"], /is only for other uses/],
    [[...no, "extendedKeyUsage=critical,timeStamping"], /is only for other uses/],
    [
      [...no, "keyUsage=keyEncipherment", "extendedKeyUsage=codeSigning"],
      /key usage has no digitalSignature/,
    ],
    [
      [...no, "keyUsage=critical,nonRepudiation", "extendedKeyUsage=codeSigning"],
      /key usage has no digitalSignature/,
    ],
    [
      [
        "basicConstraints=critical,CA:TRUE",
        "keyUsage=digitalSignature,keyCertSign",
        "extendedKeyUsage=codeSigning",
      ],
      /is a CA's/,
    ],
  ];
  for (const [extensions, why] of /** @type {[string[], RegExp][]} */ (all)) {
    const own = pki.issue("/CN=Wrong use", { issuer: middle, extensions: [...extensions] });
    assert.match(await judged({ leaf: own, chain: [middle] }), why);
  }
  const bare = pki.issue("/CN=No key usage", {
    issuer: middle,
    extensions: [...no, "extendedKeyUsage=serverAuth,codeSigning"],
  });
  assert.equal(await judged({ leaf: bare, chain: [middle] }), "verified");
});

test("an issuer that may not issue does not", async () => {
  const all = [
    [["keyUsage=critical,keyCertSign"], /is no CA/],
    [["basicConstraints=critical,CA:FALSE", "keyUsage=digitalSignature"], /is no CA/],
    [[], /is no CA/],
    [signing, /is no CA/],
    [
      ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,cRLSign,digitalSignature"],
      /its key usage has no keyCertSign/,
    ],
    [[...ca, "extendedKeyUsage=serverAuth"], /may not issue certificates for code signing/],
  ];
  for (const [extensions, why] of /** @type {[string[], RegExp][]} */ (all)) {
    const between = pki.issue("/CN=Not allowed", { issuer: root, extensions: [...extensions] });
    const given = { leaf: pki.issue("/CN=Below", { issuer: between }), chain: [between], root };
    assert.match(await judged(given), why);
  }
  for (const extension of [
    "extendedKeyUsage=codeSigning,timeStamping",
    "extendedKeyUsage=anyExtendedKeyUsage",
  ]) {
    const between = pki.issue("/CN=Allowed", { issuer: root, extensions: [...ca, extension] });
    const given = { leaf: pki.issue("/CN=Below", { issuer: between }), chain: [between] };
    assert.equal(await judged(given), "verified");
  }
});

test("no more CAs stand between than one allows", async () => {
  const withLength = (/** @type {number} */ most) => [
    `basicConstraints=critical,CA:TRUE,pathlen:${most}`,
    "keyUsage=keyCertSign",
  ];
  for (const [most, isTaken] of /** @type {const} */ ([
    [0, false],
    [1, false],
    [2, true],
  ])) {
    const above = pki.issue("/CN=Long root", { extensions: withLength(most) });
    const one = pki.issue("/CN=One", { issuer: above, extensions: ca });
    const two = pki.issue("/CN=Two", { issuer: one, extensions: ca });
    const given = { leaf: pki.issue("/CN=Below", { issuer: two }), chain: [two, one], root: above };
    const came = await judged(given);
    if (isTaken) assert.equal(came, "verified");
    else assert.match(came, new RegExp(`allows ${most} CAs below it, and there are 2 \\(path length\\)`));
    assert.equal(pki.judge(given).holds, isTaken);
  }
  const zero = pki.issue("/CN=Zero", { issuer: root, extensions: withLength(0) });
  assert.equal(await judged({ leaf: pki.issue("/CN=Below", { issuer: zero }), chain: [zero] }), "verified");
});

test("a CA issues only for the names that it may, as openssl says", async () => {
  const all = /** @type {const} */ ([
    ["permitted;email:example.com", "email:a@example.com", true],
    ["permitted;email:example.com", "email:a@EXAMPLE.com", true],
    ["permitted;email:example.com", "email:a@sub.example.com", false],
    ["permitted;email:.example.com", "email:a@sub.example.com", true],
    ["permitted;email:.example.com", "email:a@notexample.com", false],
    ["permitted;email:example.com", "email:a@example.com.evil.example", false],
    ["permitted;email:a@example.com", "email:a@example.com", true],
    ["permitted;email:a@example.com", "email:b@example.com", false],
    ["permitted;email:example.com", "DNS:other.example", true],
    ["excluded;email:example.com", "email:a@example.com", false],
    ["excluded;email:example.com", "email:a@example.org", true],
    ["permitted;DNS:example.com", "DNS:a.example.com", true],
    ["permitted;DNS:example.com", "DNS:example.com", true],
    ["permitted;DNS:example.com", "DNS:notexample.com", false],
    ["excluded;DNS:example.com", "DNS:a.b.example.com", false],
    ["permitted;URI:.example.com", "URI:https://ci.example.com/team", true],
    ["permitted;URI:example.com", "URI:https://example.com:8443/team", true],
    ["permitted;URI:example.com", "URI:https://evil.example/example.com", false],
    ["permitted;URI:example.com", "URI:https://example.com.evil.example/", false],
    ["excluded;URI:example.com", "URI:https://example.com/x", false],
    ["permitted;dirName:within", "DNS:a", true],
    ["excluded;dirName:within", "DNS:a", false],
  ]);
  const within = ["[within]", "O=Example"];
  for (const [constraint, name, isTaken] of all) {
    const between = pki.issue("/CN=Constrained", {
      issuer: root,
      extensions: [...ca, `nameConstraints=critical,${constraint}`],
      more: within,
    });
    const signer = pki.issue("/O=Example/CN=Named", {
      issuer: between,
      extensions: [...signing, `subjectAltName=${name}`],
    });
    const given = { leaf: signer, chain: [between], root };
    const came = await judged(given);
    if (isTaken) assert.equal(came, "verified", `${constraint} ${name}`);
    else assert.match(came, /its name constraints exclude a name of it/, `${constraint} ${name}`);
    assert.equal(pki.judge(given).holds, isTaken, `openssl: ${constraint} ${name}`);
  }
  const other = { extensions: [...ca, "nameConstraints=critical,permitted;dirName:within"], more: within };
  const between = pki.issue("/CN=Constrained", { issuer: root, ...other });
  for (const subject of ["/CN=Named", "/O=Other/CN=Named", "/CN=Named/O=Example"]) {
    const given = { leaf: pki.issue(subject, { issuer: between }), chain: [between], root };
    assert.match(await judged(given), /its name constraints exclude/, subject);
    assert.ok(!pki.judge(given).holds, subject);
  }
  const mail = pki.issue("/CN=Mail only", {
    issuer: root,
    extensions: [...ca, "nameConstraints=critical,permitted;email:example.com"],
  });
  const old = {
    leaf: pki.issue("/CN=Named/emailAddress=a@evil.example", { issuer: mail }),
    chain: [mail],
    root,
  };
  assert.match(await judged(old), /its name constraints exclude/);
  assert.ok(!pki.judge(old).holds);
  const byNumber = pki.issue("/CN=By number", {
    issuer: root,
    extensions: [...ca, "nameConstraints=critical,permitted;IP:10.0.0.0/255.0.0.0"],
  });
  const numbered = pki.issue("/CN=Numbered", {
    issuer: byNumber,
    extensions: [...signing, "subjectAltName=IP:10.1.2.3"],
  });
  assert.match(await judged({ leaf: numbered, chain: [byNumber] }), /it constrains names of kind iPAddress/);
});

test("a critical extension that is not understood is not passed over", async () => {
  const strange = "1.2.3.4.5=critical,ASN1:UTF8String:must be understood";
  const policies = "policyConstraints=critical,requireExplicitPolicy:0";
  for (const extension of [strange, policies]) {
    const own = pki.issue("/CN=Strange", { issuer: middle, extensions: [...signing, extension] });
    const between = pki.issue("/CN=Strange CA", { issuer: root, extensions: [...ca, extension] });
    const below = pki.issue("/CN=Below", { issuer: between });
    for (const given of [
      { leaf: own, chain: [middle] },
      { leaf: below, chain: [between] },
    ]) {
      assert.match(await judged(given), /has the critical extension `[\d.]+`, which is not understood here/);
    }
  }
  const known = [
    "subjectKeyIdentifier=hash",
    "authorityKeyIdentifier=keyid",
    "1.2.3.4.5=ASN1:UTF8String:a note",
  ];
  const own = pki.issue("/CN=Known", {
    issuer: middle,
    extensions: [...signing, ...known, "certificatePolicies=1.2.3.4"],
  });
  assert.equal(await judged({ leaf: own, chain: [middle] }), "verified");
});

test("certificates signed with SHA-1, or with a short key, do not count", async () => {
  for (const kind of /** @type {const} */ (["rsa", "P-256"])) {
    const above = pki.issue("/CN=Old root", { kind });
    const own = pki.issue("/CN=Old", { issuer: above, digest: "sha1" });
    assert.match(
      await judged({ leaf: own, root: above }),
      /`CN=Old` is signed with SHA-1, which does not count/,
    );
  }
  const short = pki.issue("/CN=Short root", { kind: "rsa-1024" });
  const below = pki.issue("/CN=Below", { issuer: short });
  assert.match(
    await judged({ leaf: below, root: short }),
    /`CN=Short root` has an RSA key of 1024 bits only/,
  );
  const weak = pki.issue("/CN=Weak", { issuer: middle, kind: "rsa-1024" });
  assert.match(
    await judged({ leaf: weak, chain: [middle] }),
    /^invalid, certificate: The certificate's key cannot be used: /,
  );
  const modern = pki.issue("/CN=Edwards", { issuer: middle, kind: "ed25519" });
  const elsewhere = simple({ leaf: modern, chain: [middle], signer: leaf });
  assert.match(
    await outcome(elsewhere, { roots: root.pem }),
    /^invalid, certificate: The certificate's key cannot be used: /,
  );
});

test("it has to be the certificate that the caller names", async () => {
  const names =
    "subjectAltName=email:release@example.com,URI:https://ci.example.com/release,DNS:ci.example.com";
  const own = pki.issue("/C=FI/O=Example, Inc./CN=Release \\+ Co", {
    issuer: middle,
    extensions: [...signing, names],
  });
  const signature = simple({ leaf: own, chain: [middle] });
  const roots = root.pem;
  for (const identity of [
    "release@example.com",
    "https://ci.example.com/release",
    ["other", "ci.example.com"],
  ]) {
    assert.equal(await outcome(signature, { roots, identity }), "verified");
  }
  for (const identity of [
    "Release@example.com",
    "release@example.co",
    "example.com",
    "https://ci.example.com/",
    ["a", "b"],
  ]) {
    const came = await outcome(signature, { roots, identity });
    assert.match(
      came,
      /^invalid, certificate: .*has another identity than the required one: it has the mail address `release@example.com`, the URL `https/,
    );
  }
  assert.match(
    await outcome(simple({ leaf, chain: [middle] }), { roots, identity: "release@example.com" }),
    /it has none/,
  );
  const printed = String(
    pki.openssl("x509", "-in", own.file, "-noout", "-subject", "-nameopt", "RFC2253"),
  ).trim();
  const subject = printed.replace("subject=", "");
  assert.equal(subject, "CN=Release \\+ Co,O=Example\\, Inc.,C=FI");
  assert.equal(await outcome(signature, { roots, subject }), "verified");
  for (const wrong of ["CN=Release", "CN=Release \\+ Co", subject.toLowerCase()]) {
    assert.match(await outcome(signature, { roots, subject: wrong }), /not of the required subject/);
  }
});

test("where no certificate vouches for anything, a result says nothing of certificates", async () => {
  const { state, warnings } = await verified(simple({ leaf }), { roots: root.pem });
  assert.equal(state, "invalid");
  assert.equal(warnings, undefined);
});

test("a result says what no certificate proves", async () => {
  const { state, reason, warnings, signatures } = await verified(simple({ leaf, chain: [middle] }), {
    roots: root.pem,
  });
  assert.equal(state, "verified");
  assert.equal(reason, "Signed by the key of a certificate below a given root (1 of 1).");
  assert.match(
    warnings?.[0] ?? "",
    /valid at 2026-06-15T12:00:00Z\. Whether they were valid when the image was signed is unknown/,
  );
  assert.match(warnings?.[1] ?? "", /Each code-signing certificate below the given roots counts/);
  const byName = pki.issue("/O=Example/CN=Release", {
    issuer: middle,
    extensions: [...signing, "subjectAltName=email:release@example.com"],
  });
  for (const name of [{ subject: "CN=Release,O=Example" }, { identity: "release@example.com" }]) {
    const named = await verified(simple({ leaf: byName, chain: [middle] }), { roots: root.pem, ...name });
    assert.deepEqual([named.state, named.warnings?.length], ["verified", 1]);
  }
  const fingerprint = String(pki.openssl("x509", "-in", leaf.file, "-noout", "-fingerprint", "-sha256"));
  const { certificate } = signatures[0] ?? {};
  assert.equal(
    certificate?.fingerprint,
    `sha256:${fingerprint.split("=")[1]?.trim().replaceAll(":", "").toLowerCase()}`,
  );
  const serial = String(pki.openssl("x509", "-in", leaf.file, "-noout", "-serial"));
  assert.equal(certificate?.serialNumber, serial.split("=")[1]?.trim().toLowerCase());
  assert.deepEqual(certificate?.root.subject, "CN=Root,O=Example");
});

test("a time counts only as RFC 5280 writes it: down to the second, in UTC, of a day that there is", async () => {
  const own = pki.issue("/O=Example/CN=Timed", { issuer: root });
  const [utc, general] = [0x17, 0x18];
  const until = element(utc, Buffer.from("270101000000Z"));
  const from = element(utc, Buffer.from("260101000000Z"));
  /** @param {Buffer} begin @param {Buffer} end */
  const timed = (begin, end) =>
    judged({
      leaf: changed(own, root, (parts) => parts.with(4, sequence(begin, end))),
      root,
    });
  for (const [tag, text] of /** @type {const} */ ([
    [utc, "260101000000Z"],
    [general, "20260101000000Z"],
  ])) {
    assert.equal(await timed(element(tag, Buffer.from(text)), until), "verified", text);
  }
  assert.equal(await timed(from, element(general, Buffer.from("20500101000000Z"))), "verified");
  assert.match(
    await timed(element(utc, Buffer.from("260701000000Z")), until),
    /is not valid before 2026-07-01/,
  );
  for (const [tag, text] of /** @type {const} */ ([
    // Without its seconds it would have been valid since the year 1899.
    [utc, "2607010000Z"],
    [utc, "260701000000+0000"],
    [utc, "261301000000Z"],
    [utc, "260230000000Z"],
    [utc, "260101240000Z"],
    [utc, "x260101000000Z"],
    [utc, "260101000000Z0"],
    [utc, "260101000000z"],
    [utc, "20260101000000Z"],
    [general, "260101000000Z"],
    [utc, ""],
    [general, "2026010100Z"],
    [general, "202601010000Z"],
    [general, "20260101000000.5Z"],
    [general, "20260101000000"],
    [general, "20260101000000+0000"],
    [general, "20260230000000Z"],
  ])) {
    const time = element(tag, Buffer.from(text));
    for (const came of [await timed(time, until), await timed(from, time)])
      assert.match(came, /^invalid, certificate: The certificate is damaged/, text);
  }
});
