// A request with a word of its own in every place that a service may fill, known or not: whoever shows a request has
// to show all of them.
import { signingOf } from "./fake-service.js";

export const image = `registry.example/team/app@sha256:${"ab".repeat(28)}0123abcd`;

/** Each word, by the place where it stands. A path of names and indices. */
const places = /** @type {const} */ ({
  name: ["name"],
  description: ["description"],
  payloadName: ["payload", "name"],
  payloadField: ["payload", "ticket"],
  payloadDeep: ["payload", "policy", "steps", 0, "run"],
  parameterField: ["payload", "optionalParameters", 0, "tag"],
  parameterDeep: ["payload", "optionalParameters", 0, "options", "recursive"],
  rowName: ["payload", "metadata", 0, "name"],
  rowValue: ["payload", "metadata", 0, "value"],
  rowNested: ["payload", "metadata", 1, "value", "inner"],
  rowField: ["payload", "metadata", 2, "note"],
  rowText: ["payload", "metadata", 3],
  rowList: ["payload", "metadata", 4, 0],
  requesterName: ["requester", "name"],
  requesterId: ["requester", "objectId"],
  requesterField: ["requester", "department"],
  created: ["createdAt"],
  required: ["requiredGroups", 0],
  extra: ["deployTo"],
  extraDeep: ["environment", "cluster", 0, "zone"],
  dotted: ["a.b"],
  prototype: ["__proto__"],
});

/** What moves by itself. */
const livePlaces = /** @type {const} */ ({
  approver: ["approvals", 0, "name"],
  approverField: ["approvals", 0, "device"],
  approvalText: ["approvals", 1],
  approvalComment: ["approvals", 0, "comment"],
  stepPerson: ["history", 0, "by", "name"],
  stepComment: ["history", 0, "comment"],
  stepField: ["history", 0, "channel"],
  reason: ["reason"],
  updated: ["updatedAt"],
});

/** @typedef {readonly (string | number)[]} Place */

/** The words that a decision is bound to, by their places. */
export const bound = wordsOf(places);
/** The words that are shown as they are now. */
export const live = wordsOf(livePlaces);

/** The request with all of them. @param {Record<string, unknown>} [changes] */
export function fullRequest(changes = {}) {
  const request = signingOf(image, {
    productId: "p",
    idProductOperation: "o",
    approvals: [{ at: "2026-11-22T14:02:11Z", objectId: "someone" }],
    history: [{ status: 2, at: "2026-11-22T14:02:11Z" }],
  });
  request.payload.metadata = [{}, { name: "nested" }, { name: "noted", value: "1" }];
  for (const { place, word } of [...bound, ...live]) put(request, place, word);
  return { ...request, ...changes };
}

/**
 * A copy in which another word stands in a place.
 *
 * @param {any} request @param {Place} place
 */
export function changedAt(request, place) {
  const copy = structuredClone(request);
  put(copy, place, "another");
  return copy;
}

/** @param {Record<string, Place>} places @returns {{ name: string, place: Place, word: string }[]} */
function wordsOf(places) {
  return Object.entries(places).map(([name, place]) => ({ name, place, word: `word-${name}-here` }));
}

/** Puts a value into a place. @param {any} target @param {Place} place @param {unknown} word */
export function put(target, place, word) {
  const [key, next] = place;
  if (key === undefined) return;
  // A name such as `__proto__` is a field of JSON like any other.
  const set = (/** @type {unknown} */ value) =>
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  if (place.length === 1) return void set(word);
  if (!Object.hasOwn(target, key)) set(typeof next === "number" ? [] : {});
  put(target[key], place.slice(1), word);
}
