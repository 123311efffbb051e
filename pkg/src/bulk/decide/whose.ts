// Whose decision does a request show? After a lost answer, nothing else tells whether it came to anything.
import { isList, isRecord, isText } from "../../foreign.ts";
import type { Signing } from "../../service/signing.ts";
import { isSamePerson, type Person } from "../../shown/person.ts";
import { viewOf } from "../../shown/request-view.ts";

/**
 * Does a request show this person's approval? Undefined where that cannot be told. One that was rejected since is not
 * approved, whoever approved it before.
 */
export function approvedBy(signing: Signing, by: unknown): boolean | undefined {
  if (signing.state === "rejected") return false;
  const person = personIn(by);
  if (!person || !isList(signing.approvals)) return undefined;
  return viewOf(signing).approvals.some((approval) => isSamePerson(approval.person, person));
}

/**
 * Is a request that was rejected this person's own rejection? Where the service names who rejected it, that counts. Else
 * its reason does: it is the comment, alone or behind a colon. A part of other words is not: "no" stands in many reasons.
 * Where the service says neither, the rejection is what was wanted.
 *
 * @param comment without white space around it
 */
export function isRejectedBy(signing: Signing, by: unknown, comment: string): boolean {
  const [person, rejecter] = [personIn(by), rejecterOf(signing)];
  if (person && rejecter?.objectId !== undefined) return isSamePerson(person, rejecter);
  const { reason } = signing;
  if (!isText(reason) || reason.trim() === "") return true;
  const words = reason.trim();
  return words === comment || (words.endsWith(comment) && /:\s*$/.test(words.slice(0, -comment.length)));
}

/** Who brought the request to where it is, by its history. */
function rejecterOf(signing: Signing): Person | undefined {
  return viewOf(signing).history.findLast(({ status }) => status === signing.status)?.by;
}

function personIn(by: unknown): { readonly objectId: string } | undefined {
  return isRecord(by) && isText(by.objectId) ? { objectId: by.objectId } : undefined;
}
