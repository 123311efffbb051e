// How many images ended in which way, and the exit code that follows from the worst.
import type { SignOutcome } from "../../bulk/outcome.ts";
import { exitCode } from "../problem.ts";
import { counted } from "./wrong-lines.ts";

export type State = SignOutcome["state"];

/** In the order in which they are told. */
export const states = [
  ...(["signed", "waiting", "rejected", "failed", "unexplained", "doubtful", "skipped"] as const),
] satisfies State[];

/** How an image ended. */
export interface Ended {
  readonly state: State;
  /** Does the service have a request of it? */
  readonly isRequested: boolean;
  /** Why it was skipped. */
  readonly why?: "verified" | "repeated" | "done" | undefined;
  /** How it ended in an earlier run. */
  readonly was?: State | undefined;
  /** The request was there before the run. */
  readonly takenUp?: boolean | undefined;
}

export class Tally {
  readonly #counts = new Map<State, number>();
  readonly #skipped = new Map<string, number>();
  readonly #takenUp = new Map<State, number>();
  #refusedEarlier = false;
  #waitingEarlier = false;
  #failedUnrequested = false;
  /** Images that were not tried. */
  untried = 0;

  add({ state, isRequested, why, was, takenUp }: Ended): void {
    this.#counts.set(state, this.count(state) + 1);
    if (takenUp) this.#takenUp.set(state, (this.#takenUp.get(state) ?? 0) + 1);
    if (state === "failed" && !isRequested) this.#failedUnrequested = true;
    if (state !== "skipped") return;
    const how = why === "verified" ? "proven already" : why === "repeated" ? "repeated" : doneAs(was);
    this.#skipped.set(how, (this.#skipped.get(how) ?? 0) + 1);
    this.#refusedEarlier ||= was === "rejected" || was === "failed";
    this.#waitingEarlier ||= was === "waiting" || was === "unexplained";
  }

  count(state: State): number {
    return this.#counts.get(state) ?? 0;
  }

  get total(): number {
    return states.reduce((sum, state) => sum + this.count(state), this.untried);
  }

  get counts(): Readonly<Record<State | "notRequested", number>> {
    const each = states.map((state) => [state, this.count(state)] as const);
    return { ...(Object.fromEntries(each) as Record<State, number>), notRequested: this.untried };
  }

  /** `10 images: 7 signed, 1 failed, 2 skipped (2 proven already).` */
  get text(): string {
    const parts = states
      .filter((state) => this.count(state) > 0)
      .map((state) => `${this.count(state)} ${state}${this.#more(state)}`);
    if (this.untried > 0) parts.push(`${this.untried} not requested`);
    return `${counted(this.total, "image")}: ${parts.join(", ") || "none to request"}.`;
  }

  /** @param waited were the ends waited for? Else a request that waits is what was asked for. */
  exit(waited: boolean): number {
    if (this.untried > 0 || this.#failedUnrequested || this.count("doubtful") > 0) return exitCode.error;
    if (this.count("rejected") > 0 || this.count("failed") > 0 || this.#refusedEarlier)
      return exitCode.refused;
    const isOpen = this.count("waiting") > 0 || this.count("unexplained") > 0 || this.#waitingEarlier;
    return waited && isOpen ? exitCode.waiting : exitCode.done;
  }

  /** Nobody should take for a new request what was there before. */
  #more(state: State): string {
    const before = this.#takenUp.get(state) ?? 0;
    if (state !== "skipped") return before > 0 ? ` (${before} requested before)` : "";
    return ` (${[...this.#skipped].map(([why, count]) => `${count} ${why}`).join(", ")})`;
  }
}

function doneAs(was: State | undefined): string {
  return was === undefined ? "done earlier" : `${was} earlier`;
}
