// An OCI layout in a folder.
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "../input.ts";
import type { OpenLayout } from "./open.ts";
import { piecesOf } from "./pieces.ts";

export function folderFiles(folder: string): OpenLayout {
  return {
    async read(path) {
      const file = await openedOrNothing(join(folder, ...path.split("/")));
      if (!file) return undefined;
      const about = await file.stat();
      if (!about.isFile()) {
        await file.close();
        throw Object.assign(new Error("not a file"), { code: "ENOTFILE" });
      }
      return closing(file, about.size);
    },
    async close() {},
  };
}

async function openedOrNothing(path: string): Promise<FileHandle | undefined> {
  try {
    // Without waiting: a pipe in the place of a file would keep it waiting for ever.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error))) return undefined;
    throw error;
  }
}

async function* closing(file: FileHandle, size: number): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* piecesOf(file, 0, size);
  } finally {
    await file.close();
  }
}
