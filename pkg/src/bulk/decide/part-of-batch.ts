// Some of the requests that were shown together: a person leaves others out, or goes on with what was not tried.
import { quote } from "../../core.ts";
import { fail } from "../../error.ts";
import { copyOfList, fieldOf, isList, isText } from "../../foreign.ts";
import type { SigningClient } from "../../service/client.ts";
import type { SigningId } from "../../service/ids.ts";
import { foldedId } from "../../service/same-id.ts";
import type { ShownBatch } from "./batch.ts";
import { checkClient } from "./read-batch.ts";
import { showBatch } from "./show-batch.ts";

/**
 * Some of the requests that {@link readBatch} read, with what they have in common, their hash and the words that confirm
 * them. Nothing is read again: a decision about them is bound to what was shown.
 *
 * @param ids of requests of `shown`; one that comes twice counts once.
 * @throws {OcisignError} `bad-input`, also for an id that is not among them.
 * @example
 * ```js
 * import { partOfBatch, readBatch } from "ocisign";
 *
 * const shown = await readBatch(client, { ids: [request.id] });
 * const part = await partOfBatch(client, shown, [request.id]);
 * console.log(part.words);
 * ```
 */
export async function partOfBatch(
  client: SigningClient,
  shown: ShownBatch,
  ids: readonly SigningId[],
): Promise<ShownBatch> {
  checkClient(client);
  const fix = "Pass what readBatch gave, as it gave it.";
  if (!isList(fieldOf(shown, "requests")) || !isList(fieldOf(shown, "products")))
    throw fail("bad-input", "shown is no batch that was read.", fix);
  const known = new Map(shown.requests.map(({ signing }) => [foldedId(signing.id), signing]));
  const list = copyOfList(ids, known.size);
  if (!list || list.length === 0 || !list.every(isText)) {
    throw fail(
      "bad-input",
      "ids is not a list of texts, or is empty or too long.",
      "Pass ids of the requests.",
    );
  }
  const signings = [...new Set(list.map(foldedId))].map((id) => {
    const signing = known.get(id);
    if (signing) return signing;
    throw fail("bad-input", `No request that was shown has the id ${quote(id)}.`, fix);
  });
  const wanted = new Set(signings.map(({ productId }) => (isText(productId) ? foldedId(productId) : "")));
  const products = new Map(
    shown.products
      .filter(({ id }) => wanted.has(foldedId(id)))
      .map((product) => [foldedId(product.id), product]),
  );
  return showBatch({ batch: shown.batch, signings, products, unread: [] }, client.profile);
}
