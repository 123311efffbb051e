// How the requests of a list stand now, while a person may be watching; and those of a batch that the address names,
// such as after the page was loaded again.
import type { Signing, SigningClient } from "ocisign";
import { batchOf } from "../../bulk/batch-mark.ts";
import type { OcisignElement } from "../base.ts";
import { Watching } from "../controllers/watching.ts";

/** In milliseconds: a list is read as a whole, and less often than one request. */
const first = 5000;
const longest = 60_000;

interface Form extends OcisignElement {
  /** The batch whose results are shown. */
  readonly watchedBatches: readonly string[];
}

export class BatchWatch {
  /** By id, as the service showed them last. */
  #now = new Map<string, Signing>();
  #client: SigningClient | undefined;
  #watched = "";
  /** Why the list could not be read. */
  error: unknown;
  #watching: Watching<readonly Signing[]>;

  /** @param found all requests of the batches, at each look */
  constructor(element: Form, found: (signings: readonly Signing[]) => void) {
    this.#watching = new Watching<readonly Signing[]>(element, {
      look: async (signal) => {
        const batches = new Set(element.watchedBatches);
        const list = (await this.#client?.signings(undefined, { signal })) ?? [];
        return list.filter((signing) => batches.has(batchOf(signing) ?? ""));
      },
      seen: (signings) => {
        const changed = signings.some(({ id, code }) => this.#now.get(id)?.code !== code);
        this.#now = new Map(signings.map((signing) => [signing.id, signing]));
        found(signings);
        // A batch that is still being sent has requests that this look did not see.
        return { changed, done: signings.length > 0 && signings.every(({ final }) => final) };
      },
      // The results themselves may stand on the page already: then the form goes on as it is.
      failed: (error) => {
        this.error = error;
        element.requestUpdate();
      },
      ...{ first, longest },
    });
  }

  /** Watches these batches, unless it does so already. */
  by(client: SigningClient | undefined, batches: readonly string[]) {
    const watched = batches.join(" ");
    if (client === this.#client && watched === this.#watched) return;
    this.#client = client;
    this.#watched = watched;
    this.error = undefined;
    if (client && watched) this.#watching.start();
    else this.#watching.stop();
  }

  /** Has the service shown its list at least once? */
  get isRead() {
    return this.#watching.seenAt !== undefined;
  }

  /** Looks again after a failure, once a person asks for it. */
  again() {
    this.error = undefined;
    this.#watching.start();
  }

  /** A request as it was seen last. */
  now = (signing: Signing) => this.#now.get(signing.id) ?? signing;
}
