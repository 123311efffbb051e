// Why a person cannot decide about one request of several: it has to be left out, by an act of the person.
import type { Refusal } from "ocisign";
import type { Foresight, Obstacle } from "../model/foresight.ts";
import { hindranceWords } from "../signing/hindrances.ts";
import { strings } from "../strings/index.ts";
import type { Row } from "./arranged.ts";
import type { Decision } from "./page.ts";

export type Block = Obstacle | Refusal | "may-not-reject";

export function blockOf(
  { request }: Row,
  { obstacle, mayReject }: Foresight,
  decision: Decision,
): Block | undefined {
  if (decision === "reject") return mayReject ? undefined : (obstacle ?? "may-not-reject");
  // What speaks against the request itself comes before what speaks against this person.
  return obstacle === "not-waiting" ? obstacle : (request.refusals[0]?.refusal ?? obstacle);
}

/** In words, to follow a number or to stand beside a request. */
export function blockWords(block: Block): string {
  const words: Readonly<Partial<Record<Block, string>>> = strings.batch.blocks;
  return words[block] ?? (isRefusal(block) ? hindranceWords(block) : block);
}

const refusals: ReadonlySet<Block> = new Set<Refusal>([
  ...(["no-reference", "mismatch", "key-mismatch", "bad-pin", "product-unread"] as const),
]);

function isRefusal(block: Block): block is Refusal {
  return refusals.has(block);
}
