// A record as a line of the file: its JSON with a checksum as the last field. Each checksum covers the one before it, so
// a line that was changed, removed, doubled or moved is noticed, and one that another process wrote as well.
import { createHash } from "node:crypto";
import type { JournalRecord } from "../bulk/sign/journal.ts";
import { isJournalRecord } from "../bulk/sign/journal-record.ts";
import { asKept } from "./kept.ts";

/** The checksum before the first line. */
export const beginning = "";

const digits = 16;
/** Of what stands behind the record's own fields. */
const tail = Buffer.byteLength(`,"sum":""}`) + digits;
const sumPattern = /^,"sum":"([0-9a-f]{16})"\}$/;

/** How the first line begins; a file that begins otherwise was never a journal. */
export const firstBytes = '{"kind":"run"';

/** A line, and the checksum that the next one covers. */
export function lineOf(record: JournalRecord, before: string): { line: string; sum: string } {
  const { kind, ...fields } = asKept(record);
  // The kind first, whatever the order in which a caller named the fields: it tells a journal from other files.
  const body = JSON.stringify({ kind, ...fields }).slice(0, -1);
  const sum = checksum(before, Buffer.from(body));
  return { line: `${body},"sum":"${sum}"}\n`, sum };
}

/** What a line holds, or what is wrong with it. The line is without its line break. */
export function readLine(
  bytes: Buffer,
  before: string,
): { record: JournalRecord; sum: string } | { wrong: string } {
  const body = bytes.subarray(0, Math.max(0, bytes.length - tail));
  const [, sum] = sumPattern.exec(bytes.toString("latin1", body.length)) ?? [];
  if (sum === undefined) return { wrong: "it has no checksum" };
  if (sum !== checksum(before, body))
    return { wrong: "its checksum does not fit it and the lines before it" };
  const record = parsed(`${body}}`);
  return isJournalRecord(record) ? { record, sum } : { wrong: "it holds a record that is not known" };
}

function checksum(before: string, body: Buffer): string {
  return createHash("sha256").update(before).update(body).digest("hex").slice(0, digits);
}

/** Of a text that may be no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
