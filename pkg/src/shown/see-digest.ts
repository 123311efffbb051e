// What a digest is of. A digest says nothing to a person, and nobody has to believe what the requester says of it. So it
// is computed here, when a request is read: only a digest that comes out the same is taken for that of the image.
import {
  type DigestHash,
  type ImageReference,
  type Profile,
  parseReference,
  type SignatureFormat,
  type Signing,
  signingPayload,
} from "ocisign";
import { digestIn, formatName, imageName, namesDigest } from "../digest/form.ts";
import { isList, isRecord, isText } from "../foreign.ts";
import { digestOf, remember } from "./digest-of.ts";

/** A portal may pass a client of its own making, which has none. */
type Profiled = Pick<Profile, "digests"> | undefined;

const formats: readonly SignatureFormat[] = ["simple-signing", "bundle"];

/** Computes what the digest of a request is of, for `digestOf`. Of requests for images there is nothing to do. */
export async function seeDigest(signing: Signing, profile: Profiled): Promise<void> {
  if (!namesDigest(signing, profile?.digests) || digestOf(signing)) return;
  const asked = digestIn(signing, profile?.digests);
  const { claimed, format, image } = claimOf(signing);
  const isOf = asked && image && format && (await hexOf(image, format, asked.hash)) === asked.hex;
  const of = isOf ? { image, format } : { image: undefined, format: undefined };
  remember(signing, { asked, claimed, ...of });
}

/** The same of a list. */
export async function seeDigests(list: readonly Signing[], profile: Profiled): Promise<void> {
  for (const signing of list) await seeDigest(signing, profile);
}

/** The image and the format in the requester's words. Of several of a name, none counts. */
function claimOf({ payload }: Signing) {
  const metadata: unknown = payload?.metadata;
  const said = (name: string) => {
    const all = (isList(metadata) ? metadata : []).filter((it) => isRecord(it) && it.name === name);
    const [first, ...others] = all;
    return others.length === 0 && isRecord(first) && isText(first.value) ? first.value : "";
  };
  const claimed = said(imageName);
  return { claimed, format: formats.find((it) => it === said(formatName)), image: imageIn(claimed) };
}

function imageIn(claimed: string): ImageReference | undefined {
  try {
    const image = parseReference(claimed);
    return image.canonical === claimed ? image : undefined;
  } catch {
    // It is shown as what it is: a text of the requester's.
    return undefined;
  }
}

async function hexOf(image: ImageReference, format: SignatureFormat, hash: DigestHash): Promise<string> {
  return (await signingPayload(image, format))[hash];
}
