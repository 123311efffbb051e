// What opens a registry by docker's configuration file: ours against go-containerregistry's keychain. Each entry and each
// helper has a user of its own, so that what was found says where.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { signInHome } from "../support/kept-sign-ins.js";
import { helpers, madeSignIn } from "./made-sign-ins.js";

/**
 * @typedef {ReturnType<typeof madeSignIn>} Input
 * @typedef {{ username?: string, password?: string, identityToken?: string, registryToken?: string, error?: string }} Found
 *
 * @typedef {object} Told
 * @property {string} text of the file
 * @property {any} config what JSON.parse makes of it; empty where it makes nothing
 * @property {string} repository
 * @property {Found} ours
 * @property {Found} theirs
 * @property {string[]} ourKeys the keys of `auths` that hold what we found
 * @property {string[]} theirKeys the keys of `auths` that hold what they found
 *
 * @typedef {object} Rule
 * @property {string} name
 * @property {(told: Told) => boolean} holds
 */

const hubs = ["docker.io", "index.docker.io", "registry-1.docker.io"];

/** @type {Rule} */
const spelling = {
  name: "a host is the same in capitals, by a URL, and by each name of Docker Hub",
  holds: ({ config, ourKeys, repository }) =>
    [...ourKeys, ...keysOf(config.credHelpers)].some(
      (key) => isFor(key, repository) && !isDockers(key, repository),
    ),
};

/** They ask that of all first, by the name of the repository. @type {Rule} */
const ownHelper = {
  name: "the helper of a registry goes before the helper for all",
  holds: ({ config, repository }) =>
    Boolean(config.credsStore) && keysOf(config.credHelpers).some((key) => isFor(key, repository)),
};

/** @type {Rule} */
const helperOfPart = {
  name: "a helper is for a whole registry",
  holds: ({ config, repository }) => keysOf(config.credHelpers).some((key) => isPart(key, repository)),
};

/** Where ours refuses the file, or what it says of the registry. @type {Rule[]} */
const refused = [
  {
    name: "a name stands once in the file",
    holds: ({ ours, text }) => /twice/.test(said(ours)) && hasTwice(text),
  },
  { name: "the file is JSON, and nothing else", holds: ({ text }) => parsed(text) === undefined },
  {
    name: "two spellings of a registry say the same",
    holds: ({ ours, config, repository }) =>
      /and differ/.test(said(ours)) &&
      keysOf(config.auths).filter((key) => isFor(key, repository)).length > 1,
  },
  {
    name: "`auth` is base64 to the letter",
    holds: ({ ours, config }) => /not base64/.test(said(ours)) && authsIn(config).some((it) => !isBase64(it)),
  },
  {
    name: "a user name is there, and has no colon",
    holds: ({ ours, config }) =>
      /user name/.test(said(ours)) &&
      pairsIn(config).some(([user, password]) => user.includes(":") || (user === "" && password !== "")),
  },
  {
    name: "a registry's token fits into a header",
    holds: ({ ours, text }) => /no header may have/.test(said(ours)) && /registrytoken/i.test(text),
  },
  {
    name: "an entry is an object",
    holds: ({ ours, text }) => /is not an object/.test(said(ours)) && /:\s*null/.test(text),
  },
  {
    name: "a helper that fails is told, wherever its name stands",
    holds: ({ ours, config }) =>
      /helper|docker-credential/.test(said(ours)) &&
      /broken|noise|absent|jane|empty|picky|token/.test(JSON.stringify(config)),
  },
];

/** Where theirs refuses the file. @type {Rule[]} */
const forgiven = [
  {
    name: "what is wrong with the entry of another registry is no matter",
    holds: ({ theirs, config }) => /parsing config file/.test(said(theirs)) && hasWrongEntry(config),
  },
  {
    name: "a helper is not asked where a part of the registry has an entry",
    holds: ({ theirs, ourKeys, repository }) =>
      !/parsing config file/.test(said(theirs)) && ourKeys.some((key) => isPart(key, repository)),
  },
  spelling,
  ownHelper,
  helperOfPart,
];

