// Which packages do the SBOMs of two images name, in each format and at each place?
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { compareImages } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import {
  bytesOf,
  descriptorOf,
  hold,
  holdIndex,
  holdManifest,
  inFake,
  only,
  types,
} from "../support/changing.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { dpkgStatus, holdLayers, linesOf } from "../support/layers.js";

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let fake;
/** @type {ReturnType<typeof inFake>} */
let there;
beforeEach(async () => {
  fake = await fakeRegistry();
  there = inFake(fake);
});
afterEach(() => fake.close());

/** @typedef {[name: string, version: string, licence?: string]} Named */
/** @typedef {{ name: string, type: string, predicate: string, of: (packages: Named[]) => any }} Format */

const spdx2 = (/** @type {Named[]} */ packages) => ({
  spdxVersion: "SPDX-2.3",
  SPDXID: "SPDXRef-DOCUMENT",
  name: "an image",
  files: [{ fileName: "x", checksums: [{ algorithm: "SHA1", checksumValue: "0" }] }],
  packages: [
    {
      SPDXID: "SPDXRef-DocumentRoot-Image-app",
      name: "app",
      versionInfo: String(Math.random()),
      primaryPackagePurpose: "CONTAINER",
    },
    ...packages.map(([name, versionInfo, licence]) => ({
      SPDXID: `SPDXRef-${name}`,
      name,
      versionInfo,
      licenseConcluded: "NOASSERTION",
      licenseDeclared: licence ?? "NONE",
      externalRefs: [
        { referenceCategory: "SECURITY", referenceType: "cpe23Type", referenceLocator: "cpe:2.3:a" },
        {
          referenceCategory: "PACKAGE-MANAGER",
          referenceType: "purl",
          referenceLocator: `pkg:deb/debian/${name}@${versionInfo}`,
        },
      ],
    })),
  ],
});
const spdx3 = (/** @type {Named[]} */ packages) => ({
  "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
  "@graph": [
    { type: "CreationInfo", "@id": "_:c", specVersion: "3.0.1", created: "2026-01-01T00:00:00Z" },
    { type: "SpdxDocument", spdxId: "urn:doc", rootElement: ["urn:image"] },
    {
      type: "software_Package",
      spdxId: "urn:image",
      name: "app",
      software_packageUrl: "pkg:oci/app@sha256:0",
    },
    ...packages.flatMap(([name, version, licence]) => [
      {
        type: "software_Package",
        spdxId: `urn:${name}`,
        name,
        software_packageVersion: version,
        software_packageUrl: `pkg:deb/debian/${name}@${version}`,
      },
      ...(licence
        ? [
            {
              type: "Relationship",
              spdxId: `urn:r${name}`,
              from: `urn:${name}`,
              relationshipType: "hasDeclaredLicense",
              to: [`urn:l${name}`],
            },
            {
              type: "simplelicensing_LicenseExpression",
              spdxId: `urn:l${name}`,
              simplelicensing_licenseExpression: licence,
            },
          ]
        : []),
    ]),
  ],
});
const cyclonedx = (/** @type {string} */ specVersion) => (/** @type {Named[]} */ packages) => ({
  bomFormat: "CycloneDX",
  specVersion,
  version: 1,
  metadata: { component: { type: "container", name: "app", version: "sha256:0" } },
  components: [
    { type: "file", name: "/etc/passwd" },
    ...packages.map(([name, version, licence]) => ({
      type: "library",
      name,
      version,
      purl: `pkg:deb/debian/${name}@${version}`,
      ...(licence && { licenses: [{ license: { id: licence } }] }),
    })),
  ],
});
const spdxPredicate = "https://spdx.dev/Document";
const cyclonedxPredicate = "https://cyclonedx.org/bom";
/** @type {Format[]} */
const formats = [
  { name: "spdx 2.3", type: "application/spdx+json", predicate: spdxPredicate, of: spdx2 },
  { name: "spdx 3.0.1", type: "application/spdx+json", predicate: spdxPredicate, of: spdx3 },
  ...["1.4", "1.5", "1.6"].map((version) => ({
    name: `cyclonedx ${version}`,
    type: "application/vnd.cyclonedx+json",
    predicate: cyclonedxPredicate,
    of: cyclonedx(version),
  })),
];
const [spdx] = /** @type {[Format]} */ (formats);

/** What is no text, and says that it becomes none. */
const noText = { toString: 1, valueOf: 1 };

const numbered = (/** @type {number} */ count) => Array.from({ length: count }, (_, at) => `l${at}`);

