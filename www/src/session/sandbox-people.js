// The sandbox's people. It gives a new token to whoever sits at this machine, so that they never have to sign in again.
import { claimsOf } from "./claims.js";
import { aborted, SignInError } from "./sign-in-error.js";

/**
 * Who one can be, without their tokens.
 *
 * @param {string} base the service's base URL @param {AbortSignal} [signal]
 * @returns {Promise<{ name: string, role: string }[]>}
 * @throws {SignInError} `sandbox-unreachable`; `sandbox-refused`
 */
export async function sandboxPeople(base, signal) {
  const people = await everyone(base, signal);
  return people.map(({ name, role }) => ({ name, role }));
}

/**
 * One of them.
 *
 * @example
 * await session.signIn(new SandboxPerson(service.baseUrl, "approver-one"));
 *
 * @implements {Source}
 */
export class SandboxPerson {
  canRenew = true;
  canRepeat = true;
  #base;
  #role;

  /** @param {string} base the service's base URL @param {string} role which of them */
  constructor(base, role) {
    this.#base = base;
    this.#role = role;
  }

  /** @param {{ signal: AbortSignal }} options */
  async signIn({ signal }) {
    const people = await everyone(this.#base, signal);
    const token = people.find(({ role }) => role === this.#role)?.token;
    if (token === undefined)
      throw refused(`The sandbox has nobody with the role ${this.#role}.`, "Choose somebody else.");
    const identity = claimsOf(token);
    return { token, identity, expiresAt: identity?.expiresAt };
  }

  /** @param {{ signal: AbortSignal }} options */
  renew(options) {
    return this.signIn(options);
  }

  forget() {}
}

/**
 * @param {string} base @param {AbortSignal} [signal]
 * @returns {Promise<{ name: string, role: string, token: string }[]>}
 */
async function everyone(base, signal) {
  const reply = await answer(`${base.replace(/\/$/, "")}/ocisign-sandbox/people`, signal);
  if (!reply.ok)
    throw refused(`The sandbox does not offer its people here: HTTP ${reply.status}.`, "Paste a token.");
  return reply.json();
}

/** @param {string} url @param {AbortSignal} [signal] */
async function answer(url, signal) {
  try {
    return await fetch(url, { cache: "no-store", credentials: "omit", signal });
  } catch (/** @type {any} */ error) {
    if (signal?.aborted) throw aborted();
    throw new SignInError(
      "sandbox-unreachable",
      `The sandbox does not answer: ${error.message}.`,
      "Check that it runs; then try again.",
    );
  }
}

/** @param {string} message @param {string} fix */
function refused(message, fix) {
  return new SignInError("sandbox-refused", message, fix);
}

/** @typedef {import("./session.js").Source} Source */
