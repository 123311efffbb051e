// The claims of a JSON Web Token, without proof (RFC 7519): for telling people what their token says.
import { type Fields, isRecord } from "../foreign.ts";

export type Claims = Fields;

/** Undefined if it is no JSON Web Token. */
export function claimsOf(token: string): Claims | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return isRecord(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

/** The groups that it names. Undefined is unknown: Entra ID leaves them out where they are many, Google always does. */
export function groupsIn({ groups }: Claims): string[] | undefined {
  if (!Array.isArray(groups)) return undefined;
  return groups.filter((group) => typeof group === "string");
}
