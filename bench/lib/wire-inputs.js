// What the functions for a service are given: in three sizes for the clock, and right and wrong in every way before it
// starts. A contender that checks less than the others is not timed.
import assert from "node:assert/strict";

const group = "b716abb1-2e3b-47a9-bca5-a3669faa50a6";
const registry = "656666598317.dkr.ecr.eu-west-1.amazonaws.com";
export const image = `${registry}/test@sha256:${"3fbc".repeat(16)}`;

/** A product as the service shows it: one operation signs images. @param {number} operations @param {string} [publicKey] */
export function productOf(operations, publicKey) {
  const operation = (/** @type {number} */ at) => ({
    id: `b4f4c9e4-cbd2-4073-820c-9d553a957e${at.toString(16).padStart(2, "0")}`,
    name: `Operation ${at}`,
    description: "OCI signing",
    operationType: at === operations - 1 ? "SignOCI" : "DigestSigning",
    token: { name: "Key", description: "HSM token", keyType: "RSA4096", ...(publicKey && { publicKey }) },
    approvalRule: { name: "Rule", allowedGroups: [group], approvalGroups: [group, group], blanketGroups: [] },
  });
  return {
    id: "e1ec8ea5-b569-4da7-8a70-6eb910dad8ac",
    name: "OCI SIGN",
    description: "",
    productType: "Product",
    enabled: true,
    state: "Ready",
    caInfo: [],
    rndKeys: [],
    productOperations: Array.from({ length: operations }, (_, at) => operation(at)),
    productConfigItems: [{ name: "RegistryURL", value: registry }],
  };
}

/** @param {number} metadata how many */
export function detailsOf(metadata) {
  const item = (/** @type {number} */ at) => ({
    name: `Build step ${at}`,
    value: `v1.0.${at}, by the pipeline`,
  });
  return {
    artifact: image,
    description: "Release",
    metadata: Array.from({ length: metadata }, (_, at) => item(at)),
  };
}

/** @param {number} metadata how many */
export function requestByIds(metadata) {
  return {
    productId: "e1ec8ea5-b569-4da7-8a70-6eb910dad8ac",
    operationId: "b4f4c9e4-cbd2-4073-820c-9d553a957e54",
    ...detailsOf(metadata),
  };
}

/** @param {number} groups how many must approve */
export function definitionOf(groups) {
  const uuid = (/** @type {number} */ at) => `f65a3ea9-60db-47a4-9ad8-${at.toString(16).padStart(12, "0")}`;
  const approvalGroups = Array.from({ length: groups }, (_, at) => uuid(at));
  return { name: "OCI SIGN", registry, allowedGroups: [group], approvalGroups };
}

/** @param {number} statuses how many */
export function profileOf(statuses) {
  const states = ["new", "waiting", "approved", "signing", "rejected", "failed"];
  const entry = (/** @type {number} */ at) => [String(at + 100), states[at % states.length]];
  return { statuses: Object.fromEntries(Array.from({ length: statuses }, (_, at) => entry(at))) };
}

/** A profile that says more than statuses. */
const profile = {
  routes: { approve: "a/{id}", reject: { path: "r/{id}", method: "PUT" }, signings: {} },
  statuses: { 1: "new", 2: "waiting", 16: "failed", "-7": "rejected" },
  publicKeyPath: "productOperations[].key",
  keyTypes: { RSA4096: "rsa-4096", secp256r1: "P-256" },
  names: { anything: 1 },
};

/** @typedef {unknown[]} Given what a function is called with */
/** @typedef {{ buildSigningRequest: Given, buildProduct: Given, decodeStatus: Given, checkRegistry: Given }} Calls */

