// Who a token is about, as it says itself (RFC 7519). Nothing is verified here: the service decides whom it believes.
// Every claim is foreign text.

import { type Fields, isRecord, isText } from "../foreign.ts";
import { claimedGroups } from "../shown/claimed-groups.ts";
import { Problem } from "./problem.ts";

/** What a JSON Web Token says. What it leaves out is undefined. */
export interface Claims {
  readonly name: string | undefined;
  /** The same for a person whatever their name is. */
  readonly objectId: string | undefined;
  /** What people sign in with. */
  readonly account: string | undefined;
  /** Their ids; undefined is unknown, and empty is none. */
  readonly groups: readonly string[] | undefined;
  readonly issuer: string | undefined;
  readonly audience: readonly string[];
  readonly expiresAt: Date | undefined;
  readonly validFrom: Date | undefined;
}

/**
 * The claims of a token.
 *
 * @throws {Problem} `no-jwt` when it is no JSON Web Token, or an encrypted one
 * @example
 * claimsOf("e30.eyJzdWIiOiJhbm4ifQ.").objectId; // "ann"
 */
export function claimsOf(token: string): Claims {
  const { oid, sub, name, preferred_username, upn, email, unique_name, iss, aud, exp, nbf, ...others } =
    payloadOf(token);
  return {
    name: firstText(name),
    // Of Entra ID, `sub` is another one for each application.
    objectId: firstText(oid, sub),
    account: firstText(preferred_username, upn, unique_name, email),
    groups: claimedGroups(others),
    issuer: firstText(iss),
    audience: (Array.isArray(aud) ? aud : [aud]).filter(isText),
    expiresAt: dateOf(exp),
    validFrom: dateOf(nbf),
  };
}

/** The person of a token, for comparing with requesters. */
export function identityOf(token: string): { readonly objectId: string } {
  const { objectId } = claimsOf(token);
  if (objectId !== undefined) return { objectId };
  throw new Problem(
    "no-jwt",
    "The token does not say who you are: it has neither `oid` nor `sub`.",
    "Search for your name instead: `ocisign signings -q NAME`.",
  );
}

function payloadOf(token: string): Fields {
  // As it stands in a header, people copy it with its scheme.
  const parts = token
    .trim()
    .replace(/^bearer\s+/i, "")
    .split(".");
  if (parts.length === 5) throw opaque("The token is encrypted: only the service can read who you are.");
  const payload = parts.length === 3 && isRecord(jsonOf(parts[0])) ? jsonOf(parts[1]) : undefined;
  if (isRecord(payload)) return payload;
  throw opaque("The token is not a JSON Web Token: it does not say who you are, and only the service knows.");
}

function opaque(message: string): Problem {
  return new Problem("no-jwt", message, "The token may be valid all the same: try `ocisign products`.");
}

function jsonOf(encoded = ""): unknown {
  if (!/^[\w-]+=*$/.test(encoded)) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(encoded, "base64url")));
  } catch {
    // Dots alone make no JSON Web Token.
    return undefined;
  }
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => isText(value) && value.trim() !== "");
}

/** A time in seconds since 1970. */
function dateOf(seconds: unknown): Date | undefined {
  if (typeof seconds !== "number") return undefined;
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.valueOf()) ? undefined : date;
}
