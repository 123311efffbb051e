// `--layout`: an OCI layout in a folder or a tar archive. The signature names a repository, which the address forms of
// other tools (`oci:PATH:TAG`) have no place for, so the image stays what it is, and the option says where it lies.
import { type Stats, statSync } from "node:fs";
import type { LayoutFiles } from "ocisign";
import { cannotRead } from "../input.ts";
import { text } from "../options.ts";
import { folderFiles } from "./folder.ts";
import { tarFiles } from "./tar.ts";

export const layoutOption = text("--layout <path>", "read an OCI layout, a folder or a tar, and no registry");

/** The files of a layout, and what ends reading them. */
export interface OpenLayout extends LayoutFiles {
  close(): Promise<void>;
}

/** @param signal ends looking for the files of an archive */
export async function openLayout(path: string, signal: AbortSignal): Promise<OpenLayout> {
  let about: Stats;
  try {
    about = statSync(path);
  } catch (cause) {
    throw cannotRead(path, "--layout", cause);
  }
  return about.isDirectory() ? folderFiles(path) : tarFiles(path, about, signal);
}
