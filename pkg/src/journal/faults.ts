// What can be wrong with a journal, in words.
import { OcisignError, type OcisignErrorOf } from "ocisign";
import { fieldOf } from "../foreign.ts";
import { visible } from "../shown/visible.ts";
import { writeFault } from "../system-fault.ts";

/** What a person does with a journal that cannot be trusted: nothing is lost, since the service has the requests. */
const renew = "Restore it from a copy, or name a new file: what was requested is found at the service.";

export function badJournal(
  path: string,
  what: string,
  fix: string,
  cause?: unknown,
): OcisignErrorOf<"bad-journal"> {
  return new OcisignError("bad-journal", `The journal ${visible(path)} ${what}.`, fix, undefined, cause);
}

export function damagedAt(path: string, line: number, what: string): OcisignErrorOf<"bad-journal"> {
  return badJournal(path, `is damaged at line ${line}: ${what}`, renew);
}

export function noJournal(path: string): OcisignErrorOf<"bad-journal"> {
  return badJournal(path, "is another kind of file: its first line is not a journal's", "Name another file.");
}

export function tooNew(path: string, version: unknown): OcisignErrorOf<"bad-journal"> {
  const of = typeof version === "number" ? ` (format ${version}; this one knows format 1)` : "";
  return badJournal(
    path,
    `was written by a newer version of ocisign${of}`,
    "Update ocisign, or name a new file.",
  );
}

export function headless(path: string): OcisignErrorOf<"bad-input"> {
  const what = `The journal ${visible(path)} begins with a record of kind \`run\`.`;
  return new OcisignError("bad-input", what, "Write that record first.");
}

/** The file was lost while it was written. */
export function lostHold(path: string, what: string): OcisignErrorOf<"bad-journal"> {
  const fix = "Stop what else uses this file, then start again with the journal.";
  return badJournal(path, `${what} while it was written`, fix);
}

/** A refusal of the system. */
export function systemFault(path: string, cause: unknown): OcisignErrorOf<"bad-journal"> {
  const { what, fix, passes } = writeFault(String(fieldOf(cause, "code") ?? "unknown"));
  const again = " Then start again with the same journal.";
  return badJournal(path, `cannot be written: ${what}`, passes ? fix + again : fix, cause);
}

/** The same, for what may have words already. */
export function inWords(path: string, cause: unknown): unknown {
  return cause instanceof OcisignError ? cause : systemFault(path, cause);
}
