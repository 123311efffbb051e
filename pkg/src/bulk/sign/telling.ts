// What a run tells: each outcome once it is kept in the journal, and how far the run is. The keeping goes on beside the
// workers, so that none of them waits for the disk.
import type { Outbox } from "../outbox.ts";
import type { BulkProgress, SignOutcome } from "../outcome.ts";
import { tellProgress } from "../progress.ts";
import { recordOf } from "./record.ts";
import type { Resumed } from "./resume.ts";

export interface TellingSettings {
  readonly outbox: Outbox<SignOutcome>;
  /** Nothing until it was read. */
  readonly journal: () => Resumed | undefined;
  readonly onProgress: ((progress: BulkProgress) => void) | undefined;
  /** Ends the run. */
  readonly failed: (error: unknown) => void;
}

export class Telling {
  readonly #settings: TellingSettings;
  /** How many images there are, where that is known. */
  total: number | undefined;
  readonly #counts: Record<string, number> = {};
  #done = 0;
  /** How much goes on beside the workers. */
  #beside = 0;
  #wakeQuiet = () => {};

  constructor(settings: TellingSettings) {
    this.#settings = settings;
  }

  /**
   * Tells an outcome once it is kept; if it cannot be kept, it is told all the same, and the run ends.
   *
   * @param kept what the journal holds; nothing new, if `false`
   */
  tell(outcome: SignOutcome, kept: SignOutcome | false = outcome): void {
    this.#settings.outbox.expect();
    if (!kept || !this.#settings.journal()) {
      this.#put(outcome);
      return;
    }
    const told = async () => {
      try {
        await this.keep(kept);
      } finally {
        this.#put(outcome);
      }
    };
    this.beside(told());
  }

  #put(outcome: SignOutcome): void {
    const { state } = outcome;
    const { outbox, onProgress, failed } = this.#settings;
    this.#done += 1;
    this.#counts[state] = (this.#counts[state] ?? 0) + 1;
    outbox.put(outcome);
    if (!onProgress) return;
    const progress = { total: this.total, done: this.#done, counts: { ...this.#counts } };
    tellProgress(onProgress, progress, failed);
  }

  async keep(outcome: SignOutcome): Promise<void> {
    await this.#settings.journal()?.write(recordOf(outcome));
  }

  /** Lets it go on beside the workers. */
  beside(work: Promise<void>): void {
    this.#beside += 1;
    work.then(this.#besideEnded, (error: unknown) => {
      this.#settings.failed(error);
      this.#besideEnded();
    });
  }

  readonly #besideEnded = (): void => {
    this.#beside -= 1;
    if (this.#beside === 0) this.#wakeQuiet();
  };

  get isQuiet(): boolean {
    return this.#beside === 0;
  }

  /** When nothing goes on beside the workers. */
  async quiet(): Promise<void> {
    while (this.#beside > 0) {
      await new Promise<void>((resolve) => {
        this.#wakeQuiet = resolve;
      });
    }
  }
}
