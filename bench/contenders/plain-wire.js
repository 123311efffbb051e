// What the package builds and reads for a service, in plain JavaScript with the same validation: what a careful team would
// write without it. Every value of a caller's is copied before it is read, so that no getter and no proxy can show one
// thing to the check and another to the use. lib/wire-inputs.js holds both against each other.
import { canonicalDomain, checkDomain, parsePlain, Refusal } from "./plain-reference.js";

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

/** @param {string} code @param {string} message @returns {never} */
function refuse(code, message) {
  throw new Refusal(code, 0, message);
}

/**
 * A copy of plain data.
 *
 * @param {unknown} value @param {string} what
 */
function copyOf(value, what) {
  let text;
  try {
    text = JSON.stringify(value);
  } catch {
    refuse("bad-input", `${what} has no JSON form`);
  }
  return text === undefined ? undefined : JSON.parse(text);
}

/** @typedef {() => string} Place where a value stands, said only when it is wrong */

/** @param {any} value */
const isMissing = (value) => value === undefined || value === null;

/** @param {any} value */
const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {any} value @param {Place} place @returns {any} */
function record(value, place) {
  return isRecord(value) ? value : refuse("bad-input", `${place()} is not an object`);
}

/** @param {any} value @param {Place} place @returns {string} */
function text(value, place) {
  return typeof value === "string" ? value : refuse("bad-input", `${place()} is not a string`);
}

/** @param {any} value @param {Place} place @returns {string | undefined} */
function optionalText(value, place) {
  return isMissing(value) ? undefined : text(value, place);
}

/** @param {any} value @param {Place} place @returns {boolean | undefined} */
function optionalTruth(value, place) {
  if (isMissing(value) || typeof value === "boolean") return value ?? undefined;
  return refuse("bad-input", `${place()} is not true or false`);
}

/**
 * @template T
 * @param {any} value @param {Place} place @param {(element: any, place: Place) => T} read @returns {T[]}
 */
function list(value, place, read) {
  if (isMissing(value)) return [];
  if (!Array.isArray(value)) refuse("bad-input", `${place()} is not a list`);
  return value.map((element, at) => read(element, () => `${place()}[${at}]`));
}

/** @param {any} value @param {Place} place @param {readonly string[]} known @returns {any} */
function only(value, place, known) {
  for (const name of Object.keys(record(value, place)))
    if (!known.includes(name)) refuse("bad-input", `${place()} has the unknown field ${name}`);
  return value;
}

/** Nearly every text is of these alone. */
const isPlain = /^[ -~]*$/;
const control = /\p{Cc}/u;
const controlButLines = /(?![\n\t])\p{Cc}/u;
const blank = /^\p{White_Space}*$/u;

/** A text that approvers read. @param {string} field @param {string} given @param {RegExp} unwanted */
function checkVisible(field, given, unwanted) {
  if (!isPlain.test(given) && unwanted.test(given)) refuse("bad-input", `${field} has a control character`);
}

/** @param {string} field @param {string} given */
function checkText(field, given) {
  if (blank.test(given)) refuse("bad-input", `${field} is empty`);
  checkVisible(field, given, control);
}

/**
 * @typedef {object} Operation
 * @property {string | undefined} id @property {string | undefined} name @property {string | undefined} operationType
 *
 * @typedef {object} Product
 * @property {string | undefined} id @property {string | undefined} name @property {boolean | undefined} enabled
 * @property {string | undefined} state
 * @property {Operation[]} productOperations @property {{ name: string, value: string }[]} productConfigItems
 */

/** A product as the service shows it. @param {any} given @param {Place} place @returns {Product} */
function readProduct(given, place) {
  const product = record(given, place);
  return {
    id: optionalText(product.id, () => `${place()}.id`),
    name: optionalText(product.name, () => `${place()}.name`),
    enabled: optionalTruth(product.enabled, () => `${place()}.enabled`),
    state: typeof product.state === "string" ? product.state : undefined,
    productOperations: list(product.productOperations, () => `${place()}.productOperations`, readOperation),
    productConfigItems: list(product.productConfigItems, () => `${place()}.productConfigItems`, readItem),
  };
}

