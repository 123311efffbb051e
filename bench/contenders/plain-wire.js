// What the package builds and reads for a service, in plain JavaScript with the same validation. `lib/right.js` compares
// both before either is timed.
import { parsePlain } from "./plain-reference.js";

/** @param {string} text */
export function encodeArtifactUri(text) {
  return btoa(parsePlain(text).canonical);
}

/** Tolerates a newline at the end, and missing padding. @param {string} encoded */
export function decodeArtifactUri(encoded) {
  const compact = encoded.replaceAll(/[\r\n]/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) throw new Error("not base64");
  const text = atob(compact).replace(/\r?\n$/, "");
  parsePlain(text);
  return text;
}

/** @param {unknown} value @param {string} what */
function text(value, what) {
  if (typeof value !== "string") throw new Error(`${what} is not a string`);
  return value;
}

/** @param {any} input */
export function buildRequest(input) {
  const known = [
    "product",
    "productId",
    "operation",
    "operationId",
    "artifact",
    "name",
    "description",
    "payloadName",
    "metadata",
  ];
  for (const name of Object.keys(input)) if (!known.includes(name)) throw new Error(`${name} is unknown`);
  const reference = parsePlain(text(input.artifact, "artifact"));
  const operation = input.product ? operationOf(input.product) : undefined;
  if (input.product) checkRegistry(reference, input.product);
  if (input.product?.enabled === false) throw new Error("the product is disabled");
  return {
    name: text(input.name ?? "OCI signing", "name"),
    idProductOperation: text(operation?.id ?? input.operationId, "operationId"),
    description: text(input.description ?? "", "description"),
    payload: {
      name: text(input.payloadName ?? "OCI sign request", "payloadName"),
      metadata: (input.metadata ?? []).map((/** @type {any} */ { name, value }) => ({
        name: text(name, "metadata name"),
        value: text(value, "metadata value"),
      })),
      optionalParameters: [{ artifactURI: btoa(reference.canonical) }],
    },
    productId: text(input.product?.id ?? input.productId, "productId"),
  };
}

/** @param {any} product */
function operationOf(product) {
  const signing = product.productOperations.filter((/** @type {any} */ { operationType }) =>
    ["SignOCI", "SIGN_OCI"].includes(operationType),
  );
  if (signing.length !== 1) throw new Error("not one operation signs images");
  return signing[0];
}

/** @param {{ registry: string }} reference @param {any} product */
export function checkRegistry({ registry }, product) {
  const items = product.productConfigItems.filter((/** @type {any} */ { name }) => name === "RegistryURL");
  if (items.length !== 1) throw new Error("not one registry");
  if (text(items[0].value, "RegistryURL").toLowerCase() !== registry) throw new Error("another registry");
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @param {unknown} value @param {string} what */
function groups(value, what) {
  if (!Array.isArray(value)) throw new Error(`${what} is no list`);
  for (const group of value) if (!uuid.test(text(group, what))) throw new Error(`${what} has no UUID`);
  return [...value];
}

/** @param {any} input */
export function buildProduct(input) {
  return {
    name: text(input.name, "name"),
    description: text(input.description ?? "", "description"),
    productType: "Product",
    enabled: true,
    caInfo: [],
    rndKeys: [],
    productOperations: [
      {
        name: "OCI sign",
        description: "OCI signing",
        operationType: "SignOCI",
        token: {
          name: "Key for ocisigning",
          description: "HSM token for ocisigning",
          keyType: input.keyType ?? "RSA4096",
        },
        approvalRule: {
          name: "Approval rule",
          description: "Rule for OCI signing",
          allowedGroups: groups(input.allowedGroups, "allowedGroups"),
          approvalGroups: groups(input.approvalGroups ?? [], "approvalGroups"),
          blanketGroups: groups(input.blanketGroups ?? [], "blanketGroups"),
        },
      },
    ],
    productConfigItems: [{ name: "RegistryURL", value: text(input.registry, "registry").toLowerCase() }],
  };
}

const states = new Set(["new", "waiting", "approved", "signing", "signed", "rejected", "failed"]);
const final = new Set(["signed", "rejected", "failed"]);

/** @param {unknown} code @param {{ statuses?: Record<string, string> }} [profile] */
export function decodeStatus(code, profile) {
  if (!Number.isSafeInteger(code)) throw new Error("no status");
  const state = profile?.statuses?.[String(code)] ?? (code === 16 ? "signed" : "unknown");
  if (state !== "unknown" && !states.has(state)) throw new Error("no state");
  return { code, state, final: final.has(state) };
}
