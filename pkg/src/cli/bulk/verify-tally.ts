// How many images ended in which way when they were verified, and the exit code that follows from the worst.
import { exitCode } from "../problem.ts";
import type { ReportEntry } from "../report/entry.ts";
import { counted } from "./wrong-lines.ts";

/** In the order in which they are told. A line that names no image has failed. */
const states = ["verified", "unsigned", "invalid", "unreachable", "failed"] as const;

export class VerifyTally {
  readonly #counts = new Map<string, number>();
  /** Of those that failed: a trust file has no rule for so many. */
  #ruleless = 0;
  /** Lines that name the image of an earlier one. */
  readonly #repeated: number;
  readonly #total: number;

  /** @param total how many images the list has */
  constructor(total: number, repeated: number) {
    this.#total = total;
    this.#repeated = repeated;
  }

  add({ state, error }: ReportEntry): void {
    if (error?.code === "no-trust-rule") this.#ruleless++;
    this.#counts.set(state, this.count(state) + 1);
  }

  count(state: string): number {
    return this.#counts.get(state) ?? 0;
  }

  /** Images that were not come to. */
  get untried(): number {
    return states.reduce((left, state) => left - this.count(state), this.#total);
  }

  get counts(): Readonly<Record<string, number>> {
    const each = states.map((state) => [state, this.count(state)] as const);
    return { ...Object.fromEntries(each), skipped: this.#repeated, notVerified: this.untried };
  }

  /** `10 images: 7 verified, 2 unsigned, 1 unreachable.` */
  get text(): string {
    const parts = states.flatMap((state) => (this.count(state) > 0 ? [`${this.count(state)} ${state}`] : []));
    if (this.#repeated > 0) parts.push(`${this.#repeated} skipped (repeated)`);
    if (this.untried > 0) parts.push(`${this.untried} not looked at`);
    return `${counted(this.#total + this.#repeated, "image")}: ${parts.join(", ") || "none to verify"}.`;
  }

  /** What is known to be bad is worse than what could not be found out. */
  get exit(): number {
    if (this.count("unsigned") + this.count("invalid") + this.#ruleless > 0) return exitCode.notVerified;
    return this.count("verified") === this.#total ? exitCode.done : exitCode.error;
  }
}
