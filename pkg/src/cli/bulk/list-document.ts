// The one JSON document of a list. What came of each image is kept for it only if it is asked for; a report is written
// while the run goes on, and needs no memory.
import type { Signing } from "ocisign";
import type { SignOutcome } from "../../bulk/outcome.ts";
import { uncheckedOf } from "../product-seen.ts";
import type { ReportEntry } from "../report/entry.ts";
import { KeptPlaces, type Place } from "./kept-places.ts";

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
  readonly #requested = new KeptPlaces<Requested>();
  readonly #failed = new KeptPlaces<Failed>();
  readonly #doubtful = new KeptPlaces<Failed>();
  readonly #skipped = new KeptPlaces<Skipped>();
  readonly notRequested = new KeptPlaces<Place>();

  constructor(isWanted: boolean) {
    this.#isWanted = isWanted;
  }

  add(outcome: SignOutcome, { line = 0, reference, error }: ReportEntry): void {
    if (!this.#isWanted) return;
    const place = { line, reference };
    if (outcome.state === "skipped") {
      const { why, id, was } = outcome;
      this.#skipped.add({ ...place, why, id, was });
    } else if (outcome.state === "doubtful") {
      this.#doubtful.add({ ...place, error });
    } else if (outcome.signing) {
      const signing = { ...outcome.signing, ...uncheckedOf(outcome.signing) };
      const takenUp = "takenUp" in outcome ? outcome.takenUp : undefined;
      this.#requested.add({ ...place, signing, takenUp, error });
    } else {
      this.#failed.add({ ...place, error });
    }
  }

  whole(batch: string | undefined, counts: Readonly<Record<string, number>>) {
    return {
      batch,
      counts,
      requested: this.#requested.inOrder(),
      failed: this.#failed.inOrder(),
      doubtful: this.#doubtful.inOrder(),
      skipped: this.#skipped.inOrder(),
      notRequested: this.notRequested.inOrder(),
    };
  }
}