/** Packages of these ids, each with all of these licences. @param {string[]} ids @param {string[]} licences */
const linking = (ids, licences) => ({
  "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
  "@graph": [
    ...ids.map((spdxId) => ({ type: "software_Package", spdxId, name: "p" })),
    ...[...new Set(ids)].map((from) => ({
      ...{ type: "Relationship", from, relationshipType: "hasDeclaredLicense", to: licences },
    })),
    ...[...new Set(licences)].map((spdxId) => ({
      ...{ type: "simplelicensing_LicenseExpression", spdxId },
      simplelicensing_licenseExpression: spdxId,
    })),
  ],
});

/** An image, which each time is another. @param {string} name */
const image = (name) => hold(there, { layers: [name] });
/** @param {string} digest */
const subjectOf = (digest) => [{ name: "pkg:docker/app", digest: { sha256: digest.slice(7) } }];
/** @param {string} digest @param {Format} format @param {unknown} predicate */
const statementOf = (digest, { predicate: predicateType }, predicate, more = {}) => ({
  _type: "https://in-toto.io/Statement/v0.1",
  predicateType,
  subject: subjectOf(digest),
  predicate,
  ...more,
});
const envelopeOf = (/** @type {unknown} */ statement) => ({
  payloadType: "application/vnd.in-toto+json",
  payload: bytesOf(statement).toString("base64"),
  signatures: [{ sig: "" }],
});

/** Pushes a manifest with one blob. @param {Buffer} blob @param {string} mediaType @param {any} [more] */
async function holdArtifact(blob, mediaType, { layer = {}, ...more } = {}) {
  there.blob(blob);
  there.blob(Buffer.from("{}"));
  const manifest = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: descriptorOf(Buffer.from("{}"), "application/vnd.oci.empty.v1+json"),
    layers: [{ ...descriptorOf(blob, mediaType), ...layer }],
    ...more,
  };
  const bytes = bytesOf(manifest);
  const { descriptor } = await holdManifest(there, bytes, types.manifest);
  return { bytes, descriptor };
}

/** @type {Record<string, (digest: string, document: unknown, format: Format) => Promise<void>>} */
const ways = {
  async referrer(digest, document, format) {
    const subject = { mediaType: types.manifest, digest, size: 1 };
    const { descriptor } = await holdArtifact(bytesOf(document), format.type, {
      artifactType: format.type,
      subject,
    });
    refer(digest, [{ ...descriptor, artifactType: format.type }]);
  },
  async fallbackTag(digest, document, format) {
    const subject = { mediaType: types.manifest, digest, size: 1 };
    const { descriptor } = await holdArtifact(bytesOf(document), format.type, {
      artifactType: format.type,
      subject,
    });
    const index = bytesOf({
      schemaVersion: 2,
      mediaType: types.index,
      manifests: [{ ...descriptor, artifactType: format.type }],
    });
    fake.manifest("team/app", index, digest.replace(":", "-"), types.index);
  },
  async attestation(digest, document, format) {
    const blob = bytesOf(envelopeOf(statementOf(digest, format, document)));
    const layer = { annotations: { predicateType: format.predicate } };
    const { bytes } = await holdArtifact(blob, "application/vnd.dsse.envelope.v1+json", { layer });
    fake.manifest("team/app", bytes, `${digest.replace(":", "-")}.att`);
  },
  async attestationOfOldCosign(digest, document, format) {
    const predicate = { Data: JSON.stringify(document), Timestamp: "2026-01-01T00:00:00Z" };
    await ways.attestationOf?.(digest, predicate, format);
  },
  async attestationOfOldCosignAsObject(digest, document, format) {
    await ways.attestationOf?.(digest, { Data: document }, format);
  },
  async attestationOf(digest, predicate, format) {
    const blob = bytesOf(envelopeOf(statementOf(digest, format, predicate)));
    const { bytes } = await holdArtifact(blob, "application/vnd.dsse.envelope.v1+json");
    fake.manifest("team/app", bytes, `${digest.replace(":", "-")}.att`);
  },
  async signedByDocker(digest, document, format) {
    const type = "application/vnd.in-toto.spdx+dsse";
    const subject = { mediaType: types.manifest, digest, size: 1 };
    const blob = bytesOf(envelopeOf(statementOf(digest, format, document)));
    const layer = { annotations: { "in-toto.io/predicate-type": format.predicate } };
    const { descriptor } = await holdArtifact(blob, type, { artifactType: type, subject, layer });
    refer(digest, [{ ...descriptor, artifactType: type }]);
  },
  async bundle(digest, document, format) {
    const type = "application/vnd.dev.sigstore.bundle.v0.3+json";
    const bundle = {
      mediaType: type,
      verificationMaterial: {},
      dsseEnvelope: envelopeOf(statementOf(digest, format, document)),
    };
    const subject = { mediaType: types.manifest, digest, size: 1 };
    const annotations = { "dev.sigstore.bundle.predicateType": format.predicate };
    const { descriptor } = await holdArtifact(bytesOf(bundle), type, {
      artifactType: type,
      subject,
      annotations,
    });
    refer(digest, [{ ...descriptor, artifactType: type, annotations }]);
  },
};
const refer = (/** @type {string} */ digest, /** @type {any[]} */ manifests) =>
  fake.referrers("team/app", digest, { schemaVersion: 2, mediaType: types.index, manifests });

