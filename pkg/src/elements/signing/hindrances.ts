// Why a person cannot approve on this page yet: each reason with its words, in the order in which a person deals with
// them.

import { type Refusal, refusalsOf } from "../../shown/refusals.ts";
import { strings } from "../strings/index.ts";
import { namesDigest } from "./digest-tail.ts";
import type { SigningPage } from "./page.ts";

export type Hindrance = "changed" | Refusal | "loss" | "reading" | "folded" | "tail";

export function hindrances({ shown, changes, findings, folded, desk }: SigningPage): Hindrance[] {
  const refusals = shown ? refusalsOf(shown, findings.shownProduct, findings.keyProblem) : [];
  const all: readonly (readonly [Hindrance, boolean])[] = [
    ["changed", changes.length > 0],
    ["no-reference", !shown || refusals.includes("no-reference")],
    ["mismatch", refusals.includes("mismatch")],
    ["key-mismatch", refusals.includes("key-mismatch")],
    ["bad-pin", refusals.includes("bad-pin")],
    ["loss", findings.loss.value === true],
    ["reading", findings.product.state === "reading"],
    ["product-unread", refusals.includes("product-unread")],
    ["folded", folded > 0],
    ["tail", !namesDigest(desk.draft.tail, shown?.image?.digest)],
  ];
  return all.filter(([, holds]) => holds).map(([name]) => name);
}

const ends: ReadonlySet<Hindrance> = new Set(["no-reference", "mismatch", "key-mismatch", "bad-pin", "loss"]);

/** Those that reading, waiting and typing do not end: only a rejection is left. */
export function onlyRejection(found: Hindrance[]) {
  return found.find((one) => ends.has(one));
}

export function hindranceWords(hindrance: Hindrance) {
  const words = strings.signing;
  return {
    changed: words.hasChanged,
    "no-reference": words.noReference,
    mismatch: words.mismatch,
    "key-mismatch": words.keyMismatch,
    "bad-pin": words.badPin,
    loss: words.loss,
    reading: words.stillReading,
    "product-unread": words.productNeeded,
    folded: words.isFolded,
    tail: words.needsTail,
  }[hindrance];
}
