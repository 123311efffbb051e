// What is sent to a service and read from it: artifact URIs, requests, products, statuses, registries and keys.
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import {
  buildProduct,
  buildSigningRequest,
  checkRegistry,
  decodeArtifactUri,
  decodeStatus,
  encodeArtifactUri,
  parseReference,
  publicKey,
} from "ocisign";
import * as plain from "../contenders/plain-wire.js";
import { same } from "../lib/right.js";

const image = `656666598317.dkr.ecr.eu-west-1.amazonaws.com/test@sha256:${"3fbc".repeat(16)}`;
const uri = Buffer.from(image).toString("base64");
const group = "b716abb1-2e3b-47a9-bca5-a3669faa50a6";
const definition = {
  name: "OCI SIGN",
  registry: "656666598317.dkr.ecr.eu-west-1.amazonaws.com",
  allowedGroups: [group],
  approvalGroups: [group, "f65a3ea9-60db-47a4-9ad8-c6915735ec5f"],
};
const spki = generateKeyPairSync("rsa", { modulusLength: 4096 })
  .publicKey.export({ type: "spki", format: "der" })
  .toString("base64");
/** @type {import("ocisign").Profile} */
const profile = {
  statuses: { 1: "new", 2: "waiting", 4: "approved", 8: "signing", 32: "rejected", 64: "failed" },
};

/** @type {import("../lib/topic.js").Topic} */
export const topic = {
  name: "wire",
  title: "What goes to the service and comes from it",
  async cases() {
    const product = { id: "p", ...buildProduct(definition) };
    const [operation] = product.productOperations;
    // As the service shows it, which says less of a rule than its definition does.
    const stored = /** @type {any} */ ({
      ...product,
      productOperations: [{ ...operation, id: "o", token: { ...operation.token, publicKey: spki } }],
    });
    const byIds = { productId: "p", operationId: "o", artifact: image, description: "Release" };
    const byProduct = { product: stored, artifact: image, description: "Release" };
    const reference = parseReference(image);
    return [
      pair(
        "encode an artifact URI",
        () => encodeArtifactUri(image),
        () => plain.encodeArtifactUri(image),
        1,
      ),
      pair(
        "decode an artifact URI",
        () => decodeArtifactUri(uri),
        () => plain.decodeArtifactUri(uri),
        1,
      ),
      pair(
        "build a request by ids",
        () => buildSigningRequest(byIds),
        () => plain.buildRequest(byIds),
        0.5,
      ),
      pair(
        "build a request by product",
        () => buildSigningRequest(byProduct),
        () => plain.buildRequest(byProduct),
        0.5,
      ),
      pair(
        "build a product",
        () => buildProduct(definition),
        () => plain.buildProduct(definition),
        0.2,
      ),
      pair(
        "decode a status",
        () => decodeStatus(16),
        () => plain.decodeStatus(16),
        0.3,
      ),
      pair(
        "decode a status by a profile",
        () => decodeStatus(32, profile),
        () => plain.decodeStatus(32, profile),
        0.5,
      ),
      pair(
        "check a registry",
        () => checkRegistry(reference, stored),
        () => plain.checkRegistry(reference, stored),
        0.3,
      ),
      {
        what: "read a product's key",
        ours: { name: "publicKey", run: () => publicKey(stored) },
        beside: [
          {
            name: "node:crypto",
            run: () => createPublicKey({ key: Buffer.from(spki, "base64"), format: "der", type: "spki" }),
            aim: 2,
          },
        ],
      },
    ];
  },
};

/**
 * The package's function beside a plain one, which has to give the same.
 *
 * @param {string} what @param {() => unknown} ours @param {() => unknown} theirs @param {number} aim
 */
function pair(what, ours, theirs, aim) {
  same(what, ours(), theirs());
  return {
    what,
    ours: { name: "ocisign", run: ours },
    beside: [{ name: "plain JavaScript", run: theirs, aim }],
  };
}
