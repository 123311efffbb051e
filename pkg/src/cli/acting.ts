// Calls that act at the service. Ctrl-C cannot take one back.

import type { ImageReference, NamedValue, Product, RequestedSigning, Signing } from "ocisign";
import { libraryError } from "./library-error.ts";
import type { Session } from "./session.ts";

/** Acts; `what` is such as `The approval`. */
export async function acting<T>(
  { output, signal }: Session,
  what: string,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (signal.aborted && libraryError(error)?.taken === "maybe") {
      output.settle();
      output.note(`${what} was in progress; the service may have accepted it. Check \`ocisign signings\`.`);
    }
    throw error;
  }
}

/**
 * A service may answer what acts with id and status only. People are shown the whole request, which one look brings. If
 * that fails, the short reply counts: the act itself succeeded.
 */
export async function inFull(session: Session, reply: Signing): Promise<Signing> {
  if (reply.payload !== undefined) return reply;
  try {
    const client = await session.service();
    return await client.signing(reply.id, { signal: session.signal });
  } catch (error) {
    if (libraryError(error)) return reply;
    throw error;
  }
}

/** What a request says beside its product and image. */
export interface RequestDetails {
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly metadata: readonly NamedValue[] | undefined;
  /** An id or a name. */
  readonly operation: string | undefined;
}

/** What is requested of: a product that was read, or one that this person may not read, by its id. */
export interface RequestOf {
  readonly product: Product | undefined;
  readonly productId: string;
}

/** Requests one signature. Of a product that was not read, the operation is an id. */
export async function request(
  session: Session,
  { product, productId }: RequestOf,
  artifact: ImageReference,
  { operation, ...details }: RequestDetails,
): Promise<RequestedSigning> {
  const client = await session.service();
  const input = product
    ? { product, operation, artifact, ...details }
    : { productId, operationId: operation, artifact, ...details };
  return acting(session, `The request for ${artifact.canonical}`, () =>
    client.requestSigning(input, { signal: session.signal }),
  );
}
