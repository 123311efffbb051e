// What can be wrong with a journal, in words.
import { OcisignError, type OcisignErrorOf } from "ocisign";
import { fieldOf } from "../foreign.ts";
import { visible } from "../shown/visible.ts";

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

const reasons: Readonly<Record<string, readonly [what: string, fix: string]>> = {
  ENOENT: ["cannot be made: its folder is not there", "Make the folder, or check the path."],
  ENOTDIR: ["cannot be made: a part of its path is not a folder", "Check the path."],
  EISDIR: ["is a folder", "Name a file in it."],
  EACCES: [
    "cannot be written: you may not write it or its folder",
    "Give yourself permission to write both.",
  ],
  EPERM: ["cannot be written: you may not write it or its folder", "Give yourself permission to write both."],
  EROFS: ["cannot be written: its file system is read-only", "Name a file elsewhere."],
  ENOSPC: ["cannot be written: the disk is full", "Make room, then start again with the same journal."],
  EDQUOT: ["cannot be written: your quota is used up", "Make room, then start again with the same journal."],
  EFBIG: [
    "cannot be written: no file may be so large here",
    "Raise the limit, then start again with the same journal.",
  ],
  ENAMETOOLONG: ["cannot be made: no file can have so long a name", "Check the path."],
  ERR_INVALID_ARG_VALUE: ["cannot be made: no file can have such a name", "Check the path."],
};

/** A refusal of the system. */
export function systemFault(path: string, cause: unknown): OcisignErrorOf<"bad-journal"> {
  const code = String(fieldOf(cause, "code") ?? "unknown");
  const [what, fix] = reasons[code] ?? [
    `cannot be read or written (${code})`,
    "Check the path and the disk.",
  ];
  return badJournal(path, what, fix, cause);
}

/** The same, for what may have words already. */
export function inWords(path: string, cause: unknown): unknown {
  return cause instanceof OcisignError ? cause : systemFault(path, cause);
}