/** Right ones, from which wrong ones are made. @returns {{ name: keyof Calls, given: any[] }[]} */
export function rightCalls() {
  const product = productOf(2);
  const other = { ...product.productOperations[1], id: "another", name: "Another" };
  const several = { ...product, productOperations: [...product.productOperations, other] };
  const docker = {
    productConfigItems: [{ name: "RegistryURL", value: "Registry-1.Docker.IO" }, { name: "x" }],
  };
  return [
    { name: "buildSigningRequest", given: [requestByIds(2)] },
    {
      name: "buildSigningRequest",
      given: [{ ...requestByIds(0), name: "N", payloadName: "P", operation: "o" }],
    },
    { name: "buildSigningRequest", given: [{ ...detailsOf(1), product }] },
    { name: "buildSigningRequest", given: [{ ...detailsOf(0), product: several, operation: "Another" }] },
    { name: "buildSigningRequest", given: [{ ...detailsOf(0), product: several, operationId: "another" }] },
    { name: "buildSigningRequest", given: [{ ...detailsOf(0), product: several, operation: other }] },
    {
      name: "buildSigningRequest",
      given: [{ artifact: { canonical: image }, product, productId: product.id }],
    },
    { name: "buildProduct", given: [definitionOf(2)] },
    {
      name: "buildProduct",
      given: [
        {
          ...definitionOf(1),
          ...{ description: "D", keyType: "EC secp-256_r1", enabled: false, blanketGroups: [group] },
          ...{ operationName: "O", operationDescription: "OD", keyName: "K", keyDescription: "KD" },
          ...{ ruleName: "R", ruleDescription: "RD" },
        },
        profile,
      ],
    },
    { name: "buildProduct", given: [{ ...definitionOf(0), keyType: "rsa-4096" }, profile] },
    { name: "decodeStatus", given: [16] },
    { name: "decodeStatus", given: [-0] },
    { name: "decodeStatus", given: [2 ** 53 - 1, null] },
    { name: "decodeStatus", given: [2, profile] },
    { name: "decodeStatus", given: [-7, profile] },
    { name: "decodeStatus", given: [110, profileOf(20)] },
    { name: "checkRegistry", given: [image, product] },
    { name: "checkRegistry", given: [{ canonical: image }, product] },
    { name: "checkRegistry", given: [`index.docker.io/nginx@sha256:${"0".repeat(64)}`, docker] },
    { name: "checkRegistry", given: [`docker.io/nginx@sha256:${"0".repeat(64)}`, docker] },
  ];
}

const digits = "1".repeat(999);
/** What is put in the place of any part of a right one. */
const odd = [
  ...[
    undefined,
    null,
    true,
    false,
    0,
    -1,
    1.5,
    16,
    "",
    " ",
    "\u2003\t",
    "x",
    "é",
    "🦀",
    "a\nb",
    "a\tb",
    "a\u0000b",
  ],
  ...[
    "a\u0085b",
    "a\u00a0b",
    "a\u200bb",
    "\u007f",
    '"',
    "\\",
    "\\n",
    "__proto__",
    "id",
    "Operation 1",
    "another",
  ],
  ...[
    "SIGN_OCI",
    "SignOCI",
    "RegistryURL",
    "REGISTRY.EXAMPLE",
    "https://registry.example",
    "a b",
    "127.1",
    "[::1]:5000",
  ],
  ...["new", "Ready", "To Be Deleted", "TO_BE-DELETED", "İn process", "ec rsa 4096", "secp521r1", "RSA4096"],
  ...[group, group.toUpperCase(), `${group}0`, image, image.toUpperCase(), image.replace("@", ":1@")],
  ...["a".repeat(1000), "a".repeat(1001), "é".repeat(501), "9223372036854775807", "9223372036854775808"],
  ...["+1", "-0", "01", "1e3", "-9223372036854775808", "-9223372036854775809", digits],
  ...[
    [],
    [null],
    [""],
    ["x"],
    [group],
    [[]],
    [{}],
    {},
    { id: "o" },
    { id: 1 },
    { canonical: image },
    { canonical: 1 },
  ],
  ...[
    { name: "n", value: "v" },
    { name: "n", value: "v", more: 1 },
    { name: "RegistryURL" },
    { path: 7 },
    { path: "p" },
  ],
  ...[
    { 1: "new" },
    { 1: "done" },
    { 1.5: "new" },
    { "+1": "new" },
    { "-0": "new" },
    { "9223372036854775808": "new" },
  ],
  ...[{ "9223372036854775807": "new" }, { "a\\nb": 1 }, { 'a"b': "new" }, { RSA4096: "r" }, { rsa4096: "r" }],
  ...[new Date(0), { toJSON: () => "j" }, () => {}, Number.NaN],
  ...[10n, Object.create({ id: "inherited" }), new Map([["id", "x"]]), new String("x")],
];

