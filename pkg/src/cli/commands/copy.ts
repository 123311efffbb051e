// `ocisign copy`: an image and all that belongs to it, in another place.
import type { CopiedBlobs, CopiedImage, CopyProgress, ImageReference, RegistryOptions } from "ocisign";
import { inUnits } from "../../shown/bytes.ts";
import { visible } from "../../shown/visible.ts";
import { both, command } from "../command.ts";
import { layoutOption, type OpenLayout, openLayout } from "../layout/open.ts";
import { count, flag, text, texts } from "../options.ts";
import type { Output, Tone } from "../output.ts";
import { exitCode, usage } from "../problem.ts";
import { registryOptions, secondRegistryOptions } from "../registry-options.ts";
import { flaggedIn, resumeWith } from "../resume.ts";
import * as sample from "../samples.ts";
import type { Session } from "../session.ts";
import * as settings from "../settings.ts";
import { readSignedAs, signedAsOption } from "../signed-as.ts";
import { imageToVerify } from "../tagged-image.ts";
import { trusted } from "../trusted-keys.ts";
import { exitForVerification, verificationText } from "../verification-text.ts";

export const copy = command({
  name: "copy",
  summary: "Copy an image with its signatures to another place.",
  argument: both(
    ["source", "registry/repository@sha256:…, or a tag that is resolved"],
    ["destination", "registry/repository, with a tag if it is to have one there"],
  ),
  options: {
    key: texts("--key <file>", "copy only what these keys signed; may be repeated"),
    threshold: count("--threshold <count>", "how many keys must have signed (default: 1)"),
    signedAs: signedAsOption,
    layout: layoutOption,
    dryRun: flag("--dry-run", "say what would be sent, and send nothing"),
    toUrl: text("--to-url <url>", "URL of the destination's registry, if it is another"),
    toUsername: text("--to-username <name>", "user name there (default: as docker login keeps it)"),
    toPasswordFile: text("--to-password-file <file>", "file that holds the password for it"),
  },
  settings: [...settings.product, ...settings.trust, ...settings.registry],
  examples: [
    [
      "With everything that is beside it, or only what a key signed.",
      `ocisign copy ${sample.image} ${sample.mirror} --dry-run`,
      `ocisign copy ${sample.image} ${sample.mirror}:1.2 --key ocisign.pem`,
    ],
  ],
  async run(session, options, [first, second]): Promise<CopiedImage> {
    const { parseReference } = await import("ocisign");
    const { key, threshold } = options;
    const { product, trust } = session.settings;
    const wantsKeys = key !== undefined || product?.isFlag === true || trust !== undefined;
    if (!wantsKeys && (threshold !== undefined || options.signedAs !== undefined)) {
      const flagged = threshold === undefined ? "--signed-as" : "--threshold";
      throw usage(
        `${flagged} says what signatures must say, and no key is given.`,
        threshold === undefined
          ? "Give --key FILE, --trust FILE, or --product."
          : "Give --key FILE, or --product.",
      );
    }
    const destination = readDestination(second, parseReference);
    const layout =
      options.layout === undefined ? undefined : await openLayout(options.layout, session.signal);
    try {
      return await copyFrom(session, options, { first, second, destination, layout, wantsKeys });
    } finally {
      await layout?.close();
    }
  },
  text: copiedText,
  beside({ state, source, destination, manifests }, { output }) {
    if (state === "not-verified") return;
    const [name, place] = [source, destination].map((one) => one.replace(/@.*/, ""));
    const isSigned = manifests.some((one) => one.role === "signatures" && one.state !== "left");
    if (isSigned && name !== place) {
      output.hint(
        `Next: verify it there with\n  ocisign verify ${destination} --signed-as ${place}=${name} --key FILE`,
      );
    }
  },
  exit({ state, verification }) {
    if (state === "not-verified" && verification) return exitForVerification(verification);
    return state === "conflict" ? exitCode.error : exitCode.done;
  },
});

interface CopyOptions extends Resumed {
  readonly dryRun: boolean;
}

interface Copy {
  readonly first: string;
  readonly second: string;
  readonly destination: Pick<ImageReference, "registry" | "repository">;
  readonly layout: OpenLayout | undefined;
  readonly wantsKeys: boolean;
}

async function copyFrom(
  session: Session,
  options: CopyOptions,
  { first, second, destination, layout, wantsKeys }: Copy,
): Promise<CopiedImage> {
  const { copyImage } = await import("ocisign");
  const { output, signal, callTimeoutMs } = session;
  const { key, threshold, dryRun } = options;
  const image = await imageToVerify(session, first, layout && { layout });
  const signedAs = readSignedAs(options.signedAs);
  const keys = wantsKeys ? await trusted(session, undefined, key, threshold) : undefined;
  const from = layout ? undefined : await registryOptions(session, image);
  const to = await targetOptions(session, options, { image, destination, from });
  if (!dryRun) session.resume = resumeCopy(session, image.canonical, second, options);
  output.progress(`reading what belongs to ${image.canonical}`);
  const copied = await copyImage(image, second, {
    ...{ from, layout, to, keys, signedAs, dryRun, signal, timeoutMs: callTimeoutMs },
    onProgress: progressOn(output),
  });
  output.settle();
  session.resume = undefined;
  return copied;
}

