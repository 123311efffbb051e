// What a token says of itself. Nothing is proved by it: the service decides.
import { type Claims, claimsOf } from "../claims.ts";
import { Problem } from "../problem.ts";
import type { Notes } from "./finding.ts";
import { counted, some, span } from "./words.ts";

/** The issuer's clock may differ so much. */
const tolerableSkewMs = 60_000;

export function judgeToken(token: string, notes: Notes): void {
  const claims = readClaims(token, notes);
  if (!claims) return;
  const { issuer = "nobody, it says", audience } = claims;
  notes.ok("issuer", `Issued by ${issuer} for ${some(audience) || "nobody in particular"}.`);
  judgeTimes(claims, notes);
  judgeGroups(claims, notes);
}

function readClaims(token: string, notes: Notes): Claims | undefined {
  try {
    return claimsOf(token);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    notes.unknown("form", error.message);
    return undefined;
  }
}

function judgeTimes({ expiresAt, validFrom }: Claims, notes: Notes): void {
  const now = Date.now();
  const begin = validFrom?.getTime() ?? 0;
  const end = expiresAt?.getTime();
  if (begin > now + tolerableSkewMs) {
    const found = `The token becomes valid only in ${span(begin - now)}.`;
    notes.problem("validity", found, "Compare this machine's clock with the issuer's.");
  } else if (end === undefined) {
    notes.unknown("validity", "The token does not say when it expires.");
  } else if (end <= now) {
    const found = `The token expired ${span(now - end)} ago.`;
    notes.problem("validity", found, "Get a new token; --token-command gets one by itself.");
  } else notes.ok("validity", `The token is valid for ${span(end - now)} more.`);
}

function judgeGroups({ groups }: Claims, notes: Notes): void {
  if (groups) {
    notes.ok("groups", `The token names ${counted(groups.length, "group")} of its person.`);
    return;
  }
  const found = "The token names no groups. That does not mean that its person has none.";
  const fix =
    "Mend nothing here: the service looks the groups up. Entra ID leaves them out for members of many groups; Google never sends them.";
  notes.unknown("groups", found, fix);
}
