// What a service has already of an image: requests that wait, that were signed, rejected or failed. Who asks for a
// signature again by mistake gives approvers the same work twice.
import { artifactOf, type Signing } from "ocisign";
import { isText } from "../foreign.ts";
import { isSameId } from "../service/same-id.ts";
import { dateOf } from "./date.ts";

/** Of which product, and of which of its operations, if that is known. */
export interface Asked {
  readonly productId: string;
  readonly operationId?: string | undefined;
}

/** How an earlier request stands. `waiting` is all that is not final, and that the profile explains. */
export type Standing = "waiting" | "signed" | "rejected" | "failed";

export interface Earlier {
  readonly signing: Signing;
  readonly standing: Standing;
}

/** In this order, it matters most to who would ask again. */
const ranks: readonly Standing[] = ["waiting", "signed", "rejected", "failed"];

/**
 * Requests of a product, by the canonical reference of their image; of each image, first those that wait, and the
 * newest of them. A request with
 * a code that nobody explained is none of them: it says nothing.
 */
export function earlierRequests(
  list: readonly Signing[],
  asked: Asked,
): ReadonlyMap<string, readonly Earlier[]> {
  const found = new Map<string, Earlier[]>();
  for (const signing of list) {
    const standing = standingOf(signing);
    if (standing === undefined || !isAbout(signing, asked)) continue;
    const artifact = artifactOf(signing);
    if (artifact.state !== "image") continue;
    const { canonical } = artifact.reference;
    const others = found.get(canonical) ?? [];
    others.push({ signing, standing });
    found.set(canonical, others);
  }
  for (const others of found.values()) {
    others.sort(byStanding);
  }
  return found;
}

/** What matters most first, and the newest of that. */
export function byStanding(a: Earlier, b: Earlier): number {
  return ranks.indexOf(a.standing) - ranks.indexOf(b.standing) || ageOf(a.signing) - ageOf(b.signing);
}

function ageOf({ createdAt }: Signing): number {
  return -(dateOf(createdAt)?.valueOf() ?? 0);
}

function standingOf({ state, final }: Signing): Standing | undefined {
  if (state === "unknown") return undefined;
  if (!final) return "waiting";
  return state === "signed" || state === "rejected" || state === "failed" ? state : undefined;
}

/** Is it of this product and operation? A list may leave the operation out, and then the product says enough. */
export function isAbout({ productId, idProductOperation }: Signing, asked: Asked): boolean {
  if (!isText(productId) || !isSameId(productId, asked.productId)) return false;
  const { operationId } = asked;
  return (
    operationId === undefined || !isText(idProductOperation) || isSameId(idProductOperation, operationId)
  );
}