/** @param {any} given @param {Place} place */
function readOperation(given, place) {
  const { id, name, operationType, token, approvalRule } = record(given, place);
  const operation = {
    id: optionalText(id, () => `${place()}.id`),
    name: optionalText(name, () => `${place()}.name`),
    operationType: optionalText(operationType, () => `${place()}.operationType`),
    token: isMissing(token) ? undefined : readToken(token, () => `${place()}.token`),
    approvalRule: isMissing(approvalRule)
      ? undefined
      : readRule(approvalRule, () => `${place()}.approvalRule`),
  };
  return operation;
}

/** @param {any} given @param {Place} place */
function readToken(given, place) {
  return { keyType: optionalText(record(given, place).keyType, () => `${place()}.keyType`) };
}

/** @param {any} given @param {Place} place */
function readRule(given, place) {
  const { allowedGroups, approvalGroups, blanketGroups } = record(given, place);
  return {
    allowedGroups: list(allowedGroups, () => `${place()}.allowedGroups`, textOrEmpty),
    approvalGroups: list(approvalGroups, () => `${place()}.approvalGroups`, textOrEmpty),
    blanketGroups: list(blanketGroups, () => `${place()}.blanketGroups`, textOrEmpty),
  };
}

/** @param {any} given @param {Place} place */
function textOrEmpty(given, place) {
  return optionalText(given, place) ?? "";
}

/** @param {any} given @param {Place} place */
function readItem(given, place) {
  const { name, value } = record(given, place);
  return {
    name: textOrEmpty(name, () => `${place()}.name`),
    value: textOrEmpty(value, () => `${place()}.value`),
  };
}

