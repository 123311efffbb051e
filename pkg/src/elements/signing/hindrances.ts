// What stands in the way of approving, on this page: each reason with its words, in the order in which one deals with
// them.

import type { OcisignSigning } from "../signing.ts";
import { strings } from "../strings/index.ts";
import { namesDigest } from "./desk.ts";

export type Hindrance = "changed" | "no-reference" | "mismatch" | "reading" | "folded" | "tail";

export function hindrances({ shown, changes, findings, folded, desk }: OcisignSigning): Hindrance[] {
  const reference = shown?.image;
  const all: Record<Hindrance, boolean> = {
    changed: changes.length > 0,
    "no-reference": !reference,
    mismatch: findings.match?.error !== undefined,
    reading: findings.product.state === "reading",
    folded: folded > 0,
    tail: !namesDigest(desk.draft.tail, reference?.digest),
  };
  return (Object.keys(all) as Hindrance[]).filter((name) => all[name]);
}

/** Those that reading, waiting and typing do not end: only a rejection is left. */
export function onlyRejection(found: Hindrance[]) {
  return found.find((one) => one === "no-reference" || one === "mismatch");
}

export function hindranceWords(hindrance: Hindrance) {
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