/** What settings say is for the source's registry; if the source is in a layout, for the only one there is. */
async function targetOptions(
  session: Session,
  own: Own,
  { image, destination, from }: Pick<Copy, "destination"> & Source,
): Promise<RegistryOptions> {
  if (hasOwn(own)) return secondRegistryOptions(session, destination, own);
  if (!from) return registryOptions(session, destination);
  return destination.registry === image.registry ? from : secondRegistryOptions(session, destination, own);
}

interface Source {
  readonly image: ImageReference;
  readonly from: RegistryOptions | undefined;
}

type Own = Readonly<Record<"toUrl" | "toUsername" | "toPasswordFile", string | undefined>>;

function hasOwn({ toUrl, toUsername, toPasswordFile }: Own): boolean {
  return [toUrl, toUsername, toPasswordFile].some((value) => value !== undefined);
}

/** What is wrong with it is told before anything is asked. */
function readDestination(text: string, parse: (text: string) => { registry: string; repository: string }) {
  try {
    return parse(text.includes("@") ? text : `${text}@sha256:${"0".repeat(64)}`);
  } catch {
    const fix =
      "Write registry/repository, as in mirror.example/team/app, with a tag if it is to have one there.";
    throw usage("The destination is not a repository's name.", fix);
  }
}

interface Resumed extends Own {
  readonly key: readonly string[] | undefined;
  readonly threshold: number | undefined;
  readonly signedAs: readonly string[] | undefined;
  readonly layout: string | undefined;
}

function resumeCopy(session: Session, source: string, destination: string, options: Resumed) {
  const words = [
    ...(options.key ?? []).flatMap((file) => ["--key", file]),
    ...(options.threshold === undefined ? [] : ["--threshold", String(options.threshold)]),
    // Without what vouches for it, the image would be copied unverified.
    ...flaggedIn(session.settings, ["product", "operation", "trust"]),
    ...(options.signedAs ?? []).flatMap((map) => ["--signed-as", map]),
    ...(options.layout === undefined ? [] : ["--layout", options.layout]),
    ...(options.toUsername === undefined ? [] : ["--to-username", options.toUsername]),
    ...(options.toPasswordFile === undefined ? [] : ["--to-password-file", options.toPasswordFile]),
  ];
  const base = resumeWith(session, ["copy", source, destination, ...words]);
  const lead = "What was sent stays. The same command goes on where this one stopped:";
  if (options.toUrl === undefined) return { ...base, lead };
  // A URL may hold a secret.
  const addition = [base.addition, "and --to-url, given as before"].filter(Boolean).join("; ");
  return { ...base, lead, addition };
}

/** A log gets a line at each tenth. */
function progressOn(output: Output) {
  let said = 0;
  return ({ done, total, doneBytes, totalBytes }: CopyProgress) => {
    const tenth = Math.floor((doneBytes * 10) / Math.max(totalBytes, 1));
    if (!output.isLive && tenth === said) return;
    said = tenth;
    output.progress(`${done} of ${total}, ${inUnits(doneBytes)} of ${inUnits(totalBytes)}`);
  };
}

const tones: Readonly<Record<CopiedImage["state"], Tone>> = {
  copied: "good",
  planned: "unsure",
  "not-verified": "bad",
  conflict: "bad",
};

function copiedText(copied: CopiedImage, output: Output): string {
  const { state, source, destination, tag, manifests, blobs, verification } = copied;
  const named = tag === undefined ? destination : destination.replace("@", `:${tag}@`);
  const lines = [`${output.paint(tones[state], state)}  ${source} -> ${named}`];
  if (verification && state === "not-verified")
    lines.push(verificationText(verification, output), "Nothing was copied.");
  for (const { state: how, role, digest, tag: at, subject, reason } of manifests) {
    const beside = subject === undefined ? "" : ` of ${subject}`;
    const why = reason === undefined ? "" : `: ${visible(reason)}`;
    lines.push(`  ${how.padEnd(8)}  ${role}${beside}  ${at ?? digest}${why}`);
  }
  if (state === "not-verified") return lines.join("\n");
  const { sent, there, mounted } = blobs;
  const would = state === "planned" ? "to send" : "sent";
  lines.push(
    `  blobs: ${blobText(sent)} ${would}, ${blobText(there)} there already` +
      (mounted.count > 0
        ? `, ${blobText(mounted)} ${state === "planned" ? "to be " : ""}taken over by the registry`
        : ""),
  );
  return lines.join("\n");
}

function blobText({ count, bytes }: CopiedBlobs): string {
  return count === 0 ? "0" : `${count} (${inUnits(bytes)})`;
}