/** Where both find something, or one of them nothing. @type {Rule[]} */
const found = [
  {
    name: "a user that is called `<token>` has an identity token",
    holds: ({ ours, theirs }) => theirs.username === "<token>" && ours.identityToken === theirs.password,
  },
  {
    name: "the entry of a part goes before the registry's",
    holds: ({ ourKeys, repository }) => ourKeys.some((key) => isPart(key, repository)),
  },
  {
    name: "the entry of another part is for nothing",
    holds: ({ theirKeys, repository }) =>
      theirKeys.some((key) => !isUrl(key) && pathOf(key) !== "" && !isPart(key, repository)),
  },
  {
    name: "a URL is https or http, and names no user",
    holds: ({ theirKeys }) => theirKeys.some((key) => /^(?!https?:).*:\/\/|@/i.test(key)),
  },
  {
    name: "a helper that knows nothing leaves it to the entries",
    holds: ({ config, ourKeys, repository }) =>
      ourKeys.some((key) => isFor(key, repository)) && hasHelper(config),
  },
  spelling,
  ownHelper,
  helperOfPart,
  {
    name: "the helper of a registry goes before the entry of a part",
    holds: ({ config, theirKeys, repository }) =>
      keysOf(config.credHelpers).some((key) => isFor(key, repository)) &&
      theirKeys.some((key) => isPart(key, repository)),
  },
  {
    name: "what a helper says goes before a token in the file",
    holds: ({ ours, theirs }) =>
      /helper|secret-of-jane|secret-of-picky/.test(JSON.stringify(ours)) &&
      theirs.registryToken !== undefined,
  },
];

export const rules = new Set([...refused, ...forgiven, ...found]);

/** @type {import("./compare.js").Subject<Input, Found>} */
export const signIns = {
  name: "sign-in",
  make: madeSignIn,
  question: ({ file, repository }) =>
    Buffer.from(JSON.stringify({ file: file.toString("base64"), repository })),
  shown: ({ file, repository }) => `${repository} by ${JSON.stringify(file.toString("latin1"))}`,
  ours: find,
  judge,
};

/** @type {ReturnType<typeof signInHome>} */
let home;

/** A home for ours, with helpers, and one for the other reader, whose environment it returns. */
export function useSignIns() {
  home = signInHome();
  for (const [name, script] of Object.entries(helpers)) home.helper(name, script);
  const { PATH } = process.env;
  return { env: { PATH, HOME: `${home.folder}/other` }, remove: () => home.remove() };
}

/** @param {Input[]} inputs */
async function find(inputs) {
  const file = join(home.folder, ".docker", "config.json");
  mkdirSync(dirname(file), { recursive: true });
  /** @type {Found[]} */
  const all = [];
  for (const input of inputs) {
    writeFileSync(file, input.file);
    all.push(await foundFor(input.repository));
  }
  return all;
}

/** @param {string} repository @returns {Promise<Found>} */
async function foundFor(repository) {
  try {
    return (await home.find(repository))?.signIn ?? {};
  } catch (error) {
    // A problem of the command line's: anything else is a fault.
    if (!(error instanceof Error && "exit" in error)) throw error;
    return { error: error.message };
  }
}

/** @param {Input} input @param {Found} ours @param {string} answer @returns {import("./compare.js").Judgement} */
function judge({ file, repository }, ours, answer) {
  const theirs = theirsIn(answer);
  if (ours.error !== undefined && theirs.error !== undefined) return { kind: "neither" };
  if (JSON.stringify(ours) === JSON.stringify(theirs))
    return { kind: Object.keys(ours).length > 0 ? "the same" : "both nothing" };
  const text = file.toString();
  const config = parsed(text) ?? {};
  const holders = (/** @type {Found} */ it) => keysHolding(config, it);
  const told = { text, config, repository, ours, theirs, ourKeys: holders(ours), theirKeys: holders(theirs) };
  const all = ours.error !== undefined ? refused : theirs.error !== undefined ? forgiven : found;
  const rule = all.find(({ holds }) => holds(told));
  if (rule) return { kind: rule.name };
  return { problem: `ours finds ${JSON.stringify(ours)}, theirs ${JSON.stringify(theirs)}` };
}

/** In the order in which docker's tools use what they have. @param {string} answer @returns {Found} */
function theirsIn(answer) {
  const { username, password, identityToken, registryToken, error } = JSON.parse(answer);
  if (error) return { error };
  if (registryToken) return { registryToken };
  if (identityToken) return { identityToken };
  return username || password ? { username, password } : {};
}

/** @param {Found} found */
function said({ error = "" }) {
  return error;
}

