// Secrets that a test plants, every form in which one can be written down, and a look for all of them in what a run left.
import { generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";

/**
 * Secrets of every kind, each of words that stand nowhere else. They look like words, so that no rule about what "looks
 * like a secret" finds them; and they hold what the forms write differently, where their kind allows it.
 */
export const planted = {
  token: "wombat+bearer/quokka~numbat-one",
  secondToken: "bandicoot+bearer/potoroo~bilby-two",
  refreshToken: "echidna+refresh/kookaburra~three",
  clientSecret: "cassowary&client=currawong four",
  identityToken: "galah+identity/lorikeet=five",
  registryToken: "magpie+registry/bowerbird=six",
  registryUser: "brolga-robot",
  registryPassword: 'jabiru&pass word="koel"/seven',
  otherPassword: "whistler&pass%word='wagtail'/eight",
  proxyPassword: "goanna&proxy?taipan:nine",
  passphrase: "dugong pass phrase & thylacine ten",
  pin: "4711-kingfisher-0815",
};

/** A private key as people have it in a file. */
export const plantedKey = String(
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }),
);

/** `user:password` of the registry, as Basic has it. */
export const plantedBasic = basic(planted.registryUser, planted.registryPassword);

/** @param {string} user @param {string} password */
export function basic(user, password) {
  return Buffer.from(`${user}:${password}`).toString("base64");
}

/** A shorter piece of a secret would be found by chance. */
const shortest = 10;

/**
 * Every form in which a secret can be written down, by name. Pieces tell a secret that was cut.
 *
 * @param {string} secret @returns {[form: string, text: string][]}
 */
export function formsOf(secret) {
  const hex = Buffer.from(secret).toString("hex");
  const bytes = hex.match(/../g) ?? [];
  /** @type {[string, string][]} */
  const forms = [
    ["plain", secret],
    ["percent", encodeURIComponent(secret)],
    ["percent, in lower case", encodeURIComponent(secret).replace(/%../g, (it) => it.toLowerCase())],
    ["percent, every byte", bytes.map((it) => `%${it.toUpperCase()}`).join("")],
    ["a form's field", String(new URLSearchParams({ a: secret })).slice(2)],
    ["a URL's part", new URL(`http://x/${secret.replace(/[?#]/g, encodeURIComponent)}`).pathname.slice(1)],
    ["JSON", JSON.stringify(secret).slice(1, -1)],
    ["JSON with slashes escaped", JSON.stringify(secret).slice(1, -1).replaceAll("/", "\\/")],
    ["JSON in JSON", JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
    ["JSON, every unit", [...bytes].map((it) => `\\u00${it}`).join("")],
    ["markup", secret.replace(/[&"'<>]/g, (it) => `&#${it.charCodeAt(0)};`)],
    ["markup by names", secret.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("'", "&#39;")],
    ["hexadecimal", hex],
    ["hexadecimal in capitals", hex.toUpperCase()],
    ["backwards", [...secret].reverse().join("")],
    ...inBase64(secret),
  ];
  for (let at = 0; at + shortest < secret.length; at++)
    forms.push(["a piece", secret.slice(at, at + shortest)]);
  return forms.filter(([, text]) => text.length >= shortest);
}

/** What base64 makes of it, wherever it stands among other bytes. @param {string} secret @returns {[string, string][]} */
function inBase64(secret) {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    // At its ends the bytes beside it have a part in what is written.
    const first = before === 0 ? 0 : 4;
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
    const text = whole.toString("base64").slice(first);
    return /** @type {[string, string][]} */ ([
      [`base64, after ${before}`, text],
      [`base64url, after ${before}`, text.replaceAll("+", "-").replaceAll("/", "_")],
    ]);
  });
}

/** The lines of a key that tell it. @param {string} pem */
export function linesOf(pem) {
  return pem.split(/\r?\n/).filter((line) => line.length >= shortest && !line.startsWith("-----"));
}

/** @typedef {Record<string, string>} Secrets by name */

const { registryUser: _, ...secrets } = planted;

/** All of it that is secret, by name, each line of the key for itself. A user's name alone is none. @type {Secrets} */
export const allPlanted = {
  ...secrets,
  ...Object.fromEntries(linesOf(plantedKey).map((line, at) => [`line ${at + 1} of the private key`, line])),
  "user and password": `${planted.registryUser}:${planted.registryPassword}`,
  "password and user": `${planted.registryPassword}:${planted.registryUser}`,
};

/** The forms of each, made once. @type {Map<string, [string, string][]>} */
const known = new Map();

/**
 * The secrets that a text holds in some form, each told by its name and its form.
 *
 * @param {string} text @param {Secrets} [secrets] @param {RegExp} [passedOver] forms that are not looked for
 * @returns {string[]}
 */
export function leaksIn(text, secrets = allPlanted, passedOver = /^$/) {
  // A long line may be wrapped, in words or in anything else.
  const unwrapped = text.replace(/\r?\n\s*/g, "");
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const forms = known.get(secret) ?? formsOf(secret);
    known.set(secret, forms);
    const found = forms.find(
      ([form, spelled]) =>
        !(form === "a piece" && name.includes("user")) &&
        !passedOver.test(form) &&
        (text.includes(spelled) || unwrapped.includes(spelled)),
    );
    return found ? [`${name} (${found[0]})`] : [];
  });
}

/**
 * Whatever can be seen of a value by looking at it: all that inspecting, JSON, copying and its own names show.
 *
 * @param {unknown} value @returns {string}
 */
export function seenOf(value) {
  const copied = attempt(() => structuredClone(value));
  return [
    inspect(value, {
      depth: null,
      showHidden: true,
      maxArrayLength: null,
      maxStringLength: null,
      getters: true,
    }),
    attempt(() => JSON.stringify(value)),
    inspect(copied, { depth: null, showHidden: true }),
    attempt(() => String(value)),
    ...fieldsOf(value, new Set()),
  ].join("\n");
}

/** @param {() => unknown} act */
function attempt(act) {
  try {
    return act();
  } catch (error) {
    return String(error);
  }
}

/** Every field, own or inherited, enumerable or not, as far as they go. @param {unknown} value @param {Set<unknown>} seen @returns {string[]} */
function fieldsOf(value, seen) {
  if (value === null || (typeof value !== "object" && typeof value !== "function") || seen.has(value)) {
    return [String(attempt(() => String(value)))];
  }
  seen.add(value);
  if (seen.size > 10_000) return [];
  return Reflect.ownKeys(value).flatMap((key) => {
    const field = attempt(() => Reflect.get(/** @type {object} */ (value), key));
    return [String(key), ...fieldsOf(field, seen)];
  });
}

/**
 * All that is told of an error, by whatever a program logs it with.
 *
 * @param {any} error @returns {string}
 */
export function toldBy(error) {
  const texts = [];
  for (let at = error, depth = 0; at !== undefined && at !== null && depth < 20; at = at.cause, depth++) {
    texts.push(seenOf(at), String(at.message), String(at.fix), String(at.stack));
  }
  return texts.join("\n");
}

/**
 * A secret in every form in which a server that repeats what it was sent may write it.
 *
 * @param {string} secret @param {RegExp} [passedOver] forms that it does not use @returns {string[]}
 */
export function echoOf(secret, passedOver = /^$/) {
  // A piece is a secret that something else has cut; nothing writes backwards.
  const used = (/** @type {string} */ form) => !/^(a piece|backwards)$/.test(form) && !passedOver.test(form);
  return formsOf(secret).flatMap(([form, text]) => (used(form) ? [text] : []));
}
