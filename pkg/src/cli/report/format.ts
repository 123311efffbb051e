// How a report is written: what it begins with, what each entry becomes, and what it ends with.
import type { ReportEntry } from "./entry.ts";

export interface Format {
  /**
   * What the file begins with. Where it counts what follows, it is written again after each entry: it is always of the
   * same length, and `isLive`.
   */
  head(): string;
  readonly isLive?: true;
  /** The entry, with its line break. */
  entry(entry: ReportEntry): string;
  /** What stands behind the last entry, at every moment: a run that is killed leaves a whole file. */
  readonly tail: string;
}
