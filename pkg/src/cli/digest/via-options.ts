// The options by which `ocisign sign` has a digest signed, and attaches the signature itself.
import { choice } from "../options.ts";
import { usage } from "../problem.ts";
import { formatChoice } from "./formats.ts";
import { hashes } from "./hashes.ts";

export const viaOptions = {
  via: choice("--via <way>", "what the service signs (default: the image)", ["image", "digest"]),
  format: formatChoice("how it is written down (default: simple-signing)"),
  hash: choice("--hash <hash>", "whose digest is signed (default: sha256)", hashes),
};

/** Their flags: the help of the command leaves them to the topic. */
export const viaFlags: readonly string[] = Object.values(viaOptions).map(({ make }) => make().long ?? "");

interface Given {
  readonly via: string | undefined;
  readonly format: string | undefined;
  readonly hash: string | undefined;
  readonly fromFile: string | undefined;
}

/** Is the signature made over a digest? The options that belong to that say nothing without it. */
export function isViaDigest({ via, format, hash, fromFile }: Given): boolean {
  if (via === "digest") {
    if (fromFile === undefined) return true;
    throw usage("--via digest is for one image.", "Name it in place of --from-file.");
  }
  const flag = format !== undefined ? "--format" : hash !== undefined ? "--hash" : undefined;
  if (flag === undefined) return false;
  throw usage(`${flag} needs --via digest.`, `Add --via digest, or leave ${flag} out.`);
}
