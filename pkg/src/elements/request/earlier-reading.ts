// What the service has already of the images in the form: one reading of its list, for the product that is chosen.
import type { SigningClient } from "ocisign";
import type { Asked, Earlier } from "../../shown/earlier.ts";
import { byStanding, earlierRequests } from "../../shown/earlier.ts";
import type { OcisignElement } from "../base.ts";
import { pause } from "../controllers/pause.ts";
import { Reading } from "../controllers/reading.ts";
import { codeOf } from "../model/errors.ts";

export type EarlierOf = ReadonlyMap<string, readonly Earlier[]>;

/** `sent` grows with each sending: what was sent is earlier than what comes then. */
type Key = [client: SigningClient, productId: string, operationId: string | undefined, sent: number];

/** A list of thousands is read in slices, so that typing goes on meanwhile. */
const slice = 500;

export class EarlierReading {
  #reading: Reading<EarlierOf, Key>;
  #sent = 0;

  constructor(element: OcisignElement) {
    this.#reading = new Reading<EarlierOf, Key>(element, read);
  }

  /** Reads for a product, unless that was done already. */
  by(client: SigningClient | undefined, asked: Asked | undefined) {
    this.#reading.by(client && asked ? [client, asked.productId, asked.operationId, this.#sent] : undefined);
  }

  /** Something was sent. */
  forget() {
    this.#sent += 1;
  }

  /** The list could not be read. Who may not list requests may make them, and need not be told each time. */
  get isUnknown() {
    const { state, error } = this.#reading;
    return state === "failed" && codeOf(error) !== "forbidden";
  }

  /** Earlier requests of an image; none where the list could not be read. */
  of(canonical: string): readonly Earlier[] {
    return this.#reading.value?.get(canonical) ?? [];
  }
}

async function read([client, productId, operationId]: Key, signal: AbortSignal): Promise<EarlierOf> {
  const list = await client.signings(undefined, { signal });
  const found = new Map<string, readonly Earlier[]>();
  for (let at = 0; at < list.length; at += slice) {
    if (at > 0) await pause(0, signal);
    signal.throwIfAborted();
    const some = earlierRequests(list.slice(at, at + slice), { productId, operationId });
    for (const [canonical, earlier] of some) {
      found.set(canonical, [...(found.get(canonical) ?? []), ...earlier].sort(byStanding));
    }
  }
  return found;
}
