// `--signatures-in`: the repository of the signatures, if they are not beside the image.
import type { ImageReference } from "ocisign";
import { usage } from "./problem.ts";
import type { Place } from "./registry-sign-in/credentials.ts";

/**
 * Of the image's registry, or of another one that stands in front, as in a reference.
 *
 * @throws when it is not a repository's name
 */
export async function signaturesPlace(
  { registry, digest }: Pick<ImageReference, "registry" | "digest">,
  name: string,
): Promise<Place> {
  const { parseReference } = await import("ocisign");
  const read = (repository: string) => {
    try {
      const place = parseReference(`${repository}@${digest}`);
      return place.tag === undefined ? place : undefined;
    } catch {
      // Said below, in words of the option.
      return undefined;
    }
  };
  const place = read(name) ?? read(`${registry}/${name}`);
  if (place) return place;
  const fix = "Write it as in team/signatures, or with another registry, as in ghcr.io/team/signatures.";
  throw usage("--signatures-in is not a repository's name.", fix);
}
