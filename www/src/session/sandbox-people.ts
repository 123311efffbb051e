// The sandbox's people. It gives new tokens to every caller on this machine, so that a person signs in only once.
import { claimsOf } from "./claims.ts";
import { aborted, SignInError } from "./sign-in-error.ts";
import type { Grant, Source } from "./source.ts";

export interface SandboxRole {
  name: string;
  role: string;
}

/**
 * Who one can be, without their tokens. `base` is the service's base URL.
 *
 * @throws {SignInError} `sandbox-unreachable`; `sandbox-refused`
 */
export async function sandboxPeople(base: string, signal?: AbortSignal): Promise<SandboxRole[]> {
  const people = await everyone(base, signal);
  return people.map(({ name, role }) => ({ name, role }));
}

/**
 * One of them.
 *
 * @example
 * await session.signIn(new SandboxPerson(settings.baseUrl, "approver-one"));
 */
export class SandboxPerson implements Source {
  readonly canRenew = true;
  readonly canRepeat = true;
  #base: string;
  #role: string;

  constructor(base: string, role: string) {
    this.#base = base;
    this.#role = role;
  }

  async signIn({ signal }: { signal: AbortSignal }): Promise<Grant> {
    const people = await everyone(this.#base, signal);
    const token = people.find(({ role }) => role === this.#role)?.token;
    if (token === undefined)
      throw refused(`The sandbox has no person with the role ${this.#role}.`, "Choose another person.");
    const identity = claimsOf(token);
    return { token, identity, expiresAt: identity?.expiresAt };
  }

  renew(options: { signal: AbortSignal }) {
    return this.signIn(options);
  }

  forget() {}
}

async function everyone(base: string, signal?: AbortSignal): Promise<(SandboxRole & { token: string })[]> {
  const reply = await answer(`${base.replace(/\/$/, "")}/ocisign-sandbox/people`, signal);
  if (!reply.ok)
    throw refused(`The sandbox does not offer its people here: HTTP ${reply.status}.`, "Paste a token.");
  return reply.json();
}

async function answer(url: string, signal?: AbortSignal) {
  try {
    return await fetch(url, { cache: "no-store", credentials: "omit", signal: signal ?? null });
  } catch (error) {
    if (signal?.aborted) throw aborted();
    const why = error instanceof Error ? error.message : String(error);
    const fix = "Check that the sandbox runs, then try again.";
    throw new SignInError("sandbox-unreachable", `The sandbox does not answer: ${why}.`, fix);
  }
}

function refused(message: string, fix: string) {
  return new SignInError("sandbox-refused", message, fix);
}
