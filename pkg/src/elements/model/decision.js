// May this person decide about this request? The service decides that in the end; here it is foreseen, so that nobody
// reads a request for minutes to be refused at the last click.
import { folded, groupsOf, shared } from "./groups.js";

/**
 * @typedef {"not-waiting" | "own-request" | "already-approved" | "not-an-approver" | "group-already-approved"} Obstacle
 *
 * @typedef {object} Foresight
 * @property {boolean} known false when too little is known of the person or of the rule: then the service decides
 * @property {Obstacle} [obstacle] why this person cannot approve
 * @property {boolean} mayReject
 * @property {string[]} [leaves] the groups that would be missing after this person's approval
 */

/**
 * @param {Pick<import("./request-view.js").RequestView, "signing" | "required" | "requester" | "approvals">} request
 * @param {import("../index.js").Identity | undefined} person
 * @returns {Foresight}
 */
export function foresee(request, person) {
  const { signing, required, requester, approvals } = request;
  if (!mayBeDecided(signing)) return { known: true, obstacle: "not-waiting", mayReject: false };
  const groups = groupsOf(person);
  if (!person || !groups || !required) return { known: false, mayReject: true };
  const isApprover = shared(required, groups).length > 0;
  if (person.objectId !== undefined && requester?.objectId === person.objectId) {
    // To reject one's own is to withdraw it.
    return { known: true, obstacle: "own-request", mayReject: isApprover };
  }
  if (!isApprover) return { known: true, obstacle: "not-an-approver", mayReject: false };
  const isSame = (/** @type {import("./request-view.js").Agreement} */ it) =>
    person.objectId !== undefined && it.person.objectId === person.objectId;
  if (approvals.some(isSame)) return { known: true, obstacle: "already-approved", mayReject: true };
  const before = uncovered(required, approvals);
  const leaves = uncovered(required, [...approvals, { groups }]);
  if (leaves.length === before.length) {
    return { known: true, obstacle: "group-already-approved", mayReject: true };
  }
  return { known: true, mayReject: true, leaves };
}

/** What has a status that nobody explained may wait for approval, too. @param {import("ocisign").Signing} signing */
export function mayBeDecided({ state }) {
  return state === "waiting" || state === "new" || state === "unknown";
}

/**
 * The groups that nobody stands for. One person stands for one group only, and for whichever of theirs lets the most
 * groups be covered: a maximum bipartite matching.
 *
 * @param {readonly string[]} required @param {readonly { groups: readonly string[] }[]} people
 */
function uncovered(required, people) {
  const groups = [...new Set(required.map(folded))];
  /** @type {Map<string, { groups: readonly string[] }>} */
  const standsFor = new Map();
  for (const person of people) seat(person, groups, standsFor, new Set());
  return required.filter(
    (group, index) => !standsFor.has(folded(group)) && required.indexOf(group) === index,
  );
}

/** Gives a person a group, moving others to another of theirs when that makes room. @param {{ groups: readonly string[] }} person @param {string[]} groups @param {Map<string, { groups: readonly string[] }>} standsFor @param {Set<string>} seen @returns {boolean} */
function seat(person, groups, standsFor, seen) {
  for (const group of groups) {
    if (seen.has(group) || !person.groups.some((own) => folded(own) === group)) continue;
    seen.add(group);
    const holder = standsFor.get(group);
    if (holder && !seat(holder, groups, standsFor, seen)) continue;
    standsFor.set(group, person);
    return true;
  }
  return false;
}
