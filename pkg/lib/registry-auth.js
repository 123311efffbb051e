// How a registry wants to be asked: it refuses once with a challenge (RFC 9110 §11), and gets a password (Basic,
// RFC 7617) or a token (Bearer, RFC 6750, by the token protocol of docker's registry:
// https://distribution.github.io/distribution/spec/auth/token/).
import { maySendTo } from "./registry-address.js";

/**
 * @typedef {{ scheme: string, parameters: Map<string, string> }} Challenge scheme and names in lower case
 *
 * What is to be done: the key under which a token is kept.
 *
 * @typedef {`repository:${string}:${"pull" | "pull,push"}`} Scope
 */

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const parameter = `(${token})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${token}))`;
const token68 = "[A-Za-z0-9._~+/-]+=*(?=[ \\t]*(?:,|$))";
const scheme = `(${token})(?=[ \\t,]|$)(?![ \\t]*=)(?:[ \\t]+${token68})?`;
const element = new RegExp(`[ \\t,]*(?:${parameter}|${scheme})`, "y");

/**
 * Reads the challenges of a `WWW-Authenticate` (RFC 9110 §11.6.1). Commas divide parameters as well as
 * challenges; a name with `=` and a value is a parameter, every other word begins a challenge. Reading stops
 * where the grammar is broken.
 *
 * @param {string} text @returns {Challenge[]}
 */
export function parseChallenges(text) {
  /** @type {Challenge[]} */
  const challenges = [];
  element.lastIndex = 0;
  for (let found = element.exec(text); found; found = element.exec(text)) {
    const [, name, quoted, plain, begun] = found;
    if (begun) {
      challenges.push({ scheme: begun.toLowerCase(), parameters: new Map() });
      continue;
    }
    const parameters = challenges.at(-1)?.parameters;
    if (!parameters) break;
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, plain ?? quoted.replace(/\\(.)/g, "$1"));
  }
  return challenges;
}

/** The secrets of one registry, and what may be sent to it for the time being. */
export class Authenticator {
  /** @type {string | undefined} */
  #password;
  /** The value of a Basic header, when there is a password. @type {string | undefined} */
  #basic;
  /** Whether the registry asked for Basic; from then on it is sent at once. */
  #wantsBasic = false;
  /** @type {Map<Scope, string>} */
  #tokens = new Map();

  /** @param {string} [username] @param {string} [password] */
  constructor(username, password) {
    if (username === undefined || password === undefined) return;
    this.#password = password;
    const bytes = new TextEncoder().encode(`${username}:${password}`);
    this.#basic = `Basic ${btoa(String.fromCharCode(...bytes))}`;
  }

  /** Without a password there are only tokens that anybody gets. */
  get isAnonymous() {
    return this.#basic === undefined;
  }

  /** The `Authorization` for the registry itself, as far as it is known. Anonymous is tried first. */
  header(/** @type {Scope} */ scope) {
    if (this.#wantsBasic) return this.#basic;
    const bearer = this.#tokens.get(scope);
    return bearer && `Bearer ${bearer}`;
  }

  /** @param {string} text @returns {string} the text without any of the secrets */
  withoutSecrets(text) {
    let left = text;
    for (const secret of [this.#basic?.slice("Basic ".length), this.#password, ...this.#tokens.values()]) {
      if (secret) left = left.replaceAll(secret, "[secret]");
    }
    return left;
  }

  /**
   * Answers a challenge of the registry itself. With a password, Basic comes first: it then stays with the
   * registry. Without a challenge in sight, as when a registry's CORS rules hide it, Basic is what is left.
   *
   * @param {import("./registry-http.js").Call} call @param {import("./registry-http.js").Reply} reply
   * @param {string | undefined} used the header that was refused @param {Scope} scope
   * @returns {Promise<boolean>} whether there is something new to try
   */
  async answer(call, reply, used, scope) {
    // Another call may have answered meanwhile.
    if (this.header(scope) !== used) return true;
    const challenges = parseChallenges(reply.header("www-authenticate") ?? "");
    const basic = challenges.length === 0 || challenges.some(({ scheme }) => scheme === "basic");
    if (basic && this.#basic && used !== this.#basic) {
      this.#wantsBasic = true;
      return true;
    }
    const bearer = challenges.find(
      ({ scheme, parameters }) => scheme === "bearer" && parameters.has("realm"),
    );
    if (!bearer) return false;
    this.#wantsBasic = false;
    this.#tokens.set(scope, await this.#fetchToken(call, bearer.parameters, scope, reply.url));
    return true;
  }

  /**
   * Gets a token from the realm that the registry named. The password goes there too, even to another origin:
   * that is how docker's protocol works, and why challenges are taken only from the registry itself, over TLS or
   * on this machine, never from where it redirected to. The realm's own redirects may not leave its origin.
   *
   * @param {import("./registry-http.js").Call} call @param {Map<string, string>} challenge @param {Scope} scope
   * @param {URL} registry
   */
  async #fetchToken(call, challenge, scope, registry) {
    const url = realmOf(call, challenge.get("realm") ?? "", registry);
    const service = challenge.get("service");
    if (service !== undefined) url.searchParams.append("service", service);
    for (const one of (challenge.get("scope") ?? scope).split(" ")) url.searchParams.append("scope", one);
    const reply = await call.request(url, {
      headers: { accept: "application/json" },
      limit: 1024 * 1024,
      authorization: () => this.#basic,
    });
    const who = `the token service ${url.host}`;
    if (reply.status !== 200) throw tokenRefused(call, who, reply.status, this.#basic !== undefined);
    const given = tokenIn(reply.bytes);
    if (given) return given;
    const fix = "Check the registry's configuration; a sign-in page or a proxy may stand in between.";
    throw call.error("bad-reply", `${who} answered without a token.`, fix);
  }
}

/** @param {import("./registry-http.js").Call} call @param {string} realm @param {URL} registry */
function realmOf(call, realm, registry) {
  let url;
  try {
    url = new URL(realm);
  } catch {}
  if (url && maySendTo(url, registry)) return url;
  const named = url
    ? `a token service at ${url.origin}, which is not https`
    : "no token service that is a URL";
  const fix = "Correct the registry's token realm: a https:// URL without a user in it.";
  throw call.error("bad-reply", `the registry names ${named}.`, fix);
}

/**
 * A token that may stand in a header (RFC 6750 §2.1, and a little more): with any other character the platform
 * would refuse it, quoting it in its error.
 *
 * @param {Uint8Array} bytes
 */
function tokenIn(bytes) {
  try {
    const reply = JSON.parse(new TextDecoder().decode(bytes));
    const given = reply.token || reply.access_token;
    return typeof given === "string" && /^[\x21-\x7e]+$/.test(given) ? given : undefined;
  } catch {
    return undefined;
  }
}

/** @param {import("./registry-http.js").Call} call @param {string} who @param {number} status @param {boolean} known */
function tokenRefused(call, who, status, known) {
  const what = `${who} answered HTTP ${status}.`;
  if (status === 429) return call.error("rate-limited", what, "Wait a while, then try again.");
  if (status >= 500) return call.error("server-error", what, "Try again later.");
  if (status >= 400 && status !== 404) {
    const fix = known ? "Check username and password." : "Give `username` and `password` for this registry.";
    return call.error(status === 403 ? "forbidden" : "unauthorized", what, fix);
  }
  return call.error("bad-reply", what, "Check the registry's configuration of its token service.");
}
