// What a run writes down, so that a later one goes on where it was. Where it is kept, is the caller's affair.

/** What a run is about. Another run may go on with its journal only if all of it is the same. */
export interface JournalHead {
  readonly kind: "run";
  /** Of the journal's format. */
  readonly version: 1;
  /** In the metadata of every request of this run, and the beginning of each request's own key. */
  readonly batch: string;
  readonly service: string;
  readonly productId: string;
  readonly operationId: string | undefined;
  /** SHA-256 over all references in their order, in hexadecimal. */
  readonly list: string;
  /** How many images there are. */
  readonly count: number;
}

/** Written before the first of them is posted: `from` is the first, `to` is behind the last. */
export interface JournalIntent {
  readonly kind: "intent";
  readonly from: number;
  readonly to: number;
}

/** What came of one image; the last one of an image counts. */
export interface JournalOutcome {
  readonly kind: "outcome";
  readonly index: number;
  readonly reference: string;
  readonly state: "signed" | "waiting" | "rejected" | "failed" | "unexplained" | "skipped" | "doubtful";
  /** Of the request, where there is one. */
  readonly id?: string;
  /** Why it was skipped. */
  readonly why?: "verified" | "repeated";
  /** Code and message of what went wrong. */
  readonly error?: { readonly code: string; readonly message: string; readonly fix: string };
}

export type JournalRecord = JournalHead | JournalIntent | JournalOutcome;

/** Keeps records in their order. */
export interface Journal {
  /** What was written by earlier runs, oldest first. Called once, before anything is written. */
  read(): AsyncIterable<JournalRecord> | Iterable<JournalRecord>;
  /** Is kept when the record is safe, also from a loss of power. Records may be made safe together. */
  write(record: JournalRecord): Promise<void>;
}
