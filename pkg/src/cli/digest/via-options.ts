// The options by which `ocisign sign` has a digest signed, and attaches the signature itself.
import { choice } from "../options.ts";
import { usage } from "../problem.ts";
import { formatChoice } from "./formats.ts";
import { hashes } from "./hashes.ts";

export const viaOptions = {
  via: choice("--via <way>", "image (default), or digest: it is signed, and attached from here", [
    ...(["image", "digest"] as const),
  ]),
  format: formatChoice("with --via digest: simple-signing (default), bundle or both"),
  hash: choice("--hash <hash>", "with --via digest: sha256 (default), sha384 or sha512", hashes),
};

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
