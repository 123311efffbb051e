// Who a token is about, as it says itself. Nothing here is checked: it is for showing only, the service decides.
import { claimedGroups } from "../../../pkg/src/shown/claimed-groups.ts";

export interface Claims {
  /** The same for a person whatever their name is. */
  objectId?: string | undefined;
  /** For people to read. */
  name?: string | undefined;
  /** Their ids; nothing where the token does not say them, which does not mean that there are none. */
  groups?: string[] | undefined;
  expiresAt?: Date | undefined;
}

/**
 * The claims of a JWT; nothing when the token is none.
 *
 * @example
 * claimsOf("e30.eyJzdWIiOiJhbm4iLCJleHAiOjQxMDI0NDQ4MDB9.")?.objectId; // "ann"
 */
export function claimsOf(token: unknown): Claims | undefined {
  const payload = payloadOf(token);
  if (payload === undefined) return undefined;
  const { oid, sub, name, preferred_username, upn, exp } = payload;
  return {
    objectId: firstText(oid, sub),
    name: firstText(name, preferred_username, upn),
    groups: claimedGroups(payload),
    expiresAt: dateOf(exp),
  };
}

function payloadOf(token: unknown): Record<string, unknown> | undefined {
  if (typeof token !== "string") return undefined;
  const [, encoded, ...rest] = token.trim().split(".");
  if (encoded === undefined || rest.length !== 1) return undefined;
  try {
    const payload: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(encoded)));
    return isObject(payload) ? payload : undefined;
  } catch {
    // Three parts alone do not make a JWT: this token says nothing about a person.
    return undefined;
  }
}

function bytesOf(base64url: string) {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function firstText(...values: unknown[]) {
  return values.find(isText);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A time that is told in seconds since 1970. */
function dateOf(seconds: unknown) {
  if (typeof seconds !== "number") return undefined;
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
