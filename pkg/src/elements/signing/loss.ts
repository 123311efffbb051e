// Does the service say more of a request, or of its product, than JavaScript keeps? The client approves nothing then: a
// person should know before they read it, and not by their click.
import { readBatch, type SigningClient, type SigningId } from "ocisign";
import { isLoss } from "../../service/loss.ts";

/** What comes in its way says nothing of the request: the client looks once more before it approves. */
export async function lossOf(client: SigningClient, id: SigningId, signal: AbortSignal): Promise<boolean> {
  try {
    const { products } = await readBatch(client, { ids: [id] }, { signal });
    return products.some(({ error }) => isLoss(error));
  } catch (error) {
    return isLoss(error);
  }
}
