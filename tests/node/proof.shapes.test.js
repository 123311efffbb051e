// Which fields are read strictly, at which depth: another spelling of each is refused there, as Go's readers would take it
// for the field. The names are those of the specifications.
import assert from "node:assert/strict";
import { test } from "node:test";
import { importLibrary } from "../support/source.js";

const read = await importLibrary(["pkg/src/strict/json.ts", "pkg/src/strict/shapes.ts"]);

const descriptor = "mediaType digest size urls annotations data artifactType platform";
const platform = "architecture os os.version os.features variant features";
const envelope = { "": "payload payloadType signatures", signatures: "sig keyid" };

/** The fields of each structure, by where it stands. @param {string[]} places @returns {Record<string, string>} */
const descriptorsAt = (...places) =>
  Object.fromEntries(
    places.flatMap((it) => [
      [it, descriptor],
      [`${it}/platform`, platform],
    ]),
  );

/** @type {Record<string, Record<string, string>>} */
const shapes = {
  // OCI image specification 1.1, "Image Manifest", "Image Index"; docker's schema 1.
  manifestShape: {
    "": "schemaVersion mediaType artifactType config layers manifests blobs subject annotations fsLayers history signatures",
    ...descriptorsAt("config", "layers", "manifests", "blobs", "subject"),
    fsLayers: "blobSum",
    history: "v1Compatibility",
  },
  // "Image Configuration", with docker's fields.
  configShape: {
    "": "created author architecture os os.version os.features variant config rootfs history",
    config:
      "User ExposedPorts Env Entrypoint Cmd Volumes WorkingDir Labels StopSignal ArgsEscaped " +
      "Memory MemorySwap CpuShares Healthcheck OnBuild Shell",
    rootfs: "type diff_ids",
    history: "created author created_by comment empty_layer",
  },
  payloadShape: {
    "": "critical optional",
    critical: "identity image type",
    "critical/identity": "docker-reference",
    "critical/image": "docker-manifest-digest",
  },
  envelopeShape: envelope,
  // sigstore/protobuf-specs, sigstore_bundle.proto, as Protobuf's JSON writes it.
  bundleShape: {
    "": "mediaType verificationMaterial dsseEnvelope messageSignature",
    verificationMaterial: "publicKey certificate x509CertificateChain tlogEntries timestampVerificationData",
    "verificationMaterial/certificate": "rawBytes",
    "verificationMaterial/x509CertificateChain": "certificates",
    "verificationMaterial/x509CertificateChain/certificates": "rawBytes",
    dsseEnvelope: envelope[""],
    "dsseEnvelope/signatures": envelope.signatures,
  },
  // in-toto attestation framework 1, "Statement" and "ResourceDescriptor".
  statementShape: {
    "": "_type subject predicateType predicate",
    subject: "name uri digest content downloadLocation mediaType annotations",
  },
  // OCI distribution specification, "Error Codes"; the token specification of docker's registry.
  errorsShape: { "": "errors", errors: "code message detail" },
  tokenShape: { "": "token access_token expires_in issued_at refresh_token" },
  proofShape: {
    "": "mediaType version reference manifests signatures blobs keys checksum",
    manifests: "digest mediaType content",
    signatures: "image places digest mediaType content",
    blobs: "digest content",
  },
};

/** In the other case, as far as a letter has one. @param {string} name */
const turned = (name) =>
  [...name].map((it) => (it === it.toUpperCase() ? it.toLowerCase() : it.toUpperCase())).join("");

/** @param {string} place @param {object} inside @returns {object} what stands there in lists, and in structures */
const at = (place, inside) =>
  place === "" ? inside : place.split("/").reduceRight((value, name) => ({ [name]: [value] }), inside);

for (const [shape, places] of Object.entries(shapes)) {
  for (const [place, names] of Object.entries(places)) {
    test(`${shape}, ${place || "the whole"}: another spelling of ${names} is refused`, () => {
      const parse = (/** @type {object} */ value) =>
        read.parseStrictly(new Uint8Array(Buffer.from(JSON.stringify(value))), "It", read[shape]);
      for (const name of names.split(" ")) {
        assert.doesNotThrow(() => parse(at(place, { [name]: "x" })), name);
        const message = `It has the field \`${turned(name)}\`, which other readers take for \`${name}\`.`;
        assert.throws(() => parse(at(place, { [turned(name)]: "x" })), { message });
      }
      // What is not known may be called anything.
      assert.doesNotThrow(() => parse(at(place, { "X-Other": 1, "x-other": 2 })));
    });
  }
}
