// Reads the fields of a trust file, strictly: what is wrong is refused with its path, and an unknown field with the name
// that was probably meant. A field that is passed over in silence would be a rule that does not hold.
import { OcisignError } from "ocisign";
import { type Fields, isList, isRecord, isText } from "../foreign.ts";
import { nearest } from "../nearest.ts";
import { pathOfElement, pathOfField } from "../path.ts";
import { couldBeSecret, withheld } from "../shown/given-text.ts";
import { quoted } from "../strict/fault.ts";

/** The most letters in which a name that was probably meant differs. */
const mostLetters = 3;

/** A value of a trust file, and where it stands. */
export class Place {
  readonly value: unknown;
  readonly path: string;
  /** What messages call the file. */
  readonly #file: string;

  constructor(value: unknown, file: string, path = "") {
    this.value = value;
    this.#file = file;
    this.path = path;
  }

  /** The error for what stands here. @param what goes on after the path */
  wrong(what: string, fix: string): OcisignError {
    const where = this.path === "" ? "" : `${legible(this.path)} `;
    const message = `${this.#file}: ${where}${what}.`;
    return new OcisignError("bad-trust", message, fix) as OcisignError;
  }

  /** Throws for a field that is not known, or missing. */
  fields(known: readonly string[], needed: readonly string[]): void {
    const fields = this.#record();
    for (const name of Object.keys(fields)) {
      if (known.includes(name)) continue;
      const near = nearest(name, known, () => mostLetters);
      const fix = near ? `Did you mean "${near}"?` : `Use one of the known fields: ${known.join(", ")}.`;
      throw this.wrong(`${this.path === "" ? "it " : ""}has the unknown field ${shownText(name)}`, fix);
    }
    const missing = needed.find((name) => !Object.hasOwn(fields, name));
    if (missing !== undefined) {
      throw this.wrong(`${this.path === "" ? "it " : ""}has no field "${missing}"`, `Add "${missing}".`);
    }
  }

  at(name: string): Place {
    return new Place(this.#record()[name], this.#file, pathOfField(this.path, name));
  }

  /** A field that may be left out. */
  optional(name: string): Place | undefined {
    return Object.hasOwn(this.#record(), name) ? this.at(name) : undefined;
  }

  /** The fields of an object whose names are the file's own. */
  entries(): readonly (readonly [name: string, value: Place])[] {
    return Object.keys(this.#record()).map((name) => [name, this.at(name)]);
  }

  /** The elements of a list. @param least how many there are at least */
  list(least: 0 | 1): readonly Place[] {
    const { value } = this;
    if (!isList(value)) throw this.wrong("is not a list", "Write it in brackets: [ … ].");
    if (value.length < least) throw this.wrong("is an empty list", "Name at least one.");
    return value.map((it, index) => new Place(it, this.#file, pathOfElement(this.path, index)));
  }

  text(): string {
    if (isText(this.value)) return this.value;
    throw this.wrong("is not a string", 'Write it in quotes: "…".');
  }

  /** A text that people read in messages and lists: on one line, and nothing of it hidden. */
  words(most: number): string {
    const text = this.text();
    if (text.trim() === "") throw this.wrong("is empty", "Write some words.");
    if (text.length > most) throw this.wrong(`is longer than ${most} characters`, "Shorten it.");
    checkWords(this, text);
    return text;
  }

  flag(): boolean {
    if (typeof this.value === "boolean") return this.value;
    throw this.wrong("is neither true nor false", "Write true or false, without quotes.");
  }

  /** A whole number above zero. */
  count(): number {
    const { value } = this;
    if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
    throw this.wrong("is not a whole number above 0", "Write a number such as 1, without quotes.");
  }

  #record(): Fields {
    if (isRecord(this.value)) return this.value;
    throw this.wrong(`${this.path === "" ? "it " : ""}is not an object`, "Write it in braces: { … }.");
  }
}

/** A text of the file, as a message may show it. People paste a private key where another text belongs. */
export function shownText(text: string): string {
  return couldBeSecret(text.replace(/[\r\n]+/g, " ")) ? withheld : quoted(text);
}

/** A path as a message may show it: the names in it are the file's own, and may hold what nobody sees. */
export function legible(path: string): string {
  return path.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (it) => `\\u{${it.codePointAt(0)?.toString(16)}}`);
}

/** Throws for a text with something in it that people do not see. @param called the text, in place of the path */
export function checkWords(place: Place, text: string): void {
  const isClean = !/[\p{C}\p{Zl}\p{Zp}]/u.test(text) && text === text.trim();
  if (isClean) return;
  const fix = "Write it on one line, without invisible characters and without blanks at its ends.";
  throw place.wrong(`has a character that nobody sees: ${shownText(text)}`, fix);
}
