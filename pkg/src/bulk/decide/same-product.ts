// Which product and operation does a request name? No import but what compares ids: the command line draws by it, too.
import { isText } from "../../foreign.ts";
import { foldedId } from "../../service/same-id.ts";

/** What names a product and an operation, as a request does it: each field may be anything. */
export interface Pair {
  readonly productId?: unknown;
  readonly idProductOperation?: unknown;
}

/** One text for all spellings of the pair. What is no text names nothing. */
export function pairOf({ productId, idProductOperation }: Pair): string {
  return JSON.stringify([productId, idProductOperation].map((id) => (isText(id) ? foldedId(id) : "")));
}
