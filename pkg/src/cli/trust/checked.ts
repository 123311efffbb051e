// What a trust file says, and of images which rule holds and which keys count: as data, and in words.
import type { CanonicalReference, ImageReference, TrustPolicy } from "ocisign";
import { visible } from "../../shown/visible.ts";
import type { Output } from "../output.ts";
import { exitCode } from "../problem.ts";

/** A key of a rule, for an image. */
export interface CheckedKey {
  readonly name: string;
  readonly counts: boolean;
  readonly why?: string | undefined;
}

/** What the file says of an image. Without a rule it is refused. */
export interface CheckedImage {
  readonly reference: CanonicalReference;
  readonly rule?: string;
  readonly pattern?: string;
  readonly threshold?: number;
  readonly keys?: readonly CheckedKey[];
  /** The reason, if the file revokes it. */
  readonly revoked?: string;
  /** Can it be verified at all? */
  readonly canBeVerified: boolean;
}

export interface CheckedTrust {
  readonly file: string;
  readonly at: string;
  readonly keys: readonly CheckedKey[];
  readonly rules: number;
  readonly revokedDigests: number;
  readonly warnings: readonly string[];
  readonly images?: readonly CheckedImage[];
  /** Patterns that fit none of the images. */
  readonly unused?: readonly string[];
  readonly exit: number;
}

export async function checkedTrust(
  policy: TrustPolicy,
  images: readonly ImageReference[] | undefined,
  at: Date,
): Promise<CheckedTrust> {
  const { standing } = await import("ocisign/trust");
  const { warningsOf } = await import("../../trust/warnings.ts");
  const keys = [...policy.keys.values()].map((key) => ({ name: key.name, ...standing(key, at) }));
  const facts = {
    file: policy.called,
    at: at.toISOString(),
    keys,
    rules: policy.rules.length,
    revokedDigests: policy.revokedDigests.length,
    warnings: warningsOf(policy, at),
  };
  if (!images) return { ...facts, exit: exitCode.done };
  const checked = await Promise.all(images.map((image) => checkedImage(policy, image, at)));
  const used = new Set(checked.map(({ pattern }) => pattern));
  const unused = policy.rules.flatMap((rule) => rule.images).filter((pattern) => !used.has(pattern));
  const isGood = checked.every(({ canBeVerified }) => canBeVerified);
  return { ...facts, images: checked, unused, exit: isGood ? exitCode.done : exitCode.notVerified };
}

async function checkedImage(policy: TrustPolicy, image: ImageReference, at: Date): Promise<CheckedImage> {
  const { ruleFor, standing } = await import("ocisign/trust");
  const reference = image.canonical;
  const held = ruleFor(policy, image);
  if (!held) return { reference, canBeVerified: false };
  const { rule, pattern } = held;
  const keys = rule.keys.flatMap((name) => {
    const key = policy.keys.get(name);
    return key ? [{ name, ...standing(key, at, image.digest) }] : [];
  });
  const revoked = policy.revokedDigests.find(({ digest }) => digest === image.digest)?.reason;
  const counting = keys.filter(({ counts }) => counts).length;
  return {
    ...{ reference, rule: rule.name, pattern, threshold: rule.threshold, keys },
    ...(revoked !== undefined && { revoked }),
    canBeVerified: revoked === undefined && counting >= rule.threshold,
  };
}

export function checkedTrustText(checked: CheckedTrust, output: Output): string {
  const { keys, rules, revokedDigests, warnings, images = [], unused = [] } = checked;
  const lines = [
    `${checked.file}: ${rules} rules, ${keys.length} keys, ${revokedDigests} revoked digests, at ${checked.at}`,
    ...keys.map((key) => `  ${keyText(key, output)}`),
    ...warnings.map((warning) => `${output.paint("unsure", "warning:")} ${visible(warning)}`),
    ...images.flatMap((image) => imageText(image, output)),
    ...unused.map((pattern) => `no image here fits ${visible(pattern)}`),
  ];
  return lines.join("\n");
}

function imageText(image: CheckedImage, output: Output): readonly string[] {
  const { reference, rule, pattern = "", threshold, keys = [], revoked } = image;
  const tone = image.canBeVerified ? "good" : "bad";
  const head = output.paint(tone, reference);
  if (rule === undefined) return [head, "  no rule is about it, so that it is refused"];
  const of = `  the rule "${visible(rule)}" holds, by ${visible(pattern)}: ${threshold} of these keys`;
  const why = revoked === undefined ? [] : [`  revoked: ${visible(revoked)}`];
  return [head, ...why, of, ...keys.map((key) => `    ${keyText(key, output)}`)];
}

function keyText({ name, counts, why }: CheckedKey, output: Output): string {
  const word = counts ? output.paint("good", "counts") : output.paint("bad", "does not count");
  return `${visible(name)}: ${word}${why === undefined ? "" : `: ${visible(why)}`}`;
}
