// What a signing request says, for showing. A service may leave out anything but id and status, and may send any JSON
// where a text is expected: nothing here throws, and what is not understood is kept.
import { asText } from "../text/as-text.ts";
import { dateOf } from "../text/time.ts";
import { artifactOf } from "./artifact.js";

/** What is read here by name; all else a service sends is shown as it is. */
const known = new Set([
  ...[
    "id",
    "status",
    "code",
    "state",
    "final",
    "name",
    "description",
    "productId",
    "idProductOperation",
    "payload",
  ],
  ...[
    "requester",
    "createdAt",
    "updatedAt",
    "requiredGroups",
    "missingGroups",
    "approvals",
    "history",
    "reason",
  ],
]);

/**
 * @typedef {object} Person
 * @property {string} name what to show: the name, or else the id
 * @property {string} [objectId] who, for comparing
 *
 * @typedef {object} Agreement an approval
 * @property {Person} person
 * @property {string[]} groups those of the person
 * @property {Date} [at]
 * @property {string} comment
 *
 * @typedef {object} Step what happened, and when
 * @property {number} status
 * @property {Date} [at]
 * @property {Person} [by]
 * @property {string} comment
 *
 * @typedef {object} RequestView
 * @property {import("ocisign").Signing} signing as the service sent it
 * @property {import("./artifact.js").Artifact} artifact
 * @property {string} name
 * @property {string} description
 * @property {string} payloadName
 * @property {{ name: string, value: string }[]} metadata
 * @property {Person | undefined} requester
 * @property {Date | undefined} createdAt
 * @property {string[] | undefined} required groups that have to approve, if the service says so
 * @property {string[] | undefined} missing groups that have not approved, if the service says so
 * @property {Agreement[]} approvals
 * @property {Step[]} history oldest first
 * @property {string} reason
 * @property {Record<string, unknown>} rest fields that are not known here
 */

/** @param {import("ocisign").Signing} signing @returns {RequestView} */
export function viewOf(signing) {
  const payload = Object(signing.payload);
  return {
    signing,
    artifact: artifactOf(signing),
    name: asText(signing.name),
    description: asText(signing.description),
    payloadName: asText(payload.name),
    metadata: listOf(payload.metadata).map(row),
    requester: personOf(signing.requester),
    createdAt: dateOf(signing.createdAt),
    required: textsOf(signing.requiredGroups),
    missing: textsOf(signing.missingGroups),
    approvals: listOf(signing.approvals).map(agreement),
    history: listOf(signing.history).map(step),
    reason: asText(signing.reason),
    rest: Object.fromEntries(Object.entries(signing).filter(([key]) => !known.has(key))),
  };
}

/** @param {any} given */
function row(given) {
  const isRow = given?.name !== undefined && given?.value !== undefined;
  return isRow
    ? { name: asText(given.name), value: asText(given.value) }
    : { name: "", value: asText(given) };
}

/** @param {any} given @returns {Agreement} */
function agreement(given) {
  return {
    person: personOf(given) ?? { name: "" },
    groups: textsOf(given?.groups) ?? [],
    at: dateOf(given?.at),
    comment: asText(given?.comment),
  };
}

/** @param {any} given @returns {Step} */
function step(given) {
  return {
    status: given?.status,
    at: dateOf(given?.at),
    by: personOf(given?.by),
    comment: asText(given?.comment),
  };
}

/** @param {any} given a name, or an object with `name` and `objectId` @returns {Person | undefined} */
function personOf(given) {
  if (given === undefined || given === null || given === "") return undefined;
  const objectId = typeof given.objectId === "string" ? given.objectId : undefined;
  const name = asText(given.name) || objectId || asText(given);
  return objectId === undefined ? { name } : { name, objectId };
}

/** @param {unknown} given @returns {any[]} */
function listOf(given) {
  if (given === undefined || given === null) return [];
  return Array.isArray(given) ? given : [given];
}

/** @param {unknown} given @returns {string[] | undefined} */
function textsOf(given) {
  return Array.isArray(given) ? given.map(asText) : undefined;
}
