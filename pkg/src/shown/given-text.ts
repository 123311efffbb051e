// What of a text that was given as a reference may be repeated. People give a secret where something else is asked for: a
// token for an image, a password before an `@`, a signed query in a URL. So what could be a secret is withheld. The core
// quotes by the same rule (src/quote.rs).
import { toUtf8 } from "../bytes.ts";

/** Stands in a message in the place of what could be a secret. */
export const withheld = "[withheld]";

/** Could this be a secret, or hold one? A key in PEM, several lines, and what looks random, as tokens and keys do. */
export function couldBeSecret(text: string): boolean {
  // `echo` adds a line break to anything.
  const inner = text.trimEnd();
  return /[\r\n]|-----/.test(inner) || (inner.match(/[\w+/=-]+/g) ?? []).some(looksRandom);
}

/** Small letters and capitals, of which at least each fifth is of another kind than the one before it. */
function looksRandom(part: string): boolean {
  const changes = part.match(/(?<=[a-z])[A-Z\d]|(?<=[A-Z])[a-z\d]|(?<=\d)[A-Za-z]/g)?.length ?? 0;
  return part.length >= 18 && /[a-z]/.test(part) && /[A-Z]/.test(part) && changes * 5 >= part.length;
}

/**
 * A URL, or a text that should be one or a reference, as it may be shown. What stands before its `@` and what follows a
 * `?` or `#` can be a password or a key: it becomes stars, one a byte, so that an offset still points to its place.
 */
export function withoutUrlSecrets(text: string): string {
  const stars = (secret: string) => "*".repeat(toUtf8(secret).length);
  const [, scheme = "", address = ""] = text.match(/^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/is) ?? [];
  const [, name = "", found = ""] = address.match(/^(.*?)(@sha\d+:[^@]*)?$/is) ?? [];
  // Behind a scheme, a host can be called like the algorithm of a digest.
  const isDigest = scheme === "" || imageName.test(name);
  const [rest, digest] = isDigest ? [name, found] : [address, ""];
  const shown = rest.replace(/^.*(?=@)/s, stars).replace(/(?<=[?#]).*/s, stars);
  return scheme + shown + digest;
}

/** A registry with a path, and a tag or none: nothing before it can be a password. */
const imageName = /^(?:[^:@/]*|[^:@]*:\d+)\/[^:@]*(:[\w.-]+)?$/;

/** A reference of the user's, unless it could be something else: a secret has no path and no digest. */
export function shownReference(text: string): string | undefined {
  const couldBeReference = text.includes("/") || /@sha\d+:/.test(text);
  const couldBeOther = couldBeSecret(text) || foreign.some((it) => it.test(text.replace(/[?#].*/s, "")));
  return couldBeReference && !couldBeOther ? withoutUrlSecrets(text) : undefined;
}

/**
 * What a reference has not even by mistake, and lines of settings have, each of which may hold a password. What follows
 * a `?` or `#` is passed over, since it is never shown.
 */
const foreign: readonly RegExp[] = [
  // Assignments, JSON and other quoted texts, variables of a shell.
  /["'`{}<>$;=]/,
  // YAML, headers, and the keys of `.npmrc`.
  /:[\s_]/,
  // A path, or an option.
  /^\s*[/\\~.-]/,
  // `user:password`: a registry without a dot has a port of digits.
  /^[^/@.[\]]+:(?!\/\/|\d+(\/|$))/,
  // A command, or a sentence.
  /\S\s+\S+\s+\S/,
];

/** What is longer than any reference, or id, is cut. */
const longest = 1000;

export function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** What was given in the place of a reference, as it may be kept. */
export function givenText(text: string): string {
  // Nobody looks for secrets in what is too long to be shown.
  return cut(shownReference(text.slice(0, 2 * longest)) ?? withheld);
}
