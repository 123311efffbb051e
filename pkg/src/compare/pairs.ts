// Which image of one side is compared with which of the other: those of the same platform.
import type { Entry } from "../image/manifest.ts";
import type { Platform } from "../image/platform.ts";
import type { Digest } from "../image/reference.ts";

/** An image of one platform: what was asked for itself, or what an index names. */
export interface Member {
  /** Nothing if nobody names one, or it could not be read. */
  readonly platform: Platform | undefined;
  readonly digest: Digest;
  readonly mediaType: string;
  /** Of an index. */
  readonly entry?: Entry;
}

/** What is compared: at least one of the two is there. */
export type Pair<M extends Member> =
  | { readonly before: M; readonly after: M }
  | { readonly before: M; readonly after?: undefined }
  | { readonly before?: undefined; readonly after: M };

/** In the order of `after`; what only `before` has comes last. */
export function pairsOf<M extends Member>(before: readonly M[], after: readonly M[]): readonly Pair<M>[] {
  const left = new Set(before);
  const found = new Map<M, M>();
  for (const fits of rules(before, after)) {
    for (const member of after) {
      if (found.has(member)) continue;
      const other = [...left].find((one) => fits(one, member));
      if (!other) continue;
      found.set(member, other);
      left.delete(other);
    }
  }
  const pairs = after.map((member) => {
    const other = found.get(member);
    return other ? { before: other, after: member } : { after: member };
  });
  return [...pairs, ...[...left].map((one) => ({ before: one }))];
}

type Fits = (before: Member, after: Member) => boolean;

/** What counts most comes first. */
function rules(before: readonly Member[], after: readonly Member[]): readonly Fits[] {
  const areAlone = before.length === 1 && after.length === 1;
  return [
    (one, other) => nameOf(one) === nameOf(other) && one.digest === other.digest,
    (one, other) => nameOf(one) === nameOf(other),
    // Some builders write the usual variant, and some leave it out. Windows' version moves with each base.
    (one, other) =>
      machineOf(one) === machineOf(other) &&
      isAlike(one.platform?.variant, other.platform?.variant) &&
      [before, after].every(
        (members) => members.filter((it) => machineOf(it) === machineOf(one)).length === 1,
      ),
    (one, other) => areAlone && (one.platform === undefined || other.platform === undefined),
  ];
}

function isAlike(one: string | undefined, other: string | undefined): boolean {
  return one === other || one === undefined || other === undefined;
}

function machineOf({ platform }: Member): string {
  return platform ? `${platform.os}/${platform.architecture}` : "";
}

function nameOf({ platform }: Member): string {
  return platform ? `${platformText(platform)} ${platform.osVersion ?? ""}` : "";
}

/** As people write it: `linux/arm64/v8`. */
export function platformText({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter((part) => part !== undefined).join("/");
}

/** Could it be a platform's name, as a caller writes it? */
export function isPlatformName(text: string): boolean {
  return /^[\w.-]{1,64}(?:\/[\w.-]{1,64}){1,2}$/.test(text);
}

/** Is it the platform that a caller named, as `linux/arm64` or `linux/arm64/v8`? */
export function isNamed(text: string, platform: Platform | undefined): boolean {
  if (!platform) return false;
  const whole = platformText(platform);
  return text === whole || (text.split("/").length === 2 && whole.startsWith(`${text}/`));
}