const requestFields = [
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
const itemFields = ["name", "value"];

/** @param {unknown} input */
export function buildRequest(input) {
  const given = only(copyOf(input, "request"), () => "request", requestFields);
  const product = isMissing(given.product) ? undefined : readProduct(given.product, () => "request.product");
  const wanted = {
    productId: optionalText(given.productId, () => "request.productId"),
    operation: isMissing(given.operation) ? undefined : idOf(given.operation, () => "request.operation"),
    operationId: optionalText(given.operationId, () => "request.operationId"),
  };
  const artifact = canonicalOf(given.artifact, () => "request.artifact");
  const name = optionalText(given.name, () => "request.name");
  const description = optionalText(given.description, () => "request.description") ?? "";
  const payloadName = optionalText(given.payloadName, () => "request.payloadName");
  const metadata = list(given.metadata, () => "request.metadata", readMetadata);

  const reference = parsePlain(artifact);
  const { productId, operationId } = product ? idsOf(product, wanted, reference.registry) : givenIds(wanted);
  if (name !== undefined) checkText("name", name);
  if (payloadName !== undefined) checkText("payloadName", payloadName);
  checkVisible("description", description, controlButLines);
  for (const item of metadata) {
    checkText("metadata's name", item.name);
    checkVisible("metadata's value", item.value, controlButLines);
  }
  return {
    name: name ?? "OCI signing",
    idProductOperation: operationId,
    description,
    payload: {
      name: payloadName ?? "OCI sign request",
      metadata,
      optionalParameters: [{ artifactURI: btoa(reference.canonical) }],
    },
    productId,
  };
}

/** @param {any} given @param {Place} place */
function idOf(given, place) {
  const id = given?.id;
  return typeof id === "string" ? id : text(given, place);
}

/** @param {any} given @param {Place} place */
function canonicalOf(given, place) {
  const canonical = given?.canonical;
  return typeof canonical === "string" ? canonical : text(given, place);
}

/** @param {any} given @param {Place} place */
function readMetadata(given, place) {
  const { name, value } = only(given, place, itemFields);
  return { name: text(name, () => `${place()}.name`), value: text(value, () => `${place()}.value`) };
}

/** @typedef {{ productId: string | undefined, operation: string | undefined, operationId: string | undefined }} Wanted */

/** @param {Wanted} wanted */
function givenIds({ productId, operation, operationId }) {
  if (productId === undefined) refuse("bad-input", "productId is missing");
  checkText("productId", productId);
  if (operationId === undefined && operation !== undefined) refuse("bad-input", "operation is a name");
  if (operationId === undefined) refuse("bad-input", "operationId is missing");
  checkText("operationId", operationId);
  return { productId, operationId };
}

/** @param {Product} product @param {Wanted} wanted @param {string} registry */
function idsOf(product, wanted, registry) {
  checkUsable(product);
  checkRegistryOf(registry, product);
  const operation = signingOperation(product, wanted.operationId ?? wanted.operation);
  const contradicts = wanted.operationId !== undefined && operation.id !== wanted.operationId;
  if (
    contradicts ||
    (wanted.operation !== undefined && signingOperation(product, wanted.operation) !== operation)
  )
    refuse("bad-input", "operationId is of another operation");
  const productId = product.id ?? wanted.productId;
  if (!productId) refuse("bad-input", "the product shows no id");
  if (wanted.productId !== undefined && wanted.productId !== productId)
    refuse("bad-input", "product and productId differ");
  if (!operation.id) refuse("bad-input", "the operation shows no id");
  return { productId, operationId: operation.id };
}

const notReady = new Set(["new", "inprocess", "rejected", "failed", "tobedeleted", "deleted"]);

/** @param {Product} product */
function checkUsable({ enabled, state }) {
  if (enabled === false) refuse("product-disabled", "the product is not enabled");
  if (state !== undefined && notReady.has(lowerCase(state.replaceAll(/[ _-]/g, ""))))
    refuse("product-not-ready", "the product is not ready");
}

/** Of ASCII only: other letters fold into it. @param {string} given */
function lowerCase(given) {
  return isPlain.test(given) ? given.toLowerCase() : given.replaceAll(/[A-Z]/g, (it) => it.toLowerCase());
}

/** By its id, or else by its name, or the only one. @param {Product} product @param {string | undefined} wanted */
function signingOperation(product, wanted) {
  const all = product.productOperations.filter(
    ({ operationType }) => operationType === "SignOCI" || operationType === "SIGN_OCI",
  );
  const byId = wanted === undefined ? undefined : all.find(({ id }) => id === wanted);
  if (byId) return byId;
  const [found, ...others] = wanted === undefined ? all : all.filter(({ name }) => name === wanted);
  if (!found) refuse("operation-missing", "there is no such operation");
  if (others.length > 0) refuse("operation-ambiguous", "there are several operations");
  return found;
}

/** @param {string} registry @param {Product} product */
function checkRegistryOf(registry, product) {
  const [item, ...others] = product.productConfigItems.filter(({ name }) => name === "RegistryURL");
  if (!item || others.length > 0) refuse("product-registry", "there is not one RegistryURL");
  try {
    checkRegistryDomain(item.value);
  } catch (error) {
    refuse("product-registry", String(error));
  }
  if (canonicalDomain(item.value) !== canonicalDomain(registry))
    refuse("registry-mismatch", "the product signs for another registry");
}

/** @param {string} domain */
function checkRegistryDomain(domain) {
  if (domain.includes("://")) refuse("scheme", "the registry has a scheme");
  checkDomain(domain, 0);
}

/** What this module read, and froze: it needs no second reading. @type {WeakSet<object>} */
const read = new WeakSet();

/** @param {string} reference */
export function parseReference(reference) {
  const parsed = Object.freeze(parsePlain(reference));
  read.add(parsed);
  return parsed;
}

/** A proxy may throw at every touch: it names no image. @param {any} reference */
function textOf(reference) {
  try {
    return canonicalOf(reference, () => "reference");
  } catch {
    return refuse("bad-input", "the reference is not a string");
  }
}

/** @param {string | { registry: string, canonical: string }} reference @param {unknown} product */
export function checkRegistry(reference, product) {
  const known =
    typeof reference === "object" && read.has(reference) ? reference : parsePlain(textOf(reference));
  checkRegistryOf(
    known.registry,
    readProduct(copyOf(product, "product"), () => "product"),
  );
}

const productFields = [
  "name",
  "description",
  "registry",
  "keyType",
  "enabled",
  "operationName",
  "operationDescription",
  "keyName",
  "keyDescription",
  "ruleName",
  "ruleDescription",
  "allowedGroups",
  "approvalGroups",
  "blanketGroups",
];
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @param {string[]} groups @param {string} field */
function checkGroups(groups, field) {
  for (const group of groups) if (!uuid.test(group)) refuse("bad-input", `${field} has no UUID`);
}

/** @param {unknown} input @param {unknown} [profile] */
export function buildProduct(input, profile) {
  const given = only(copyOf(input, "product"), () => "product", productFields);
  const optional = (/** @type {string} */ field) => optionalText(given[field], () => `product.${field}`);
  const groups = (/** @type {string} */ field) => list(given[field], () => `product.${field}`, text);
  const name = text(given.name, () => "product.name");
  const description = optional("description") ?? "";
  const registry = text(given.registry, () => "product.registry");
  const keyType = optional("keyType");
  const enabled = optionalTruth(given.enabled, () => "product.enabled") ?? true;
  const operationName = optional("operationName") ?? "OCI sign";
  const operationDescription = optional("operationDescription") ?? "OCI signing";
  const keyName = optional("keyName") ?? "Key for ocisigning";
  const keyDescription = optional("keyDescription") ?? "HSM token for ocisigning";
  const ruleName = optional("ruleName") ?? "Approval rule";
  const ruleDescription = optional("ruleDescription") ?? "Rule for OCI signing";
  const allowedGroups = groups("allowedGroups");
  const approvalGroups = groups("approvalGroups");
  const blanketGroups = groups("blanketGroups");
  const { keyTypes } = readProfile(profile);

  checkText("name", name);
  checkRegistryDomain(registry);
  if (allowedGroups.length === 0) refuse("bad-input", "allowedGroups is empty");
  checkGroups(allowedGroups, "allowedGroups");
  checkGroups(approvalGroups, "approvalGroups");
  checkGroups(blanketGroups, "blanketGroups");
  const type = keyType === undefined ? "RSA4096" : readKeyType(keyType, keyTypes);
  return {
    name,
    description,
    productType: "Product",
    enabled,
    caInfo: [],
    rndKeys: [],
    productOperations: [
      {
        name: operationName,
        description: operationDescription,
        operationType: "SignOCI",
        token: { name: keyName, description: keyDescription, keyType: keyTypes.get(type) ?? type },
        approvalRule: {
          name: ruleName,
          description: ruleDescription,
          allowedGroups,
          approvalGroups,
          blanketGroups,
        },
      },
    ],
    productConfigItems: [{ name: "RegistryURL", value: registry }],
  };
}

const knownTypes = ["RSA2048", "RSA3072", "RSA4096", "secp256r1", "secp384r1", "secp521r1"];

/** In the deployment's spelling, or in ours. @param {string} given @param {Map<string, string>} spellings */
function readKeyType(given, spellings) {
  const here = knownTypes.find((known) => (spellings.get(known) ?? known) === given);
  if (here) return here;
  const plain = lowerCase(given.replaceAll(/[ _-]/g, "")).replace(/^ec/, "");
  const found = knownTypes.find((known) => known.toLowerCase() === plain);
  return found ?? refuse("key-type", "the key type is not known");
}

const profileFields = [
  "routes",
  "statuses",
  "publicKeyPath",
  "keyTypes",
  "replies",
  "lists",
  "names",
  "keys",
  "$schema",
];
const usualRoutes = {
  products: "products",
  product: "products/{id}",
  createProduct: "products",
  requestSigning: "imagesignings",
  signings: "imagesignings",
  signing: "imagesignings/{id}",
  approve: "imagesignings/{id}/approve",
  reject: "imagesignings/{id}/reject",
};
const routeNames = Object.keys(usualRoutes);
/** What each state means: is it final? */
const states = new Map([
  ["new", false],
  ["waiting", false],
  ["approved", false],
  ["signing", false],
  ["signed", true],
  ["rejected", true],
  ["failed", true],
]);
const usualStatuses = new Map([["16", "signed"]]);
/** @type {Map<string, string>} */
const usualKeyTypes = new Map();
const most = 1000;

/**
 * A profile, in whole or in part, with its defaults.
 *
 * @param {unknown} profile
 */
function readProfile(profile) {
  if (profile === undefined)
    return { routes: usualRoutes, statuses: usualStatuses, keyTypes: usualKeyTypes, publicKeyPath };
  try {
    return completed(copyOf(profile, "profile"));
  } catch (error) {
    return refuse("bad-profile", String(error));
  }
}

const publicKeyPath = "productOperations[].token.publicKey";

/** @param {any} copy */
function completed(copy) {
  const given = isMissing(copy) ? {} : only(copy, () => "profile", profileFields);
  const statuses = table(given.statuses, usualStatuses, "profile.statuses");
  for (const [code, state] of statuses) {
    if (!isCode(code) || !states.has(state)) refuse("bad-profile", `the status ${code} is not valid`);
  }
  const keyTypes = table(given.keyTypes, usualKeyTypes, "profile.keyTypes");
  for (const name of keyTypes.keys()) {
    if (!knownTypes.includes(name)) refuse("bad-profile", `the key type ${name} is not valid`);
  }
  const path = optionalText(given.publicKeyPath, () => "profile.publicKeyPath") ?? publicKeyPath;
  if (path.length > most || Buffer.byteLength(path) > most)
    refuse("bad-profile", "profile.publicKeyPath is too long");
  return { routes: routesIn(given.routes), statuses, keyTypes, publicKeyPath: path };
}

/** @param {any} given */
function routesIn(given) {
  if (isMissing(given)) return usualRoutes;
  const routes = { ...usualRoutes };
  for (const [name, route] of Object.entries(only(given, () => "profile.routes", routeNames))) {
    const path = typeof route === "string" ? route : route?.path;
    if (typeof path === "string") routes[/** @type {keyof typeof routes} */ (name)] = path;
  }
  return routes;
}

/** An integer of 64 bits, as JavaScript writes it. @param {string} code */
function isCode(code) {
  if (!/^(0|-?[1-9]\d*)$/.test(code)) return false;
  return code.length < 16 || BigInt.asIntN(64, BigInt(code)) === BigInt(code);
}

/** @param {any} given @param {Map<string, string>} usual @param {string} place */
function table(given, usual, place) {
  if (isMissing(given)) return usual;
  const names = Object.keys(record(given, () => place));
  if (names.length > most) refuse("bad-profile", `${place} is too long`);
  const entries = new Map(usual);
  for (const name of names)
    entries.set(
      name,
      text(given[name], () => `${place}.${name}`),
    );
  return entries;
}

/** @param {unknown} code @param {unknown} [profile] */
export function decodeStatus(code, profile) {
  const { statuses } = readProfile(profile);
  if (!Number.isSafeInteger(code)) refuse("bad-status", "the status is not an integer");
  // There is one zero.
  const number = /** @type {number} */ (code) + 0;
  const state = statuses.get(String(number)) ?? "unknown";
  return { code: number, state, final: states.get(state) ?? false };
}
