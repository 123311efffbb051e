// Does the service say more of a request, or of its product, than JavaScript keeps? The client approves nothing then: a
// person should know before they decide, and not by their decision.
import { readBatch, type SigningClient, type SigningId } from "ocisign";
import { isLoss } from "../service/loss.ts";

/**
 * What comes in its way says nothing of the request: the client looks once more before it approves.
 *
 * @returns what says so; undefined where nothing is lost
 */
export async function lossOf(client: SigningClient, id: SigningId, signal: AbortSignal): Promise<unknown> {
  try {
    const { products, unread } = await readBatch(client, { ids: [id] }, { signal });
    return [...products, ...unread].map(({ error }) => error).find(isLoss);
  } catch (error) {
    return isLoss(error) ? error : undefined;
  }
}