/** @type {Named[]} */
const was = [
  ["libc6", "2.36", "LGPL-2.1"],
  ["openssl", "3.0.1", "Apache-2.0"],
  ["tzdata", "2024a"],
];
/** @type {Named[]} */
const is = [
  ["libc6", "2.36", "LGPL-2.1"],
  ["openssl", "3.0.2", "Apache-2.0"],
  ["curl", "8.1", "curl"],
];
const lines = ["+ curl 8.1", "openssl 3.0.1 → 3.0.2", "- tzdata 2024a"];

/** Two images with documents, and what is told. @param {(digest: string, packages: Named[]) => Promise<void>} attach @param {import("ocisign").CompareOptions} [options] */
async function compared(attach, options) {
  const [old, now] = [await image("old"), await image("now")];
  await attach(old.descriptor.digest, was);
  await attach(now.descriptor.digest, is);
  const { packages } = only(await compareImages(old.reference, now.reference, options));
  return packages;
}

for (const [way, attach] of Object.entries(ways)) {
  if (way === "attestationOf") continue;
  for (const format of formats) {
    test(`${format.name}, as ${way}`, async () => {
      const packages = await compared((digest, packages) => attach(digest, format.of(packages), format));
      assert.deepEqual(linesOf(packages), lines);
      assert.ok(packages.state === "compared");
      assert.equal(packages.same, 1);
      const [added] = packages.changes;
      assert.ok(added?.state === "added");
      assert.deepEqual(added.after, { name: "curl", version: "8.1", kind: "deb", licences: ["curl"] });
      const [source] = packages.after;
      assert.ok(source?.from === "sbom");
      const place = { referrer: "referrer", fallbackTag: "referrer" }[way] ?? "attestation";
      assert.deepEqual([`${source.format} ${source.version}`, source.place], [format.name, place]);
    });
  }
}

test("BuildKit's, in the index, for each platform its own", async () => {
  /** @param {string} name @param {Record<string, Named[]>} lists */
  const index = async (name, lists) => {
    /** @type {Record<string, { descriptor: any }>} */
    const images = {};
    const attestations = [];
    for (const [platform, packages] of Object.entries(lists)) {
      const it = await image(`${name} ${platform}`);
      images[platform] = it;
      const { digest } = it.descriptor;
      const statement = bytesOf(statementOf(digest, spdx, spdx2(packages)));
      const layer = { annotations: { "in-toto.io/predicate-type": spdxPredicate } };
      const { descriptor } = await holdArtifact(statement, "application/vnd.in-toto+json", { layer });
      attestations.push({
        ...descriptor,
        platform: { os: "unknown", architecture: "unknown" },
        annotations: {
          "vnd.docker.reference.type": "attestation-manifest",
          "vnd.docker.reference.digest": digest,
        },
      });
    }
    return holdIndex(there, images, attestations);
  };
  const old = await index("old", { "linux/amd64": was, "linux/arm64": [["a", "1"]] });
  const now = await index("now", { "linux/amd64": is, "linux/arm64": [["a", "2"]] });
  const { platforms } = await compareImages(old.reference, now.reference);
  const told = platforms.map((change) => (change.state === "same" ? linesOf(change.value.packages) : []));
  assert.deepEqual(told, [lines, ["a 1 → 2"]]);
});

test("one of another image is none of this one", async () => {
  const other = `sha256:${"0".repeat(64)}`;
  for (const attach of [
    async (/** @type {string} */ digest) => {
      const blob = bytesOf(envelopeOf(statementOf(other, spdx, spdx2(was))));
      const { bytes } = await holdArtifact(blob, "application/vnd.dsse.envelope.v1+json");
      fake.manifest("team/app", bytes, `${digest.replace(":", "-")}.att`);
    },
    async (/** @type {string} */ digest) => {
      const subject = { mediaType: types.manifest, digest: other, size: 1 };
      const { descriptor } = await holdArtifact(bytesOf(spdx2(was)), spdx.type, {
        artifactType: spdx.type,
        subject,
      });
      refer(digest, [{ ...descriptor, artifactType: spdx.type }]);
    },
  ]) {
    const packages = await compared(attach);
    assert.ok(packages.state === "unknown");
    assert.match(packages.error.message, /another image/);
  }
});

