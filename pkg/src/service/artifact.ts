// Which image a signing request names.
import * as core from "../core.ts";
import { parseReference } from "../image/read.ts";

/**
 * Says which one image a signing request names: of a request that is built, or as the service shows one. It never
 * throws, since a person has to see what cannot be signed, too. It looks at nothing else: a request may say more, such
 * as a digest beside the image.
 *
 * @example
 * ```js
 * import { artifactOf } from "ocisign";
 *
 * const artifact = artifactOf(request);
 * console.log(artifact.state === "image" ? artifact.reference.canonical : artifact.state);
 * ```
 */
export function artifactOf(request: unknown): core.RequestedArtifact {
  const artifact = core.artifactOf(request);
  // The module has read the text as an image's; here it becomes one that the package knows again.
  return artifact.state === "image" ? { ...artifact, reference: parseReference(artifact.text) } : artifact;
}
