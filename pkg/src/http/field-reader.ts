// The grammar that header fields share (RFC 9110 §5.6). It walks over the text and looks at each character a fixed
// number of times: a server chooses the text, and a pattern that tries again may take minutes for it.

const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
/** What a quoted text may hold: no control character but the tab. */
const quotable = /^[\t\x20-\x7e\x80-\uffff]*$/;

/** Reads a field's value from its beginning to its end. */
export class FieldReader {
  #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get place(): number {
    return this.#at;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Goes back to a place that was passed. */
  backTo(place: number): void {
    this.#at = place;
  }

  /** Does one of these characters stand here? */
  sees(characters: string): boolean {
    return !this.atEnd && characters.includes(this.#text.charAt(this.#at));
  }

  /** Passes over all of these characters that stand here. */
  skip(characters: string): void {
    while (this.sees(characters)) this.#at++;
  }

  /** Passes over this character, if it stands here. */
  take(character: string): boolean {
    const isHere = this.sees(character);
    if (isHere) this.#at++;
    return isHere;
  }

  /** What stands here of a form, which is a sticky pattern. */
  match(form: RegExp): string | undefined {
    form.lastIndex = this.#at;
    const [found] = form.exec(this.#text) ?? [];
    this.#at += found?.length ?? 0;
    return found;
  }

  token(): string | undefined {
    return this.match(token);
  }

  /** What stands before this character, which is passed over, too. */
  until(character: string): string | undefined {
    const end = this.#text.indexOf(character, this.#at);
    if (end < 0) return undefined;
    const found = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    return found;
  }

  /** A parameter's value: a token, or a quoted text. Undefined for neither, and for quotes that are not closed. */
  value(): string | undefined {
    return this.take('"') ? this.#quoted() : this.token();
  }

  #quoted(): string | undefined {
    const pieces: string[] = [];
    let from = this.#at;
    for (let at = from; at < this.#text.length; at++) {
      const character = this.#text.charAt(at);
      if (character !== '"' && character !== "\\") continue;
      pieces.push(this.#text.slice(from, at));
      from = at + 1;
      // The character behind a backslash stands for itself.
      if (character === "\\") at++;
      else {
        this.#at = from;
        const whole = pieces.join("");
        return quotable.test(whole) ? whole : undefined;
      }
    }
    return undefined;
  }
}
