// What a token says of itself (RFC 7519). Nothing is proved by it: the service decides.
import { type Claims, claimsOf, groupsIn } from "../claims.ts";
import type { Notes } from "./finding.ts";
import { counted, span } from "./words.ts";

export function judgeToken(token: string, notes: Notes): void {
  const claims = claimsOf(token);
  if (!claims) {
    notes.unknown("form", "The token is no JSON Web Token: only the service knows what it says.");
    return;
  }
  const issuer = texts(claims.iss).join(", ") || "nobody, it says";
  const audience = texts(claims.aud).join(", ") || "nobody in particular";
  notes.ok("issuer", `Issued by ${issuer} for ${audience}.`);
  judgeTimes(claims, notes);
  judgeGroups(claims, notes);
}

function judgeTimes({ exp, nbf }: Claims, notes: Notes): void {
  const now = Date.now();
  if (typeof nbf === "number" && nbf * 1000 > now + 60_000) {
    const found = `The token becomes valid only in ${span(nbf * 1000 - now)}.`;
    notes.problem("validity", found, "Compare this machine's clock with the issuer's.");
  } else if (typeof exp !== "number") {
    notes.unknown("validity", "The token does not say when it expires.");
  } else if (exp * 1000 <= now) {
    const found = `The token expired ${span(now - exp * 1000)} ago.`;
    notes.problem("validity", found, "Get a new token; --token-command gets one by itself.");
  } else {
    const found = `The token is valid for ${span(exp * 1000 - now)} more.`;
    notes.ok("validity", found);
  }
}

function judgeGroups(claims: Claims, notes: Notes): void {
  const groups = groupsIn(claims);
  if (groups) {
    notes.ok("groups", `The token names ${counted(groups.length, "group")} of its person.`);
    return;
  }
  const found = "The token names no groups. That does not mean that its person has none.";
  const fix =
    "Nothing to mend here: the service looks the groups up. Entra ID leaves them out for members of many groups; Google never sends them.";
  notes.unknown("groups", found, fix);
}

function texts(value: unknown): string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((text) => typeof text === "string");
}
