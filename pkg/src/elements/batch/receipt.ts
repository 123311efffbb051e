// What was decided about many requests, to be kept: for people, as JSON, and as a table for spreadsheets.
import type { DecisionOutcome, OcisignError, Signing, SigningId, UnreadRequest } from "ocisign";
import { foldedId } from "../../service/same-id.ts";
import { csvRow } from "../../shown/csv.ts";
import { visible } from "../../shown/visible.ts";
import { type SeenChanges, seenIn } from "../changes/seen.ts";
import type { ComparedDetail } from "../events.ts";
import { wordsOf } from "../model/errors.ts";
import type { Identity } from "../portal.ts";
import type { Run } from "./run.ts";
import type { Selection } from "./selection.ts";
import { viewIn } from "./views.ts";

/** What was decided about several requests, and what came of each. */
export interface BatchReceipt {
  /** What the person decided. */
  readonly decision: "approve" | "reject";
  /** The batch id, where the requests were read by it. */
  readonly batch?: string | undefined;
  /** SHA-256 over what was shown. */
  readonly hash: string;
  /** What the person typed: the number of requests, and the end of the hash. */
  readonly words: string;
  /** The comment for all; empty when there was none. */
  readonly comment: string;
  /** Who decided. */
  readonly by?: Pick<Identity, "objectId" | "name"> | undefined;
  /** When the sending began, in ISO 8601. */
  readonly startedAt: string;
  /** When it ended. */
  readonly endedAt: string;
  /** How many requests have which outcome. */
  readonly counts: Readonly<Partial<Record<DecisionOutcome["state"], number>>>;
  /** What came of each. */
  readonly requests: readonly BatchReceiptEntry[];
  /** Those that the person left out. */
  readonly leftOut: readonly SigningId[];
  /** What could not be read, with why. */
  readonly unread: readonly Pick<UnreadRequest, "id">[];
}

/** What came of one request. */
export interface BatchReceiptEntry {
  /** Its id. */
  readonly id: SigningId;
  /** The image, or what stands in its place. */
  readonly reference: string;
  /** Its digest; empty where the request names no image. */
  readonly digest: string;
  /** The outcome. */
  readonly outcome: DecisionOutcome["state"];
  /** The status of the request as it was seen last. */
  readonly status: number;
  /** What changed since the last signed version, as the person saw it; nothing where it was not compared yet. */
  readonly changes?: SeenChanges;
  /** Why it is not decided. */
  readonly error?: {
    /** For programs. */
    readonly code: string;
    /** What was wrong. */
    readonly message: string;
    /** What to do about it. */
    readonly fix: string;
  };
}

/** Nothing before anything was sent. */
export function receiptOf(
  { sending, outcomes, endedAt, counts }: Run,
  { whole, out }: Selection,
  compared: ReadonlyMap<string, ComparedDetail>,
): BatchReceipt | undefined {
  if (!sending || !endedAt) return undefined;
  const { decision, batch, comment, by, startedAt } = sending;
  return {
    decision,
    ...(batch.batch !== undefined && { batch: batch.batch }),
    hash: batch.hash,
    words: batch.words,
    comment,
    by: by && { objectId: by.objectId, name: by.name },
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    counts,
    requests: batch.requests.map(({ signing }) => {
      const key = foldedId(signing.id);
      return entryOf(signing, outcomes.get(key), compared.get(key));
    }),
    leftOut: (whole?.requests ?? []).flatMap(({ signing: { id } }) => (out.has(foldedId(id)) ? id : [])),
    unread: (whole?.unread ?? []).map(({ id }) => ({ id })),
  };
}

function entryOf(
  shown: Signing,
  outcome: DecisionOutcome | undefined,
  compared: ComparedDetail | undefined,
): BatchReceiptEntry {
  const { artifact, image } = viewIn(shown);
  const { error } = outcome ?? {};
  const state = outcome?.state ?? "notTried";
  return {
    id: shown.id,
    reference: image?.canonical ?? artifact.text,
    digest: image?.digest ?? "",
    outcome: state,
    status: (outcome?.signing ?? shown).status,
    ...(compared && { changes: seenIn(compared) }),
    ...(error && state !== "approved" && state !== "rejected" && { error: errorOf(error) }),
  };
}

function errorOf(error: OcisignError) {
  const { message, fix } = wordsOf(error, "decide");
  return { code: error.code, message, fix };
}

export function asJson(receipt: BatchReceipt): string {
  return `${JSON.stringify(receipt, null, 2)}\n`;
}

/** A line for each request. What was decided, by whom and when stands in each: a spreadsheet is cut and joined. */
export function asCsv({ requests, ...all }: BatchReceipt): string {
  const { decision, batch = "", hash, comment, by, startedAt, endedAt } = all;
  const shared = [decision, batch, hash, comment, by?.name ?? "", by?.objectId ?? "", startedAt, endedAt];
  const columns = [
    ...["id", "reference", "digest", "outcome", "status", "code", "message", "fix"],
    ...["decision", "batch", "hash", "comment", "name", "objectId", "startedAt", "endedAt"],
    ...["changes", "comparedWith"],
  ];
  const rows = requests.map(({ id, reference, digest, outcome, status, error, changes }) => [
    ...[id, reference, digest, outcome].map((text) => visible(text, "exact")),
    status,
    ...[error?.code ?? "", error?.message ?? "", error?.fix ?? "", ...shared].map((text) => visible(text)),
    ...[changes?.summary ?? "", changes?.before ?? ""].map((text) => visible(text, "exact")),
  ]);
  return [columns, ...rows].map(csvRow).join("");
}
