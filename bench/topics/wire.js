// What is sent to a service and read from it: artifact URIs, requests, products, statuses, registries and keys. Each in
// three sizes, so that it shows how cost grows.
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
import {
  definitionOf,
  detailsOf,
  image,
  oddCalls,
  productOf,
  profileOf,
  requestByIds,
  sameVerdict,
} from "../lib/wire-inputs.js";

const uri = Buffer.from(image).toString("base64");
const spki = generateKeyPairSync("rsa", { modulusLength: 4096 })
  .publicKey.export({ type: "spki", format: "der" })
  .toString("base64");

/** How many calls a run makes: one alone takes less time than a clock tells. */
const calls = 100;

/** @type {import("../lib/topic.js").Topic} */
export const topic = {
  name: "wire",
  title: "What goes to the service and comes from it",
  async cases() {
    const ours = { buildProduct, buildSigningRequest, checkRegistry, decodeStatus };
    const theirs = { ...plain, buildSigningRequest: plain.buildRequest };
    for (const call of oddCalls()) sameVerdict(/** @type {any} */ (ours), theirs, call);
    return [
      ...uris(),
      ...[0, 10, 100].map((metadata) =>
        pair(
          `a request by ids, ${metadata} metadata`,
          requestByIds(metadata),
          (/** @type {any} */ given) => buildSigningRequest(given),
          plain.buildRequest,
          0.5,
        ),
      ),
      ...[1, 10, 100].map((operations) =>
        pair(
          `a request by product, ${operations} operations`,
          { ...detailsOf(0), product: productOf(operations, spki) },
          (/** @type {any} */ given) => buildSigningRequest(given),
          plain.buildRequest,
          0.5,
        ),
      ),
      ...[1, 10, 100].map((groups) =>
        pair(`a product, ${groups} groups`, definitionOf(groups), buildProduct, plain.buildProduct, 0.2),
      ),
      pair("a status", 16, (/** @type {any} */ code) => decodeStatus(code), plain.decodeStatus, 0.3),
      ...[10, 100, 1000].map((statuses) =>
        pair(
          `a status by a profile of ${statuses}`,
          profileOf(statuses),
          (/** @type {any} */ profile) => decodeStatus(105, profile),
          (profile) => plain.decodeStatus(105, profile),
          0.5,
        ),
      ),
      ...[1, 10, 100].map(registryCase),
      ...[1, 10, 100].map(keyCase),
    ];
  },
};

function uris() {
  return [
    pair("encode an artifact URI", image, encodeArtifactUri, plain.encodeArtifactUri, 1),
    pair("decode an artifact URI", uri, decodeArtifactUri, plain.decodeArtifactUri, 1),
  ];
}

/** @param {number} operations */
function registryCase(operations) {
  const [ours, theirs] = [parseReference(image), plain.parseReference(image)];
  return pair(
    `check a registry, ${operations} operations`,
    /** @type {any} */ (productOf(operations, spki)),
    (product) => checkRegistry(ours, product),
    (product) => plain.checkRegistry(theirs, product),
    0.3,
  );
}

/** @param {number} operations */
function keyCase(operations) {
  const product = /** @type {any} */ (productOf(operations, spki));
  const read = () => createPublicKey({ key: Buffer.from(spki, "base64"), format: "der", type: "spki" });
  const made = read().export({ type: "spki", format: "pem" });
  same("read a product's key", publicKey(product).pem, made);
  return {
    what: `a product's key, ${operations} operations`,
    ours: { name: "publicKey", run: () => publicKey(product) },
    beside: [
      {
        name: "node:crypto, of the key alone",
        run: read,
        // It sees nothing of the product, so a larger one says nothing of it.
        ...(operations === 1 && { aim: 2 }),
      },
    ],
  };
}

/**
 * The package's function beside a plain one, which has to give the same.
 *
 * @template Given
 * @param {string} what @param {Given} given
 * @param {(given: Given) => unknown} ours @param {(given: Given) => unknown} theirs @param {number} aim
 */
function pair(what, given, ours, theirs, aim) {
  same(what, ours(given), theirs(given));
  const often = (/** @type {(given: Given) => unknown} */ call) => () => {
    let last;
    for (let at = 0; at < calls; at += 1) last = call(given);
    return last;
  };
  return {
    what,
    ours: { name: "ocisign", items: calls, run: often(ours) },
    beside: [{ name: "plain JavaScript", items: calls, run: often(theirs), aim }],
  };
}
