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
  for (const keyOf of rules(before, after)) {
    // An index may name a thousand: each is looked at once a rule.
    const waiting = byKey([...left].reverse(), keyOf);
    for (const member of after) {
      const key = found.has(member) ? undefined : keyOf(member);
      const other = key === undefined ? undefined : waiting.get(key)?.pop();
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

/** What two that belong together have in common; nothing of one that has none. */
type KeyOf = (member: Member) => string | undefined;

/** What counts most comes first. */
function rules(before: readonly Member[], after: readonly Member[]): readonly KeyOf[] {
  const [old, now] = [before, after].map((members) => byKey(members, machineOf));
  const areAlone = before.length === 1 && after.length === 1;
  return [
    (member) => `${nameOf(member)} ${member.digest}`,
    nameOf,
    // Some builders write the usual variant, and some leave it out. Windows' version moves with each base.
    (member) => {
      const machine = machineOf(member);
      const [one, ...others] = old?.get(machine) ?? [];
      const [other, ...more] = now?.get(machine) ?? [];
      const areOnly = one && other && others.length + more.length === 0;
      return areOnly && isAlike(one.platform?.variant, other.platform?.variant) ? machine : undefined;
    },
    () => (areAlone && [...before, ...after].some(({ platform }) => !platform) ? "alone" : undefined),
  ];
}

function byKey<M extends Member>(members: readonly M[], keyOf: KeyOf): Map<string, M[]> {
  const found = new Map<string, M[]>();
  for (const member of members) {
    const key = keyOf(member);
    if (key === undefined) continue;
    const those = found.get(key);
    if (those) those.push(member);
    else found.set(key, [member]);
  }
  return found;
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
