// The images that a trust file is asked about: named, or in a list.
import type { ImageReference } from "ocisign";
import { ImageList } from "../bulk/image-list.ts";
import { openList } from "../bulk/spool.ts";
import { checkList } from "../bulk/wrong-lines.ts";
import { readImage } from "../image.ts";
import type { Session } from "../session.ts";

interface Given {
  readonly image: readonly string[] | undefined;
  readonly fromFile: string | undefined;
}

/** Undefined where none is given. */
export async function imagesOf(
  session: Session,
  { image, fromFile }: Given,
): Promise<readonly ImageReference[] | undefined> {
  if (image === undefined && fromFile === undefined) return undefined;
  const named = await Promise.all((image ?? []).map(readImage));
  return fromFile === undefined ? named : [...named, ...(await listed(session, fromFile))];
}

async function listed(session: Session, path: string): Promise<readonly ImageReference[]> {
  const { parseReference } = await import("ocisign");
  const file = await openList(path, "--from-file", session.signal);
  try {
    const list = await ImageList.read(file);
    await checkList(list, false, "looks up");
    const images: ImageReference[] = [];
    for await (const reference of list.references()) images.push(parseReference(reference));
    return images;
  } finally {
    await file.close();
  }
}
