// Patterns of images: one repository, or everything below a name. Nothing else is one, so that it is always clear which
// rule holds.
import { OcisignError, parseReference } from "ocisign";

/** What a pattern ends with that means everything below a name. */
const below = "/**";

/** A part of an image's name that fits. */
export interface ImageName {
  readonly registry: string;
  readonly repository: string;
}

/** Why a text is no pattern, and what to write. */
export interface NoPattern {
  readonly what: string;
  readonly fix: string;
}

/** The name before what stands for everything below; the name itself, of one repository. */
export function stemOf(pattern: string): string {
  return isPrefix(pattern) ? pattern.slice(0, -below.length) : pattern;
}

/** Does a pattern mean everything below a name, and not one repository? */
export function isPrefix(pattern: string): boolean {
  return pattern.endsWith(below);
}

/** Does a pattern fit an image? Below a name is not the name itself. */
export function fits(pattern: string, { registry, repository }: ImageName): boolean {
  const name = `${registry}/${repository}`;
  return isPrefix(pattern) ? name.startsWith(`${stemOf(pattern)}/`) : name === pattern;
}

/** Does a pattern mean only images that another one means, too? Then it holds for them, because it is longer. */
export function isWithin(inner: string, outer: string): boolean {
  return isPrefix(outer) && stemOf(inner).startsWith(`${stemOf(outer)}/`);
}

/** All patterns that another one is within, the narrowest last. */
export function widerThan(pattern: string): readonly string[] {
  const parts = stemOf(pattern).split("/");
  return parts.slice(1).map((_, index) => `${parts.slice(0, index + 1).join("/")}${below}`);
}

/** Why a text is no pattern that an image's name can fit; undefined for one that is. */
export function whyNoPattern(text: string): NoPattern | undefined {
  const stem = stemOf(text);
  if (/[*?[\]{}]/.test(stem)) {
    const what = text === "**" || text === "*" ? "names no registry" : "has a wildcard that is none here";
    return { what, fix: "Write a repository in full, or end the pattern with /** for everything below." };
  }
  if (stem.includes("@")) {
    const fix = "Leave the digest out: a rule holds for a repository; revokedDigests names digests.";
    return { what: "names a digest", fix };
  }
  if (!stem.includes("/") && !isPrefix(text)) {
    return { what: "names no repository", fix: `Write registry/repository, or ${registryIn(text)}/**.` };
  }
  return whyNoName(stem, isPrefix(text));
}

/** The module reads the name as that of an image, so that only what an image can be called is one. */
function whyNoName(stem: string, isBelow: boolean): NoPattern | undefined {
  // Two components below a registry: one alone would be an official image of Docker Hub.
  const rest = isBelow ? (stem.includes("/") ? "/x" : "/x/x") : "";
  try {
    const { registry, repository, tag } = parseReference(`${stem}${rest}@sha256:${"0".repeat(64)}`);
    const name = `${registry}/${repository}`.slice(0, rest.length === 0 ? undefined : -rest.length);
    if (tag !== undefined) {
      return { what: "names a tag", fix: "Leave the tag out: a rule holds for a repository." };
    }
    if (name === stem) return undefined;
    const written = isBelow ? `${name}${below}` : name;
    return { what: "fits no image, whose name is spelled otherwise", fix: `Write ${written}.` };
  } catch (error) {
    if (!(error instanceof OcisignError)) throw error;
    const fix = "Write the registry and the repository as they stand in the image's reference.";
    return { what: `is no name of images: ${error.message}`, fix: error.fix || fix };
  }
}

function registryIn(text: string): string {
  return /^[a-z0-9.:-]+$/.test(text) && /[.:]|^localhost$/.test(text) ? text : "registry.example";
}