/** @param {string} text @returns {any} */
function valueIn(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** With its fields by their usual names: Go's readers take others for them. @param {string} text @returns {any} */
function parsed(text) {
  const value = valueIn(text);
  if (typeof value !== "object" || value === null) return undefined;
  const usual = ["auths", "credHelpers", "credsStore"];
  const named = Object.entries(value).map(([name, field]) => [
    usual.find((it) => it.toLowerCase() === name.toLowerCase()) ?? name,
    field,
  ]);
  return { ...Object.fromEntries(named), ...value };
}

/** @param {unknown} value */
function keysOf(value) {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

/** @param {any} config @param {Found} found */
function keysHolding({ auths }, found) {
  const [user] = /user\d/.exec(JSON.stringify(found)) ?? [];
  if (user === undefined) return [];
  return keysOf(auths).filter((key) => {
    const entry = JSON.stringify(auths[key]);
    const pairs = authsIn({ auths: { key: auths[key] } }).map((it) => Buffer.from(it, "base64").toString());
    return [entry, ...pairs].join().includes(user);
  });
}

/** Every `auth`. @param {any} config @returns {string[]} */
function authsIn({ auths }) {
  const entries = keysOf(auths).flatMap((key) => Object.entries(auths[key] ?? {}));
  return entries.flatMap(([name, value]) =>
    name.toLowerCase() === "auth" && typeof value === "string" ? [value] : [],
  );
}

/** User and password of each entry. @param {any} config @returns {[string, string][]} */
function pairsIn({ auths }) {
  return keysOf(auths).map((key) => {
    const { username = "", password = "" } = auths[key] ?? {};
    const [pair] = authsIn({ auths: { key: auths[key] } });
    if (!pair) return [`${username}`, `${password}`];
    const [user = "", ...rest] = Buffer.from(pair, "base64").toString().split(":");
    return [user, rest.join(":")];
  });
}

/** @param {string} text */
function isBase64(text) {
  return Buffer.from(text, "base64").toString("base64") === text;
}

/** An entry of another form, or whose `auth` is no user and password. @param {any} config */
function hasWrongEntry(config) {
  const { auths } = config;
  const isText = (/** @type {unknown} */ it) => it === null || typeof it === "string";
  const isRight = (/** @type {any} */ entry) =>
    entry === null ||
    (typeof entry === "object" && !Array.isArray(entry) && Object.values(entry).every(isText));
  const isPair = (/** @type {string} */ it) =>
    it === "" || (isBase64(it) && /^[^:]+:/.test(Buffer.from(it, "base64").toString()));
  return keysOf(auths).some((key) => !isRight(auths[key])) || !authsIn(config).every(isPair);
}

/** @param {any} config */
function hasHelper({ credsStore, credHelpers }) {
  return Boolean(credsStore) || keysOf(credHelpers).length > 0;
}

/** Does an object of the text have a name twice? @param {string} text */
function hasTwice(text) {
  const colons = text.replace(/"(?:[^"\\]|\\.)*"/g, "").split(":").length - 1;
  const count = (/** @type {any} */ value) =>
    typeof value !== "object" || value === null
      ? 0
      : Object.values(value).reduce(
          (/** @type {number} */ sum, it) => sum + count(it),
          Array.isArray(value) ? 0 : Object.keys(value).length,
        );
  return colons > count(valueIn(text));
}

/** @param {string} key */
function isUrl(key) {
  return key.includes("://") || /^[^/]+\/v[12]\/+$/.test(key);
}

/** @param {string} key */
function hostOf(key) {
  const host =
    key
      .replace(/^\w+:\/\//, "")
      .split("/")[0]
      ?.toLowerCase() ?? "";
  return hubs.includes(host) ? "docker.io" : host;
}

/** @param {string} key */
function pathOf(key) {
  return key.split("/").slice(1).join("/").replace(/\/+$/, "");
}

/** Is the key for the whole registry? @param {string} key @param {string} repository */
function isFor(key, repository) {
  return hostOf(key) === hostOf(repository) && (isUrl(key) || pathOf(key) === "");
}

/** Is it for a part of the registry that the repository is in? @param {string} key @param {string} repository */
function isPart(key, repository) {
  const path = pathOf(key);
  return (
    !isUrl(key) &&
    path !== "" &&
    hostOf(key) === hostOf(repository) &&
    `${pathOf(repository)}/`.startsWith(`${path}/`)
  );
}

/** The one key by which docker looks. @param {string} key @param {string} repository */
function isDockers(key, repository) {
  const host = hostOf(repository);
  return key === (host === "docker.io" ? "https://index.docker.io/v1/" : host);
}
