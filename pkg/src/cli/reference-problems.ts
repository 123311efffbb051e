// All that is wrong with a reference. The core stops at the first thing that is wrong; a person wants to correct all at
// once. So each mistake is mended in a copy, and the core reads the copy again. What is right is the core's to say: here
// stands only how a mistake is mended so that what follows can be read.
import type { ImageReference } from "ocisign";
import { type LibraryError, libraryError } from "./library-error.ts";
import { pointedAt, shownReference } from "./withheld.ts";

/** Reads a reference, or throws. */
export type Parse = (text: string) => ImageReference;

/** A thing that is wrong. */
export interface ReferenceProblem {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  /** Where, in bytes of the text that was given. */
  readonly offset: number;
}

/** No honest reference is longer; what is longer is told by its first mistake. */
const longest = 1000;
/** Nobody makes more mistakes in one reference. */
const most = 40;

/**
 * The problems of a text that is no reference, in the order in which the core meets them.
 *
 * @param first what the core said of the text
 * @example
 * problemsOf("nginx:latest", refused, parseReference).map(({ code }) => code); // registry-missing, digest-missing
 */
export function problemsOf(text: string, first: LibraryError, parse: Parse): readonly ReferenceProblem[] {
  const found = [at(first, first.offset ?? 0)];
  if (text.length > longest) return found;
  const copy = new Copy(text);
  for (let error: LibraryError | undefined = first; error && found.length < most; ) {
    if (!copy.mend(error)) break;
    error = refusal(copy.text, parse);
    if (error) found.push(at(error, copy.placeOf(error.offset ?? 0)));
  }
  return found.filter((problem, index) => index === 0 || mayBeSaid(problem, text));
}

/** What may be a secret is not taken apart: the core has decided only what it says of the first mistake. */
function mayBeSaid({ code, message }: ReferenceProblem, text: string): boolean {
  const shown = shownReference(text);
  if (shown === undefined) return code === "digest-missing";
  const quoted = Array.from(message.matchAll(/`([^`]{2,})`/g), ([, quote = ""]) => quote);
  // Stars stand in it for what is before an `@` and behind a `?`.
  return shown === text || quoted.every((quote) => shown.includes(quote));
}

function refusal(text: string, parse: Parse): LibraryError | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    const refused = libraryError(error);
    if (!refused) throw error;
    return refused;
  }
}

/** A refusal with the place in the text that was given, also in its words. */
function at({ code, message, fix, offset }: LibraryError, place: number): ReferenceProblem {
  return { code, message: message.replace(`byte ${offset}`, `byte ${place}`), fix, offset: place };
}

/** A character of the copy, and where in the given text it stands or would stand. */
interface Character {
  readonly text: string;
  readonly place: number;
}

/** Mends what was refused. False: nothing that follows could be read. */
type Mend = (copy: Copy, index: number) => boolean;

/** The copy that is mended. */
class Copy {
  #characters: Character[] = [];
  readonly #end: number;

  constructor(text: string) {
    let place = 0;
    for (const character of text) {
      this.#characters.push({ text: character, place });
      place += Buffer.byteLength(character);
    }
    this.#end = place;
  }

  get text(): string {
    return this.#characters.map(({ text }) => text).join("");
  }

  /** The place in the given text of a place in this one, both in bytes. */
  placeOf(offset: number): number {
    return this.#characters[this.#indexOf(offset)]?.place ?? this.#end;
  }

  mend({ code, offset }: LibraryError): boolean {
    return mends.get(code)?.(this, this.#indexOf(offset ?? 0)) ?? false;
  }

  /** How far a pattern reaches from here on. */
  reach(index: number, pattern: RegExp): number {
    const rest = this.#characters.slice(index).map(({ text }) => text);
    return Array.from(rest.join("").match(pattern)?.[0] ?? "").length;
  }

  /** Puts a text in the place of some characters. */
  put(index: number, count: number, text: string): true {
    const place = this.#characters[index]?.place ?? this.#end;
    const put = Array.from(text, (character) => ({ text: character, place }));
    this.#characters.splice(index, count, ...put);
    return true;
  }

  character(index: number): string {
    return this.#characters[index]?.text ?? "";
  }

  #indexOf(offset: number): number {
    let bytes = 0;
    const index = this.#characters.findIndex(({ text }) => {
      bytes += Buffer.byteLength(text);
      return bytes > offset;
    });
    return index < 0 ? this.#characters.length : index;
  }
}

const remove: Mend = (copy, index) => copy.put(index, 1, "");
const aZero: Mend = (copy, index) => copy.put(index, 1, "0");
const lowered: Mend = (copy, index) => copy.put(index, 1, copy.character(index).toLowerCase());

/** By the codes of references; after the others, nothing more can be told. */
const mends: ReadonlyMap<string, Mend> = new Map<string, Mend>([
  ["white-space", remove],
  ["control-character", remove],
  // With the digits that belong to it.
  ["percent-sign", (copy, index) => copy.put(index, copy.reach(index, /^%([\dA-F]{2})?/i), "0")],
  // A letter stands for one letter, which counts in a digest; what is invisible stands for none.
  ["not-ascii", (copy, index) => (/\p{L}/u.test(copy.character(index)) ? aZero : remove)(copy, index)],
  ["scheme", (copy) => copy.put(0, copy.reach(0, /^[\s\S]*?:\/\//), "")],
  ["user-info", (copy) => copy.put(0, copy.reach(0, /^[^@]*@/), "")],
  ["registry-missing", (copy) => copy.put(0, 0, `${someRegistry}/`)],
  ["registry-invalid", mendRegistry],
  ["port-invalid", (copy, index) => copy.put(index - 1, 1 + copy.reach(index, /^[^/]*/), "")],
  ["repository-missing", (copy, index) => copy.put(index, 0, "0")],
  ["repository-uppercase", lowered],
  ["repository-invalid", (copy, index) => copy.put(index, Math.max(1, copy.reach(index, /^[._-]+/)), "0")],
  ["repository-too-long", (copy, index) => copy.put(index, copy.reach(index, /^[^:@]*/), "0")],
  ["tag-invalid", (copy, index) => copy.put(index, copy.reach(index, /^[^@]*/), "0")],
  ["digest-uppercase", lowered],
  ["digest-invalid", aZero],
]);

const someRegistry = "registry.example";

/** A character that cannot stand there; or else a name that is wrong as a whole. The port is read behind it. */
function mendRegistry(copy: Copy, index: number): true {
  if (!/[\w.:[\]/-]|^$/.test(copy.character(index))) return copy.put(index, 1, "a");
  return copy.put(0, copy.reach(0, /^(\[[^\]/]*\]?|[^:/]*)/), someRegistry);
}

/** All problems of a text as one. */
export interface Told {
  readonly message: string;
  readonly fix: string;
  /** The text, with a mark below each place. */
  readonly shown: string | undefined;
  /** For a program, where there are several. */
  readonly problems?: readonly ReferenceProblem[];
}

/** Of mistakes of one kind the first is said; all are marked. */
export function allOf(problems: readonly ReferenceProblem[], text: string): Told {
  const kinds = [
    ...new Map(problems.toReversed().map((problem) => [problem.code, problem])).values(),
  ].toReversed();
  const sentences = (of: "message" | "fix") => [...new Set(kinds.map((problem) => problem[of]))].join(" ");
  return {
    message: sentences("message"),
    fix: sentences("fix"),
    shown: pointedAt(text, ...problems.map(({ offset }) => offset)),
    ...(problems.length > 1 ? { problems } : {}),
  };
}
