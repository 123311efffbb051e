// A mirror holds images under its own names, and their signatures name the registry that they came from. A caller says
// which name stands for which, as `remapIdentity` of containers-policy.json(5) does: by prefixes that end where a
// component of the name ends. Where a prefix fits, the image's own name does not count any more.
import { harmless } from "../core.ts";
import { fail, OcisignError, type OcisignErrorOf } from "../error.ts";
import { isText } from "../foreign.ts";
import { parseReference } from "../image/read.ts";
import type { ImageReference } from "../image/reference.ts";
import { plainFields } from "../options.ts";
import type { SignedIdentity } from "./verification.ts";

/** No list of mirrors is longer. */
const mostPrefixes = 1000;

/** A rule of the map. */
interface Rule {
  readonly prefix: string;
  readonly signedPrefix: string;
}

/** What signatures have to name, where it is not the image's own name. */
export interface Identity {
  /** The image by the name that signatures have to say. */
  readonly image: ImageReference;
  readonly told: SignedIdentity;
}

/** Which names stand for which. */
export class SignedAs {
  readonly #rules: readonly Rule[];

  private constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  /** Reads the option `signedAs`; nothing if it is left out. */
  static read(given: unknown): SignedAs | undefined {
    if (given === undefined) return undefined;
    const fields = plainFields(given);
    const entries = Object.entries(fields ?? {});
    if (!fields || entries.length === 0 || entries.length > mostPrefixes) throw noMap();
    const rules = new Map<string, Rule>();
    for (const [key, value] of entries) {
      const rule = { prefix: prefixIn(key), signedPrefix: prefixIn(value) };
      const other = rules.get(rule.prefix);
      if (other && other.signedPrefix !== rule.signedPrefix) {
        throw fail("bad-input", `signedAs names ${rule.prefix} twice.`, "Leave one of them out.");
      }
      rules.set(rule.prefix, rule);
    }
    // The longest that fits is the most exact one.
    return new SignedAs([...rules.values()].sort((a, b) => b.prefix.length - a.prefix.length));
  }

  /** What signatures of an image have to name; nothing if its own name counts. */
  of({ registry, repository, digest }: ImageReference): Identity | undefined {
    const name = `${registry}/${repository}`;
    const rule = this.#rules.find(({ prefix }) => name === prefix || name.startsWith(`${prefix}/`));
    if (!rule) return undefined;
    const signedName = `${rule.signedPrefix}${name.slice(rule.prefix.length)}`;
    const image = imageNamed(signedName, digest);
    return { image, told: { name: signedName, ...rule } };
  }
}

/** What the map makes of a name has to be one, in its one spelling: nothing else is guessed. */
function imageNamed(name: string, digest: string): ImageReference {
  const image = readOrUndefined(`${name}@${digest}`);
  if (image && `${image.registry}/${image.repository}` === name) return image;
  const of = image
    ? `, which is spelled ${image.registry}/${image.repository}`
    : ", which names no repository";
  const fix = "Write both prefixes in full, such as mirror.example/hub=docker.io/library.";
  throw fail("bad-input", `signedAs makes ${harmless(name)} of the image's name${of}.`, fix);
}

/**
 * A registry, or a registry and the beginning of a path. It is read as the beginning of a longer name, by the one rule
 * for names, so that `docker.io/team` does not become `docker.io/library/team`.
 */
function prefixIn(text: unknown): string {
  const rest = "/x/x";
  const image = isText(text) ? readOrUndefined(`${text}${rest}@sha256:${"0".repeat(64)}`) : undefined;
  if (!image) throw noPrefix(text);
  return `${image.registry}/${image.repository}`.slice(0, -rest.length);
}

function readOrUndefined(text: string): ImageReference | undefined {
  try {
    return parseReference(text);
  } catch (error) {
    if (error instanceof OcisignError) return undefined;
    throw error;
  }
}

function noPrefix(text: unknown): OcisignErrorOf {
  const what = isText(text) ? `signedAs: ${harmless(text)} is` : "signedAs has a value that is";
  const fix = "Write each as a registry with or without a path, such as mirror.example/team.";
  return fail("bad-input", `${what} no registry and no beginning of a repository's name.`, fix);
}

function noMap(): OcisignErrorOf {
  const message = `signedAs is not an object with 1 to ${mostPrefixes} prefixes.`;
  const fix =
    'Pass prefixes of mirrors with what they stand for, such as { "mirror.example": "registry.example" }.';
  return fail("bad-input", message, fix);
}

/** Do signatures that hold name a repository? Undefined where none holds. */
type NamedBy = "some" | "none" | undefined;

/** The map is the caller's: what it led to is said with the outcome. */
export function withIdentity(reason: string, identity: Identity | undefined, named: NamedBy): string {
  if (!identity) return reason;
  const { name } = identity.told;
  if (named === "none") {
    return `${reason} Its signatures name no repository, so that the map of mirrors changes nothing.`;
  }
  const what = named === "some" ? "Its signatures name" : "Signatures have to name";
  return `${reason} ${what} ${name}, which the image's name stands for.`;
}
