// Which groups a token says that its person is in. Entra ID leaves the claim out for people in more than 200 groups, and
// points elsewhere (`_claim_names`, `hasgroups`). Google never sends it. So a missing claim means unknown, not none.
// Source: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference (groups overage claim).
import { fieldOf, isText } from "../foreign.ts";

/**
 * The groups that a person is known to be in; nothing where that is unknown.
 *
 * @param claims the payload of a token
 */
export function claimedGroups(claims: unknown): string[] | undefined {
  if (isOverage(claims)) return undefined;
  return textsOnly(fieldOf(claims, "groups"));
}

/** A list of texts. Of anything else not even a part is known: what is missing may be what counts. */
export function textsOnly(given: unknown): string[] | undefined {
  return Array.isArray(given) && given.every(isText) ? [...given] : undefined;
}

/** Does the token say that the groups are to be asked for elsewhere? */
function isOverage(claims: unknown): boolean {
  const hasGroups = fieldOf(claims, "hasgroups");
  return (
    hasGroups === true ||
    hasGroups === "true" ||
    fieldOf(fieldOf(claims, "_claim_names"), "groups") !== undefined
  );
}
