// Which image a signing request names.
import * as core from "../core.ts";
import { keepRead } from "../image/read.ts";

/**
 * Says which one image a signing request names: of a request that is built, or as the service shows one. It never
 * throws, since a person has to see what cannot be signed, too.
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
  if (artifact.state === "image") keepRead(artifact.reference);
  return artifact;
}
