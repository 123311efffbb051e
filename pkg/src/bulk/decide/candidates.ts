// Which requests of a list may be of a batch? Of a list of many thousands, no more is kept than ids.
import type { OcisignError } from "../../error.ts";
import type { SigningId } from "../../service/ids.ts";
import type { Unreadable } from "../../service/listed.ts";
import { foldedId } from "../../service/same-id.ts";
import type { Signing } from "../../service/signing.ts";
import type { Visitor } from "../all-requests.ts";
import { batchOf } from "../batch-id.ts";

export class Candidates implements Visitor {
  /** Those that the list shows with the batch id, by their ids for comparing. */
  readonly named = new Map<string, SigningId>();
  /** Why others could not be read, whose ids nobody knows. */
  readonly nameless: OcisignError[] = [];
  readonly #batch: string;
  /** Those that cannot be read, or come again: the pages of a list shift while they are read. */
  readonly #unreadable: SigningId[] = [];
  /** Those that show no payload. */
  readonly #bare: SigningId[] = [];
  /** Those that show one without metadata. */
  #without: SigningId[] = [];
  #showsMetadata = false;

  constructor(batch: string) {
    this.#batch = batch;
  }

  see(signing: Signing): undefined {
    const { id, payload } = signing;
    if (batchOf(signing) === this.#batch) this.named.set(foldedId(id), id);
    if (!payload) {
      this.#bare.push(id);
    } else if (payload.metadata !== undefined) {
      // One without metadata may be of this batch, too, unless others of the list show theirs.
      this.#showsMetadata = true;
      this.#without = [];
    } else if (!this.#showsMetadata) {
      this.#without.push(id);
    }
  }

  unreadable({ id, error }: Unreadable): void {
    if (id === undefined) this.nameless.push(error);
    else this.#unreadable.push(id);
  }

  /** Those of which the list does not tell enough, each once. */
  unclear(): SigningId[] {
    const all = [...this.#bare, ...this.#without, ...this.#unreadable];
    const found = new Map(all.map((id) => [foldedId(id), id] as const));
    return [...found].filter(([folded]) => !this.named.has(folded)).map(([, id]) => id);
  }
}
