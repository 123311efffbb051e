// What `ocisign sign` is to sign, and which of its options go together.
import { givenOfList, type Skip } from "./bulk/options.ts";
import { isViaDigest } from "./digest/via-options.ts";
import { usage } from "./problem.ts";

/** One image; an index and all in it; the digest of what is signed of an image; the lines of a file. */
export type SignKind = "image" | "index" | "digest" | "list";

type Given = Parameters<typeof givenOfList>[0] &
  Parameters<typeof isViaDigest>[0] & {
    readonly recursive: boolean;
    readonly verify: boolean;
    readonly yes: boolean;
    readonly key: string | undefined;
    readonly skip: Skip | undefined;
  };

/** @param image the argument */
export function kindOf(options: Given, image: string | undefined): SignKind {
  const { fromFile, recursive, verify, key } = options;
  if (image !== undefined && fromFile !== undefined) {
    throw usage("IMAGE and --from-file exclude each other.", "Leave one of them out.");
  }
  const isDigest = isViaDigest(options);
  // What waits already may be taken up for one image, too; whether it is signed, `verify` says.
  const skip = options.skip?.includes("verified") ? options.skip : undefined;
  const ofList = givenOfList({ ...options, skip });
  if (fromFile === undefined && !recursive && ofList !== undefined) {
    throw usage(`${ofList} needs --from-file.`, `Add --from-file, or leave ${ofList} out.`);
  }
  if (key !== undefined && !verify && !isDigest) {
    throw usage("--key needs --verify.", "Add --verify; the key of a client certificate is --tls-key.");
  }
  if (image === undefined) return checkedList(options);
  if (recursive) return checkedIndex(isDigest, verify);
  return isDigest ? "digest" : "image";
}

function checkedIndex(isDigest: boolean, verify: boolean): SignKind {
  if (isDigest) {
    const fix = "Sign each image of the index by itself.";
    throw usage("--via digest cannot be combined with --recursive.", fix);
  }
  if (!verify) return "index";
  const fix = "Use --wait, and then `ocisign verify --recursive`.";
  throw usage("--verify cannot be combined with --recursive.", fix);
}

function checkedList({ fromFile, recursive, verify, yes }: Given): SignKind {
  if (recursive) {
    const fix = "Name the index alone, or list every image in the file.";
    throw usage("--recursive is about one image, and not about a list.", fix);
  }
  if (fromFile === undefined) {
    throw usage("No image is given.", "Name one, as registry/repository@sha256:…, or give --from-file.");
  }
  if (yes) {
    const fix = "Leave --yes out, and name each image by its digest.";
    throw usage("--yes cannot be combined with --from-file: a list asks nothing.", fix);
  }
  if (!verify) return "list";
  const fix = "Use --wait, and `ocisign verify` for each image.";
  throw usage("--verify cannot be combined with --from-file.", fix);
}