test("what is none, or of a version that is not read, is told", async () => {
  const deep = "[".repeat(100_000);
  const text = (/** @type {string} */ json) => Buffer.from(json);
  for (const [document, said] of /** @type {const} */ ([
    [text("no JSON"), /is damaged: it is not JSON/],
    [text(""), /not JSON/],
    [text('{"packages": [}'), /not JSON/],
    [text('{"a": tru}'), /not JSON/],
    [text('{"a": "\\x"}'), /not JSON/],
    [text('{"a": 01}'), /not JSON/],
    [text('{"a": 1} {}'), /not JSON/],
    [text(`{"files": ${deep}`), /nested too deeply/],
    [text(`{"packages": ${deep}`), /nested too deeply/],
    [text('{"spdxVersion": "SPDX-2.3", "packages": [], "packages": []}'), /`packages` twice/],
    [text("{}"), /neither SPDX nor CycloneDX/],
    [text("[]"), /neither SPDX nor CycloneDX/],
    [bytesOf({ ...spdx2(was), bomFormat: "CycloneDX" }), /of two formats/],
    [bytesOf({ ...spdx2(was), spdxVersion: "SPDX-2.1" }), /of the format `SPDX-2.1`/],
    [bytesOf({ ...cyclonedx("1.6")(was), specVersion: "1.3" }), /of the format `CycloneDX 1.3`/],
    [bytesOf({ ...spdx3(was), "@context": "https://spdx.org/rdf/9.0/x" }), /of the format/],
    [bytesOf({ ...spdx2([]), packages: [{ versionInfo: "1" }] }), /package without a name/],
    [bytesOf({ ...spdx2([]), packages: [{ name: "a", versionInfo: 1 }] }), /`versionInfo` is no text/],
    [bytesOf({ ...cyclonedx("1.6")(was), specVersion: noText }), /of the format `CycloneDX \{"toString/],
    [bytesOf({ ...spdx2(was), spdxVersion: noText }), /of the format `\{"toString/],
    [bytesOf({ ...cyclonedx("1.6")(was), bomFormat: noText }), /of the format `\{"toString/],
    [bytesOf({ ...spdx3(was), "@context": noText }), /of the format `\{"toString/],
    [bytesOf(linking(["a"], Array(240_000).fill("l"))), /more than 200000 licences/],
    [bytesOf(linking(Array(3000).fill("a"), numbered(100))), /more than 200000 licences/],
    [bytesOf({ ...spdx2([]), packages: [{ name: "a".repeat(3000) }] }), /of 3000 characters/],
    [
      bytesOf({ ...spdx2([]), packages: [{ name: "a", comment: "c".repeat(2 ** 20) }] }),
      /at most 1048576 are read/,
    ],
    [
      Buffer.concat([
        text('{"spdxVersion": "SPDX-2.3", "packages": [{"name": "'),
        Buffer.from([0xff]),
        text('"}]}'),
      ]),
      /not UTF-8/,
    ],
  ])) {
    const packages = await compared(async (digest) => {
      const subject = { mediaType: types.manifest, digest, size: 1 };
      const { descriptor } = await holdArtifact(/** @type {Buffer} */ (document), spdx.type, {
        artifactType: spdx.type,
        subject,
      });
      refer(digest, [{ ...descriptor, artifactType: spdx.type }]);
    });
    assert.ok(packages.state === "unknown", document.toString().slice(0, 100));
    assert.match(packages.error.message, said);
    assert.match(packages.error.message, /^[ -~…]{1,900}$/);
  }
});

test("a statement whose fields are no texts is told, and is no mistake of ours", async () => {
  for (const [change, said] of /** @type {[(digest: string) => object, RegExp][]} */ ([
    [() => ({ payloadType: noText }), /holds `\{"toString":1/],
    [() => ({ payloadType: undefined }), /holds `undefined`/],
    [
      (digest) => {
        const subject = [{ digest: { sha256: noText } }];
        return envelopeOf(statementOf(digest, spdx, spdx2(was), { subject }));
      },
      /of another image, of none/,
    ],
  ])) {
    const packages = await compared(async (digest) => {
      const blob = bytesOf({ ...envelopeOf(statementOf(digest, spdx, spdx2(was))), ...change(digest) });
      const { bytes } = await holdArtifact(blob, "application/vnd.dsse.envelope.v1+json");
      fake.manifest("team/app", bytes, `${digest.replace(":", "-")}.att`);
    });
    assert.ok(packages.state === "unknown");
    assert.match(packages.error.message, said);
  }
});

test("a component of more licences than a function takes arguments", async () => {
  const format = /** @type {Format} */ (formats[4]);
  const many = Array(300_000).fill({});
  const packages = await compared((digest, packages) => {
    const document = format.of(packages);
    const [file, ...components] = document.components;
    const all = [file, ...components.map((one, at) => (at === 0 ? { ...one, licenses: many } : one))];
    return ways.referrer?.(digest, { ...document, components: all }, format) ?? assert.fail();
  });
  assert.deepEqual(linesOf(packages), lines);
});

test("another attestation beside it, or a damaged one, hides none", async () => {
  const packages = await compared(async (digest, packages) => {
    const provenance = { ...spdx, predicate: "https://slsa.dev/provenance/v1" };
    const statements = [
      statementOf(digest, provenance, { buildDefinition: {} }),
      statementOf(`sha256:${"1".repeat(64)}`, spdx, spdx2([["evil", "1"]])),
      statementOf(digest, spdx, spdx2(packages)),
    ];
    const blobs = [...statements.map((it) => bytesOf(envelopeOf(it))), Buffer.from("no envelope")];
    for (const blob of blobs) there.blob(blob);
    const layers = blobs.map((blob) => descriptorOf(blob, "application/vnd.dsse.envelope.v1+json"));
    const { bytes } = await holdArtifact(Buffer.from("{}"), "x/y", { layers });
    fake.manifest("team/app", bytes, `${digest.replace(":", "-")}.att`);
  });
  assert.deepEqual(linesOf(packages), lines);
});

test("the blob of an SBOM is not what its digest says", async () => {
  const packages = await compared(async (digest, packages) => {
    const document = spdx2(packages);
    await ways.referrer?.(digest, document, spdx);
    fake.answer(`GET /v2/team/app/blobs/${digestOf(bytesOf(document))}`, (_, reply) =>
      reply.end("something else"),
    );
  });
  assert.ok(packages.state === "unknown");
  assert.match(packages.error.message, /sent something else than sha256:[0-9a-f]{64}, or not all of it/);
});

test("both formats on one side: what both have is compared", async () => {
  const [old, now] = [await image("old"), await image("now")];
  await ways.attestation?.(old.descriptor.digest, spdx2([["other", "9"]]), spdx);
  const cyclone = /** @type {Format} */ (formats[2]);
  await ways.referrer?.(old.descriptor.digest, cyclone.of(was), cyclone);
  await ways.referrer?.(now.descriptor.digest, cyclone.of(is), cyclone);
  const { packages } = only(await compareImages(old.reference, now.reference));
  assert.deepEqual(linesOf(packages), lines);
});

test("only one image has one: unknown, or the databases, where they may be read", async () => {
  const layer = (/** @type {Named[]} */ packages) => [
    { name: "var/lib/dpkg/status", content: dpkgStatus(packages.map(([name, version]) => [name, version])) },
  ];
  const [old, now] = [await holdLayers(there, [layer(was)]), await holdLayers(there, [layer(is)])];
  await ways.attestation?.(old.descriptor.digest, spdx2(was), spdx);
  const { packages } = only(await compareImages(old.reference, now.reference));
  assert.ok(packages.state === "unknown" && packages.error.code === "not-found");
  assert.ok(packages.error.message.includes(now.descriptor.digest));
  const { packages: read } = only(await compareImages(old.reference, now.reference, { packages: "layers" }));
  assert.deepEqual(linesOf(read), lines);
  assert.ok(read.state === "compared" && read.before[0]?.from === "database");
});

test("no list at all", async () => {
  assert.deepEqual(await compared(async () => {}), { state: "none" });
});

test("several of one name are told apart", async () => {
  const [old, now] = [await image("old"), await image("now")];
  await ways.attestation?.(
    old.descriptor.digest,
    spdx2([
      ["lib", "1"],
      ["lib", "2"],
      ["x", "1", "MIT"],
    ]),
    spdx,
  );
  await ways.attestation?.(
    now.descriptor.digest,
    spdx2([
      ["lib", "2"],
      ["lib", "3"],
      ["lib", "4"],
      ["x", "1", "ISC"],
    ]),
    spdx,
  );
  const { packages } = only(await compareImages(old.reference, now.reference));
  assert.deepEqual(linesOf(packages), ["- lib 1", "+ lib 3", "+ lib 4", "x 1 → 1"]);
});
