// A request as the queue knows it: what it shows, finds and sorts by, made once when the request is read, so that ten
// thousand of them are searched at every letter.
import { foresee } from "../model/decision.js";
import { viewOf } from "../model/request-view.js";
import { asText } from "../text/as-text.ts";

/**
 * @typedef {import("ocisign").Signing} Signing
 *
 * @typedef {object} Row
 * @property {string} key its id, as ids are compared
 * @property {Signing} signing as the service sent it
 * @property {import("../model/artifact.js").Artifact} artifact
 * @property {import("../model/request-view.js").Person | undefined} requester
 * @property {string} productId
 * @property {string} productKey the same, as ids are compared
 * @property {string} reason the description, or else the request's name
 * @property {Date | undefined} createdAt
 * @property {string[] | undefined} required
 * @property {string[] | undefined} missing
 * @property {import("../model/request-view.js").Agreement[]} approvals
 * @property {string} searched all that a search looks at but the product's name, as `searchable` makes it
 * @property {import("../model/decision.js").Foresight} foresight
 */

/** @param {Signing} signing @param {import("../index.js").Identity | undefined} person @returns {Row} */
export function rowOf(signing, person) {
  const request = viewOf(signing);
  const { artifact, requester, name, description, createdAt, required, missing, approvals } = request;
  const productId = asText(signing.productId);
  const found = [
    ...[signing.id, artifact.text, artifact.encoded, requester?.name ?? "", requester?.objectId ?? ""],
    ...[productId, name, description],
  ];
  return {
    ...{
      key: keyOf(signing.id),
      signing,
      artifact,
      requester,
      productId,
      productKey: keyOf(productId),
      createdAt,
    },
    ...{ required, missing, approvals },
    reason: description || name,
    // No word can reach over a line break.
    searched: searchable(found.join("\n")),
    foresight: foresee(request, person),
  };
}

/** Ids are UUIDs, whose case says nothing; only that of ASCII, since others fold into it. @param {string} id */
export function keyOf(id) {
  return id.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Without regard to case, and to how accents are written. @param {string} text */
export function searchable(text) {
  return text.normalize("NFC").toLowerCase();
}
