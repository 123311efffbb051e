// The one JSON document of a list. What came of each image is kept for it only if it is asked for; a report is written
// while the run goes on, and needs no memory.
import type { Signing } from "ocisign";
import type { SignOutcome } from "../../bulk/outcome.ts";
import { uncheckedOf } from "../product-seen.ts";
import type { ReportEntry } from "../report/entry.ts";

interface Place {
  readonly line: number;
  readonly reference: string;
}

interface Requested extends Place {
  readonly signing: Signing;
  readonly takenUp?: true | undefined;
  readonly error?: ReportEntry["error"];
}

interface Failed extends Place {
  readonly error: ReportEntry["error"];
}

interface Skipped extends Place {
  readonly why: string;
  readonly id?: string | undefined;
  readonly was?: string | undefined;
}

export class ListDocument {
  readonly #isWanted: boolean;
  readonly #requested: Requested[] = [];
  readonly #failed: Failed[] = [];
  readonly #doubtful: Failed[] = [];
  readonly #skipped: Skipped[] = [];
  readonly notRequested: Place[] = [];

  constructor(isWanted: boolean) {
    this.#isWanted = isWanted;
  }

  add(outcome: SignOutcome, { line = 0, reference, error }: ReportEntry): void {
    if (!this.#isWanted) return;
    const place = { line, reference };
    if (outcome.state === "skipped") {
      const { why, id, was } = outcome;
      this.#skipped.push({ ...place, why, id, was });
    } else if (outcome.state === "doubtful") {
      this.#doubtful.push({ ...place, error });
    } else if (outcome.signing) {
      const signing = { ...outcome.signing, ...uncheckedOf(outcome.signing) };
      const takenUp = "takenUp" in outcome ? outcome.takenUp : undefined;
      this.#requested.push({ ...place, signing, takenUp, error });
    } else {
      this.#failed.push({ ...place, error });
    }
  }

  whole(batch: string | undefined, counts: Readonly<Record<string, number>>) {
    return {
      batch,
      counts,
      requested: inOrder(this.#requested),
      failed: inOrder(this.#failed),
      doubtful: inOrder(this.#doubtful),
      skipped: inOrder(this.#skipped),
      notRequested: inOrder(this.notRequested),
    };
  }
}

/** They came in the order in which they ended. */
function inOrder<T extends Place>(places: readonly T[]): T[] {
  return places.toSorted((a, b) => a.line - b.line);
}
