// How far a run is: a bar on a terminal, a line now and then in a log. yocto-spinner, which all commands use, draws the
// line; of the libraries for bars, none is maintained that would do more than put these characters together.
import type { BulkProgress } from "../../bulk/outcome.ts";
import type { Output } from "../output.ts";

/** A terminal is drawn anew at most so often. */
const drawMs = 100;
const tickMs = 1000;
/** A log gets a line at most so often: at each tenth, and else after a longer time. */
const tenthMs = 5_000;
const quietMs = 60_000;
/** The rate is that of the last minute. */
const windowMs = 60_000;
const barWidth = 20;

export class ProgressLine {
  readonly #output: Output;
  readonly #samples: { readonly at: number; readonly done: number }[] = [];
  #saidAt: number;
  #saidTenth = 0;
  #last: BulkProgress;
  readonly #ticking: NodeJS.Timeout;

  /** @param total how many images there are */
  constructor(output: Output, total: number) {
    this.#output = output;
    this.#saidAt = performance.now();
    this.#samples.push({ at: this.#saidAt, done: 0 });
    this.#last = { total, done: 0, counts: {} };
    // While a service is away, no image comes to an end.
    this.#ticking = setInterval(() => this.show(this.#last), tickMs);
    this.#ticking.unref();
  }

  stop(): void {
    clearInterval(this.#ticking);
  }

  /** Called after each image. */
  show(progress: BulkProgress): void {
    this.#last = progress;
    const now = performance.now();
    const { done, total } = progress;
    this.#sample(now, done);
    if (this.#output.isLive) {
      if (now - this.#saidAt < drawMs) return;
    } else {
      const tenth = total ? Math.floor((done * 10) / total) : 0;
      const since = now - this.#saidAt;
      if (since < tenthMs || (tenth === this.#saidTenth && since < quietMs)) return;
      this.#saidTenth = tenth;
    }
    this.#saidAt = now;
    this.#output.progress(progressText(progress, this.#rate(now, done), this.#output.isLive));
  }

  #sample(at: number, done: number): void {
    const last = this.#samples.at(-1);
    if (!last || at - last.at >= 1000) this.#samples.push({ at, done });
    while (this.#samples.length > 2 && at - (this.#samples[0]?.at ?? at) > windowMs) this.#samples.shift();
  }

  /** Images a second. */
  #rate(now: number, done: number): number | undefined {
    const [first] = this.#samples;
    const seconds = first ? (now - first.at) / 1000 : 0;
    return first && seconds > 0 && done > first.done ? (done - first.done) / seconds : undefined;
  }
}

/** `[#####---------------] 25 of 100 (25 %), 5/s, 15 s left, 1 failed` */
function progressText(
  { done, total, counts }: BulkProgress,
  rate: number | undefined,
  isLive: boolean,
): string {
  const parts = [total === undefined ? `${done} done` : `${done} of ${total} (${percent(done, total)} %)`];
  if (rate !== undefined) parts.push(rateText(rate));
  if (rate !== undefined && total !== undefined && done < total)
    parts.push(`${timeText((total - done) / rate)} left`);
  const bad = ["rejected", "failed", "unexplained", "doubtful", "invalid", "unsigned", "unreachable"].filter(
    (state) => counts[state],
  );
  parts.push(...bad.map((state) => `${counts[state]} ${state}`));
  const bar = isLive && total !== undefined ? `${barOf(done, total)} ` : "";
  return bar + parts.join(", ");
}

function percent(done: number, total: number): number {
  return total === 0 ? 100 : Math.floor((done * 100) / total);
}

function barOf(done: number, total: number): string {
  const full = Math.floor((percent(done, total) * barWidth) / 100);
  return `[${"#".repeat(full)}${"-".repeat(barWidth - full)}]`;
}

function rateText(rate: number): string {
  return rate >= 1 ? `${Math.round(rate)}/s` : `${Math.max(1, Math.round(rate * 60))}/min`;
}

function timeText(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
