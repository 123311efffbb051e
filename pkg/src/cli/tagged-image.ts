// An image that is named by a tag: the registry says which digest that is now, and only the digest counts from then on.
import type { ImageDescription, ImageReference, LayoutFiles, RegistryOptions } from "ocisign";
import { taggedIn } from "../image/tagged.ts";
import { dateOf } from "../shown/date.ts";
import { canAsk, isTyped, marked } from "./confirm.ts";
import { readImage } from "./image.ts";
import { Problem, usage } from "./problem.ts";
import { registryOptions } from "./registry-options.ts";
import type { Session } from "./session.ts";
import { relativeTime } from "./time.ts";

/**
 * The image to be signed. A tag may name another image tomorrow, so that a person agrees to the digest that it names
 * now, and a script says `--yes`.
 */
export async function imageToSign(session: Session, text: string, yes: boolean): Promise<ImageReference> {
  const { parseReference } = await import("ocisign");
  if (taggedIn(text, parseReference) === undefined) return readImage(text);
  if (!yes && !canAsk()) {
    const what =
      "The image has no digest, and there is no terminal to ask whether its tag names the right one.";
    const fix = "Write its digest, as in …@sha256:…, or give --yes to sign what the tag names now.";
    throw usage(`${what} Nothing was requested.`, fix);
  }
  const image = await resolved(session, text);
  if (yes) return image;
  const isYes = (typed: string) => /^y(es)?$/i.test(typed);
  if (await isTyped(session, "Request the signature of this digest? Type yes: ", isYes, "That is not yes.")) {
    return image;
  }
  const fix = "Run the command again, perhaps with the digest that you mean. Nothing was requested.";
  throw new Problem("not-confirmed", "You did not agree to the digest.", fix);
}

/** How the registry of an image is reached. */
type Reach = (image: Pick<ImageReference, "registry">) => Promise<RegistryOptions>;

/** Where a tag is looked up, if not as the settings say. */
interface Lookup {
  readonly reach?: Reach;
  readonly layout?: LayoutFiles;
}

/** The image to be verified: nothing comes of it, so that nobody is asked. */
export async function imageToVerify(
  session: Session,
  text: string,
  lookup?: Lookup,
): Promise<ImageReference> {
  const { parseReference } = await import("ocisign");
  return taggedIn(text, parseReference) === undefined ? readImage(text) : resolved(session, text, lookup);
}

/** Asks the registry, and says what it is. */
async function resolved(
  session: Session,
  text: string,
  { reach = (image) => registryOptions(session, image), layout }: Lookup = {},
): Promise<ImageReference> {
  const { describeImage, parseReference } = await import("ocisign");
  const { output, signal, callTimeoutMs } = session;
  const tagged = taggedIn(text, parseReference);
  if (!tagged) return readImage(text);
  const { registry: domain, repository, tag } = tagged;
  const place = layout ? { layout } : { registry: await reach(tagged) };
  output.progress(`asking ${layout ? "the layout" : domain} for the tag ${tag} of ${repository}`);
  const how = { ...place, signal, timeoutMs: callTimeoutMs };
  const description = await describeImage(text, { ...how, resolveTag: true });
  output.settle();
  const { reference } = description;
  // The grammar allows none of these parts a character that could deceive.
  output.note(`The tag ${tag} of ${domain}/${repository} names ${layout ? "in the layout" : "now"}`);
  output.note(`${marked(reference, output)}\n${descriptionText(description)}`);
  return parseReference(reference);
}

/** What kind of image it is, in a line. The config and the manifest are foreign: their parts are checked or shown so. */
function descriptionText({ platforms, sizeBytes, created, artifactType }: ImageDescription): string {
  const names = platforms.map(({ os, architecture, variant, osVersion }) =>
    [os, architecture, variant, osVersion].filter(Boolean).join("/"),
  );
  const made = dateOf(created);
  return [
    names.length > 0 ? [...new Set(names)].join(", ") : artifactType ? "no image" : "no platform named",
    ...(sizeBytes === undefined ? [] : [`${(sizeBytes / 1e6).toLocaleString("en", megabytes)} MB`]),
    ...(made ? [`created ${made.toISOString()}, ${relativeTime(made)}`] : []),
  ].join(" · ");
}

const megabytes = { maximumFractionDigits: 1 };
