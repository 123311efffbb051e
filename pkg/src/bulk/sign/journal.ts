// What a run writes down, so that a later one goes on where it was. Where it is kept, is the caller's affair.

/** What a run is about. Another run may go on with its journal only if all of it is the same. */
export interface JournalHead {
  /** The first record of a journal. */
  readonly kind: "run";
  /** Of the journal's format. */
  readonly version: 1;
  /** In the metadata of every request of this run, and the beginning of each request's own key. */
  readonly batch: string;
  /** The service's URL, without a slash at its end. */
  readonly service: string;
  /** The product's id. */
  readonly productId: string;
  /** The operation's id. */
  readonly operationId: string | undefined;
  /** SHA-256 over all references in their order, in hexadecimal. */
  readonly list: string;
  /** How many images there are. */
  readonly count: number;
  /** The requests of this run carry neither the batch nor a key: no search finds them. */
  readonly unmarked?: true;
}

/** Images that are about to be posted. It is safe before the first of them is. */
export interface JournalIntent {
  /** A block of images. */
  readonly kind: "intent";
  /** The place of the first. */
  readonly from: number;
  /** The place behind the last. */
  readonly to: number;
}

/** What came of one image; the last one of an image counts. */
export interface JournalOutcome {
  /** One image. */
  readonly kind: "outcome";
  /** Its place in the list, from 0. */
  readonly index: number;
  /** As it was read; what was given, where it is no reference. */
  readonly reference: string;
  /** As in `SignOutcome`. */
  readonly state: "signed" | "waiting" | "rejected" | "failed" | "unexplained" | "skipped" | "doubtful";
  /** Of the request, where there is one. */
  readonly id?: string;
  /** Why it was skipped. */
  readonly why?: "verified" | "repeated";
  /** What went wrong. */
  readonly error?: {
    /** For programs. */
    readonly code: string;
    /** What was wrong and where. */
    readonly message: string;
    /** What to do about it. */
    readonly fix: string;
  };
}

/** What a journal holds. */
export type JournalRecord = JournalHead | JournalIntent | JournalOutcome;

/** Keeps records in their order. */
export interface Journal {
  /** What was written by earlier runs, oldest first. Called once, before anything is written. */
  read(): AsyncIterable<JournalRecord> | Iterable<JournalRecord>;
  /** Is kept when the record is safe, also from a loss of power. Records may be made safe together. */
  write(record: JournalRecord): Promise<void>;
}
