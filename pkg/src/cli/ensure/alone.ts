// One run at a time asks for an image on one machine, and the next one learns what a killed run was about to send. Both
// need a file that outlives the process. What another machine does at the same moment, no file here can tell.
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pause } from "../../http/deadline.ts";
import type { OpenJournal } from "../../journal/index.ts";
import { foldedId } from "../../service/same-id.ts";
import { withoutTrailing } from "../../trailing.ts";
import { systemCode } from "../input.ts";
import { libraryError } from "../library-error.ts";
import { stateFolder } from "../own-folders.ts";
import { Problem } from "../problem.ts";
import type { Session } from "../session.ts";
import { shownPath } from "../withheld.ts";

/** What a request is about. Two that agree in all of it are the same request. */
export interface Subject {
  readonly service: string;
  readonly productId: string;
  readonly operationId: string;
  readonly canonical: string;
}

/** How often a run looks whether another one has ended. */
const lookMs = 250;
/** So much of a hash names a file. */
const nameLength = 32;

/** The name that all runs about this subject share. */
export function nameOf({ service, productId, operationId, canonical }: Subject): string {
  const parts = [withoutTrailing(service, "/"), foldedId(productId), foldedId(operationId), canonical];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, nameLength);
}

/** Makes the folder where runs leave word for later ones. @throws {Problem} `no-home`, `bad-file` */
export function madeFolder(given: string | undefined): string {
  const folder = given ?? usualFolder();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  } catch (cause) {
    const what = `The folder ${shownPath(folder) ?? "FOLDER"} cannot be made (${systemCode(cause)}).`;
    const fix = "Name a folder that outlives this run with --state-dir. Nothing was requested.";
    throw new Problem("bad-file", what, fix, { cause });
  }
}

function usualFolder(): string {
  const state = stateFolder();
  if (state !== undefined) return join(state, "ensure");
  const what = "There is no folder for later runs: neither HOME nor XDG_STATE_HOME is an absolute path.";
  throw new Problem(
    "no-home",
    what,
    "Set one of them, or name a folder with --state-dir. Nothing was requested.",
  );
}

/**
 * Does the work while no other run on this machine does it for the same name. A killed run holds nobody up.
 *
 * @param limitMs how long to wait for another run; without it, for as long as that takes
 * @throws {OcisignError} `journal-in-use`, naming the process
 */
export async function alone<T>(
  session: Session,
  path: string,
  limitMs: number | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const { Lock } = await import("../../journal/lock.ts");
  const lock = await whenFree(session, limitMs, () => Lock.take(path));
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function whenFree<T>(
  { output, signal }: Session,
  limitMs: number | undefined,
  take: () => Promise<T>,
): Promise<T> {
  const begun = performance.now();
  for (;;) {
    try {
      return await take();
    } catch (error) {
      const isOver = limitMs !== undefined && performance.now() - begun >= limitMs;
      if (libraryError(error)?.code !== "journal-in-use" || signal.aborted || isOver) throw error;
      output.progress("Another run on this machine asks for this image; waiting for it.");
      await pause(lookMs, signal);
    }
  }
}

/** The journal of one attempt, which outlives the run. */
export async function journalAt(path: string): Promise<OpenJournal> {
  const { openJournal } = await import("../../journal/index.ts");
  return openJournal(path);
}
