/**
 * The journal of a run in a file, for Node: what `signAll` writes down, so that a run that was killed goes on where it
 * was.
 *
 * @packageDocumentation
 */
export type {
  Journal,
  JournalHead,
  JournalIntent,
  JournalOutcome,
  JournalRecord,
} from "../bulk/sign/journal.ts";
export { type OpenJournal, openJournal, readJournal } from "./open.ts";
