// Which files differ between two images.
import type { FileChanges } from "../changes.ts";
import type { How, Side } from "../side.ts";
import { unknown } from "../unknown.ts";

/** What {@link compareFiles} would fetch, in bytes: the layers that differ, each once. */
export function costOfFiles(_before: Side, _after: Side): number {
  return 0;
}

/**
 * Compares the files of the layers that differ. Where packages of layers are wanted, too, call this first: it reads the
 * package databases by the way, and keeps them in `how.blobs`. What cannot be read is told as `unknown`; only the
 * caller's abort is thrown.
 */
export async function compareFiles(_before: Side, _after: Side, _how: How): Promise<FileChanges> {
  return unknown("bad-reply", "Files are not read yet.", "Compare the layers.");
}
