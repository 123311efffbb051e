// Why the decision cannot be sent yet: each reason with its words, in the order in which a person deals with them.
import { strings } from "../strings/index.ts";
import { type BatchPage, partOf } from "./page.ts";

export type Hindrance = "choosing" | "drawing" | "blocked" | "unopened" | "folded" | "reason" | "words";

export function hindrances(element: BatchPage): Hindrance[] {
  const { arranged, drawn, turns, selection, folded, decision, draft } = element;
  const rows = arranged?.rows ?? [];
  const all: readonly (readonly [Hindrance, boolean])[] = [
    ["choosing", partOf(element) === undefined || arranged !== selection.arranged],
    ["drawing", drawn < rows.length || turns.isBehind],
    ["blocked", rows.some((row) => element.blockOf(row) !== undefined)],
    ["unopened", unopened(element).length > 0],
    ["folded", folded > 0],
    ["reason", decision === "reject" && draft.reason.trim() === ""],
    ["words", !isNamed(element)],
  ];
  return all.filter(([, holds]) => holds).map(([name]) => name);
}

export function hindranceWords(hindrance: Hindrance, element: BatchPage): string {
  const words = strings.batch;
  return {
    choosing: words.needsChoosing,
    drawing: words.needsDrawing,
    blocked: words.needsLeavingOut,
    unopened: words.needsOpening(unopened(element).length),
    folded: words.needsUnfolding,
    reason: words.needsReason,
    words: words.needsWords,
  }[hindrance];
}

/** Rows that hide characters, and that the person has not opened. */
export function unopened({ arranged, opened }: BatchPage) {
  return (arranged?.rows ?? []).filter(({ isHiding, key }) => isHiding && !opened.has(key));
}

/**
 * Do the words that were typed name what is shown? The number, and the end of the hash: or all of the hash, by whoever
 * got it from somebody else and pastes it.
 */
export function isNamed(element: BatchPage): boolean {
  const part = partOf(element);
  if (!part) return false;
  const typed = element.draft.words.trim().replaceAll(/\s+/g, " ").toLowerCase();
  return typed === part.words || typed === `${part.requests.length} ${part.hash}`;
}
