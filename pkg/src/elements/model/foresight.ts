// May this person decide about this request? The service has the last word. The page foresees it, so that a person does
// not read a request for minutes to be refused at the last click.

import type { Signing } from "ocisign";
import { foldedId } from "../../service/same-id.ts";
import { needsOf } from "../../shown/needs.ts";
import { isSamePerson } from "../../shown/person.ts";
import type { Agreement, RequestView } from "../../shown/request-view.ts";
import type { Identity } from "../portal.ts";
import { areSame, groupsOf, shared } from "./groups.ts";

export type Obstacle =
  | "not-waiting"
  | "own-request"
  | "already-approved"
  | "not-an-approver"
  | "group-already-approved";

export interface Foresight {
  /** False when too little is known of the person or of the rule: then the service decides. */
  known: boolean;
  /** Why this person cannot approve. */
  obstacle?: Obstacle;
  mayReject: boolean;
  /** The groups that would be missing after this person's approval. */
  leaves?: string[];
}

/** What of a request it is foreseen by. */
export type Foreseeable = Pick<RequestView, "signing" | "required" | "missing" | "requester" | "approvals">;

/** @param mayWithdraw whether requesters may take their requests back, approvers or not */
export function foresee(request: Foreseeable, person: Identity | undefined, mayWithdraw = false): Foresight {
  const { signing, required, requester, approvals } = request;
  if (!mayBeDecided(signing)) return { known: true, obstacle: "not-waiting", mayReject: false };
  if (!person || !required) return { known: false, mayReject: true };
  const groups = groupsOf(person);
  const isApprover = groups && shared(required, groups).length > 0;
  if (isSamePerson(requester, person)) {
    // To reject one's own is to withdraw it.
    return { known: true, obstacle: "own-request", mayReject: mayWithdraw || (isApprover ?? true) };
  }
  if (isApprover === false) return { known: true, obstacle: "not-an-approver", mayReject: false };
  if (approvals.some((it: Agreement) => isSamePerson(it.person, person)))
    return { known: true, obstacle: "already-approved", mayReject: true };
  // Whoever's groups are unknown may be in any: the service decides.
  if (!groups) return { known: false, mayReject: true };
  // A status that is not explained may also be one in which nothing waits any more.
  const known = signing.state !== "unknown";
  const needs = needsOf(signing);
  if (needs === "any") return { known, mayReject: true, leaves: [] };
  const before = uncovered(required, approvals);
  if (needs === undefined) return { known: false, mayReject: true };
  // A wrong "others still have to approve" would hide that this approval is the last one.
  if (!isAsTold(before, request)) return { mayReject: true, ...byMissing(request, groups, known) };
  const leaves = uncovered(required, [...approvals, { groups }]);
  if (leaves.length === before.length) {
    return { known: true, obstacle: "group-already-approved", mayReject: true };
  }
  return { known, mayReject: true, leaves };
}

/**
 * Are these the groups that the service itself says are missing? Where it says nothing, each approval has to name its
 * groups, or nobody knows for which it counts.
 */
function isAsTold(before: readonly string[], { missing, approvals }: Foreseeable) {
  if (missing === undefined) return approvals.every(({ groups }) => groups.length > 0);
  return areSame(before, [...new Set(missing.map(foldedId))]);
}

/** By the groups that the service calls missing alone. After which of them others still miss, nobody knows. */
function byMissing({ missing = [] }: Foreseeable, groups: readonly string[], known: boolean) {
  if (shared(missing, groups).length === 0) return { known: false };
  return missing.length === 1 ? { known, leaves: [] } : { known };
}

/** A request whose status the profile does not explain may wait for approval, too. */
export function mayBeDecided({ state }: Signing) {
  return state === "waiting" || state === "new" || state === "unknown";
}

/**
 * The groups that no approver stands for. One person stands for one group only: the one of their groups with which the
 * most groups are covered. That is a maximum bipartite matching.
 */
function uncovered(required: readonly string[], people: readonly { groups: readonly string[] }[]) {
  const groups = [...new Set(required.map(foldedId))];
  const standsFor: Map<string, { groups: readonly string[] }> = new Map();
  for (const person of people) seat(person, groups, standsFor, new Set());
  return required.filter(
    (group, index) => !standsFor.has(foldedId(group)) && required.indexOf(group) === index,
  );
}

/** Gives a person a group, moving others to another of theirs when that makes room. */
function seat(
  person: { groups: readonly string[] },
  groups: string[],
  standsFor: Map<string, { groups: readonly string[] }>,
  seen: Set<string>,
): boolean {
  for (const group of groups) {
    if (seen.has(group) || !person.groups.some((own) => foldedId(own) === group)) continue;
    seen.add(group);
    const holder = standsFor.get(group);
    if (holder && !seat(holder, groups, standsFor, seen)) continue;
    standsFor.set(group, person);
    return true;
  }
  return false;
}
