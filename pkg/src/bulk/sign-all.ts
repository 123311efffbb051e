// Requests signatures of many images.
import { asReference } from "../image/read.ts";
import { SigningClient } from "../service/client.ts";
import type { ClientOptions } from "../service/client-options.ts";
import { batchEntry, checkBatchId, newBatchId, requestEntry, requestKey } from "./batch-id.ts";
import type { SignOutcome } from "./outcome.ts";
import type { Artifacts, SignAllOptions } from "./sign-options.ts";

/** @param settings what the caller's client was made from */
export async function* signAll(
  settings: ClientOptions,
  artifacts: Artifacts,
  options: SignAllOptions,
): AsyncGenerator<SignOutcome, void, undefined> {
  const client = new SigningClient(settings);
  const batch = options.batch === undefined ? newBatchId() : checkBatchId(options.batch);
  const product = options.product ?? (await client.product(options.productId));
  const list = typeof artifacts === "function" ? await artifacts() : artifacts;
  let index = 0;
  for await (const artifact of list) {
    const reference = asReference(artifact);
    const own = [
      { name: batchEntry, value: batch },
      { name: requestEntry, value: await requestKey(batch, reference.canonical) },
    ];
    const { operation, operationId, name, description, metadata = [] } = options;
    const input = { operation, operationId, name, description, metadata: [...metadata, ...own] };
    const signing = await client.requestSigning({ ...input, product, artifact: reference });
    const state = signing.final ? signing.state : signing.state === "unknown" ? "unexplained" : "waiting";
    yield { index: index++, reference: reference.canonical, state, signing };
  }
}
