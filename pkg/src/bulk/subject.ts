// Which product and operation the requests of a run are about.
import { isText } from "../foreign.ts";
import { isSameId } from "../service/same-id.ts";
import type { Signing } from "../service/signing.ts";

/** What the requests of a run have in common. */
export interface Subject {
  readonly productId: string;
  readonly operationId: string;
}

/** Does a request say that it is about these? */
export function isOf({ productId, idProductOperation }: Signing, subject: Subject): boolean {
  return (
    isText(productId) &&
    isText(idProductOperation) &&
    isSameId(productId, subject.productId) &&
    isSameId(idProductOperation, subject.operationId)
  );
}

/** Does a request say that it is about others? A list may leave both out. */
export function isOfAnother({ productId, idProductOperation }: Signing, subject: Subject): boolean {
  return isAnother(productId, subject.productId) || isAnother(idProductOperation, subject.operationId);
}

function isAnother(shown: unknown, id: string): boolean {
  // Mostly it is the very same text.
  return shown !== id && isText(shown) && !isSameId(shown, id);
}
