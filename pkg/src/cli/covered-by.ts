// `--covered-by`: the index whose signature may stand in for the image's.
import type { ImageReference, LayoutFiles } from "ocisign";
import { usage } from "./problem.ts";
import type { Session } from "./session.ts";
import { imageToVerify } from "./tagged-image.ts";

/** @param text of the option @param layout where the image is, if that is no registry */
export async function indexToCover(
  session: Session,
  { registry, repository }: ImageReference,
  text: string | undefined,
  layout?: LayoutFiles,
): Promise<ImageReference | undefined> {
  if (text === undefined) return undefined;
  const index = await imageToVerify(session, text, layout && { layout });
  if (index.registry === registry && index.repository === repository) return index;
  const fix = `Name an index of ${registry}/${repository}: its signature says nothing of another repository.`;
  throw usage("--covered-by names an index of another repository than the image's.", fix);
}