/** Values that have no JSON form, or whose parts do something. @returns {any[]} */
export function hostile() {
  /** @type {any} */
  const circle = {};
  circle.itself = circle;
  const throwing = {
    get id() {
      throw new Error("not for you");
    },
  };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return [circle, throwing, proxy, Symbol("s"), undefined, null, 7, "x", [], 1n];
}

/** All places in a value, by the keys that lead there. @param {any} value @returns {string[][]} */
function placesIn(value) {
  const inside = typeof value === "object" && value !== null ? Object.keys(value) : [];
  return [[], ...inside.flatMap((key) => placesIn(value[key]).map((place) => [key, ...place]))];
}

/** The same with another value at a place. @param {any} value @param {string[]} place @param {any} other @returns {any} */
function changed(value, [key, ...rest], other) {
  if (key === undefined) return other;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[key] = changed(value[key], rest, other);
  return copy;
}

/** What stands at a place. @param {any} value @param {string[]} place @returns {any} */
function at(value, place) {
  return place.reduce((it, key) => it[key], value);
}

/** Each part of each right call, replaced by each odd value; and fields that are too many. */
export function* oddCalls() {
  for (const size of [999, 1000, 1001]) {
    const { statuses } = profileOf(size);
    yield { name: "decodeStatus", given: [1099, { statuses }] };
    yield { name: "decodeStatus", given: [16, { statuses: { ...statuses, 16: "failed" } }] };
    yield { name: "decodeStatus", given: [16, { keyTypes: statuses }] };
  }
  for (const { name, given } of rightCalls()) {
    yield { name, given };
    for (const value of hostile()) yield { name, given: [value, ...given.slice(1)] };
    for (const value of hostile()) yield { name, given: [given[0], value] };
    for (const place of placesIn(given).filter((it) => it.length > 0)) {
      for (const value of odd) yield { name, given: changed(given, place, value) };
      const { [place.at(-1) ?? ""]: _, ...others } = at(given, place.slice(0, -1));
      if (place.length > 1)
        yield { name, given: changed(given, place.slice(0, -1), { ...others, extra: "x" }) };
    }
  }
}

/** Several parts replaced at once. @param {(limit: number) => number} random whole numbers below a limit */
export function randomCall(random) {
  const all = rightCalls();
  const { name, given } = all[random(all.length)] ?? all[0];
  let changing = given;
  for (let changes = 1 + random(3); changes > 0; changes -= 1) {
    const places = placesIn(changing).filter((it) => it.length > 0);
    const place = places[random(places.length)];
    if (place) changing = changed(changing, place, odd[random(odd.length)]);
  }
  return { name, given: changing };
}

/**
 * What comes of a call: what it returns, or the code of what it refuses with.
 *
 * @param {(...given: any[]) => unknown} call @param {any[]} given
 */
export function verdict(call, given) {
  try {
    return { made: call(...given) };
  } catch (/** @type {any} */ error) {
    if (typeof error?.code !== "string") throw error;
    return { refused: error.code };
  }
}

/**
 * Do both give the same?
 *
 * @param {Record<string, (...given: any[]) => unknown>} ours @param {Record<string, (...given: any[]) => unknown>} theirs
 * @param {{ name: string, given: any[] }} call
 */
export function sameVerdict(ours, theirs, { name, given }) {
  const [first, second] = [ours, theirs].map((functions) =>
    verdict(/** @type {any} */ (functions[name]), given),
  );
  assert.deepEqual(second, first, `${name}(${told(given)})`);
  return first;
}

/** @param {any[]} given */
function told(given) {
  try {
    return JSON.stringify(given);
  } catch {
    return "what has no JSON";
  }
}
