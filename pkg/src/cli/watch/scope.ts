// Which requests are told: those that may need this person's review, this person's own, or all. The page foresees by
// the same rule which ones need a review.

import type { Signing } from "ocisign";
import { foresee } from "../../elements/model/foresight.ts";
import { foldedId, isSameId } from "../../service/same-id.ts";
import { asText } from "../../shown/as-text.ts";
import { isSamePerson } from "../../shown/person.ts";
import { viewOf } from "../../shown/request-view.ts";
import { claimsOf, identityOf } from "../claims.ts";
import { Problem } from "../problem.ts";
import type { Session } from "../session.ts";

/** What a watch is about. */
export interface Scope {
  readonly of: "review" | "mine" | "all";
  /** Of one product, by its id. */
  readonly productId: string | undefined;
  readonly state: string | undefined;
}

/** Who a token is about. */
export interface Me {
  readonly objectId?: string | undefined;
  readonly groups?: readonly string[] | undefined;
}

/** Follows who the token is about. A new token may name other groups, but no other person. */
export class Watcher {
  readonly #session: Session;
  readonly #needsId: boolean;
  #token: string | undefined;
  #me: Me | undefined;
  #isToldUnknown = false;

  /** @param needsId is it an error that the token does not say who it is about? */
  constructor(session: Session, needsId: boolean) {
    this.#session = session;
    this.#needsId = needsId;
  }

  /** Of the token that was used last; nothing where it does not say. */
  get me(): Me | undefined {
    const token = this.#session.usedToken;
    if (token === undefined || token === this.#token) return this.#me;
    const me = this.#read(token);
    const isAnother = this.#token !== undefined && !isSamePerson(me, this.#me) && this.#me !== undefined;
    if (isAnother) {
      const fix = "Start again, with a state file of that person's own.";
      throw new Problem("changed", "The new token is another person's, and the watch ends.", fix);
    }
    this.#token = token;
    this.#me = me;
    return me;
  }

  #read(token: string): Me | undefined {
    if (this.#needsId) identityOf(token);
    try {
      const { objectId, groups } = claimsOf(token);
      return objectId === undefined ? undefined : { objectId, groups };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (!this.#isToldUnknown) this.#session.output.note(`${error.message} Every open request may need it.`);
      this.#isToldUnknown = true;
      return undefined;
    }
  }
}

/** May it need this person's review? */
export function mayNeedReview(signing: Signing, me: Me | undefined): boolean {
  return foresee(viewOf(signing), me).obstacle === undefined;
}

/** Is a request within the scope, whatever its state? */
export function isWithin({ of, productId }: Scope, signing: Signing, me: Me | undefined): boolean {
  // A service may not know our filter.
  const product = asText(signing.productId);
  if (productId !== undefined && product !== "" && !isSameId(product, productId)) return false;
  if (of === "all") return true;
  return of === "mine" ? isSamePerson(viewOf(signing).requester, me) : mayNeedReview(signing, me);
}

/** Its key among others. */
export function keyOf({ id }: Pick<Signing, "id">): string {
  return foldedId(id);
}
