// The issuer, over the program's own network, and what goes wrong there in words of the command line.
import type { TokenEndpointResponse } from "oauth4webapi";
import { textUpTo } from "../../http/bounded.ts";
import { type FaultCode, faultIn, noAnswer, SignInFault } from "../../sign-in/fault.ts";
import { Issuer, type TokenKind } from "../../sign-in/issuer.ts";
import { claimsOf } from "../claims.ts";
import { libraryError } from "../library-error.ts";
import type { Network } from "../network.ts";
import { Problem } from "../problem.ts";
import { keepSecret } from "../secrets.ts";
import type { Secrets } from "./store.ts";

/** In bytes: no answer of an issuer is larger. */
const largest = 1024 * 1024;

/** As the library's errors call it: an outage, which may pass. */
export const unreachable = "network";

export async function openIssuer(network: Network, url: URL, clientId: string): Promise<Issuer> {
  const library = await import("oauth4webapi");
  return new Issuer({ library, url, clientId, send: (to, init) => send(network, to, init) });
}

/** With a real `Response` as its result, which the library wants, and no more of a body than is allowed. */
async function send(network: Network, url: string, init: RequestInit): Promise<Response> {
  const { host } = new URL(url);
  try {
    const reply = await (network.fetch ?? fetch)(url, {
      method: init.method === "POST" ? "POST" : "GET",
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(init.body && { body: String(init.body) }),
      signal: init.signal ?? new AbortController().signal,
      ...{ redirect: "manual", credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" },
    });
    const text = await textUpTo(reply, largest);
    if (text === undefined) throw new SignInFault("bad-answer", `${host} sent too long an answer.`);
    const headers = new Headers();
    for (const name of ["content-type", "www-authenticate", "retry-after"]) {
      const value = reply.headers.get(name);
      if (value !== null) headers.set(name, value);
    }
    return new Response(text || null, { status: reply.status, headers });
  } catch (error) {
    // A proxy's refusal has words of its own.
    if (error instanceof SignInFault || libraryError(error)) throw error;
    throw noAnswer(error, host) ?? error;
  }
}

const fixes: Readonly<Partial<Record<FaultCode, string>>> = {
  "bad-settings": "Tell the issuer's operator: its endpoints need https.",
  clock: "Set the clock of this computer, then run `ocisign login` again.",
  denied: "Run `ocisign login` again and agree, or sign in as a person who may.",
  "issuer-unreachable": "Check the issuer's URL and the network; --cacert names a private CA.",
};

const again = "Check --issuer, --client-id and --scope, then run `ocisign login` again.";

/** Does something at the issuer. @throws {Problem} in place of what the library throws */
export async function explaining<T>(issuer: Issuer, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem || libraryError(error)) throw error;
    const fault = faultIn(issuer.library, error, issuer.host);
    throw fault ? problemOf(fault) : error;
  }
}

export function problemOf({ code, message }: SignInFault): Problem {
  return new Problem(code === "issuer-unreachable" ? unreachable : code, message, fixes[code] ?? again);
}

/** What is kept of an answer with tokens. Some issuers give another refresh token with each renewal, some give none. */
export function secretsFrom(
  issuer: Issuer,
  tokens: TokenEndpointResponse,
  kind: TokenKind,
  before?: Secrets,
): Secrets {
  const token = tokens[kind];
  for (const secret of [tokens.access_token, tokens.id_token, tokens.refresh_token]) {
    if (secret !== undefined) keepSecret(secret);
  }
  if (typeof token !== "string") throw new SignInFault("bad-answer", `${issuer.host} sent no ${kind}.`);
  return {
    token,
    expiresAt: endOf(token, issuer.lifetimeS(tokens, kind)),
    ...(kind === "id_token" && { accessToken: tokens.access_token }),
    refreshToken: tokens.refresh_token ?? before?.refreshToken,
    idToken: tokens.id_token ?? before?.idToken,
  };
}

function endOf(token: string, lifetimeS: number | undefined): string | undefined {
  if (lifetimeS === undefined) return claimedIn(token)?.expiresAt?.toISOString();
  const end = new Date(Date.now() + lifetimeS * 1000);
  // An issuer may say any number, also one that no calendar reaches.
  return Number.isNaN(end.valueOf()) ? undefined : end.toISOString();
}

/** What a token says, if it is one that says anything. */
export function claimedIn(token: string) {
  try {
    return claimsOf(token);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
