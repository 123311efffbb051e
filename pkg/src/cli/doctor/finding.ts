// What a checkup finds, one point after the other.

/** `problem`: it does not work so. `warning`: it works, or may work, but look at it. `unknown`: it could not be told. */
export type Verdict = "ok" | "warning" | "problem" | "unknown";

/** The parts of a checkup, in the order in which they are told. */
export const topics = ["service", "token", "products", "requests", "key", "registry", "profile"] as const;

export type Topic = (typeof topics)[number];

export interface Finding {
  readonly topic: Topic;
  /** What was looked at, in a word or two. */
  readonly point: string;
  readonly verdict: Verdict;
  /** What was seen. It may hold foreign text. */
  readonly found: string;
  /** What to do about it. */
  readonly fix?: string;
}

/** Notes findings of one topic. */
export interface Notes {
  ok(point: string, found: string): void;
  warning(point: string, found: string, fix: string): void;
  problem(point: string, found: string, fix: string): void;
  unknown(point: string, found: string, fix?: string): void;
}

export class Findings {
  readonly all: Finding[] = [];

  of(topic: Topic): Notes {
    const note = (verdict: Verdict) => (point: string, found: string, fix?: string) => {
      this.all.push({ topic, point, verdict, found, ...(fix !== undefined && { fix }) });
    };
    return { ok: note("ok"), warning: note("warning"), problem: note("problem"), unknown: note("unknown") };
  }
}
