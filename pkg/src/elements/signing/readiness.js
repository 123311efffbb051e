// What stands in the way of approving, on this page: each reason with its words, in the order in which one deals with
// them.
import { strings } from "../strings/index.ts";
import { namesDigest } from "./desk.js";

/** @typedef {"changed" | "no-reference" | "mismatch" | "reading" | "folded" | "tail"} Hindrance */

/** @param {import("../signing.js").OcisignSigning} element @returns {Hindrance[]} */
export function hindrances({ shown, changes, findings, folded, desk }) {
  const reference = shown?.artifact.reference;
  /** @type {Record<Hindrance, boolean>} */
  const all = {
    changed: changes.length > 0,
    "no-reference": !reference,
    mismatch: findings.match?.error !== undefined,
    reading: findings.product.state === "reading",
    folded: folded > 0,
    tail: !namesDigest(desk.draft.tail, reference?.digest),
  };
  return /** @type {Hindrance[]} */ (Object.keys(all)).filter((name) => all[name]);
}

/** Those that reading, waiting and typing do not end: only a rejection is left. @param {Hindrance[]} found */
export function onlyRejection(found) {
  return found.find((one) => one === "no-reference" || one === "mismatch");
}

/** @param {Hindrance} hindrance */
export function hindranceWords(hindrance) {
  const words = strings.signing;
  return {
    changed: words.hasChanged,
    "no-reference": words.noReference,
    mismatch: words.mismatch,
    reading: words.stillReading,
    folded: words.isFolded,
    tail: words.needsTail,
  }[hindrance];
}
