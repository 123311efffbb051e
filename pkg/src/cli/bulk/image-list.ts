// A list of images that is read twice: first it is checked as a whole, then its images are handed out. In memory are a
// hash and the number of the line for each image, and what is told of wrong lines.
import { grown, Places } from "../../bulk/places.ts";
import { Problem } from "../problem.ts";
import { entriesIn, type WrongLine } from "./entries.ts";
import { type Hash, hashOf, keyOf } from "./hash.ts";
import { Registries } from "./registries.ts";
import { partOf, type Shard } from "./shard.ts";
import type { ListFile } from "./spool.ts";

/** So many are told one by one; the others are counted. */
export const mostTold = 100;

/** A line that names the image of an earlier one. */
export interface Repetition {
  readonly line: number;
  readonly first: number;
}

export interface ListOptions {
  /** Only this part of it. */
  readonly shard?: Shard | undefined;
  /** Wrong lines are handed out, too: what they are told as is for who requests them. */
  readonly keepGoing?: boolean | undefined;
}

export class ImageList {
  readonly #file: ListFile;
  readonly #options: ListOptions;
  /** The number of each image, from 0. */
  readonly #numbers = new Places();
  /** Twice the line of each image, and one more if it names none. */
  #lines = new Uint32Array(1024);
  /** The first of those that name no image. */
  readonly wrong: WrongLine[] = [];
  wrongCount = 0;
  /** The first of those that repeat another. */
  readonly repeated: Repetition[] = [];
  repeatedCount = 0;
  readonly registries = new Registries();
  /** Images in all parts, repeated ones included. */
  #named = 0;

  /** Reads it for the first time. */
  static async read(file: ListFile, options: ListOptions = {}): Promise<ImageList> {
    const list = new ImageList(file, options);
    for await (const entries of entriesIn(file.handle, file.name)) {
      for (const { line, text, wrong } of entries) list.#note(line, text, wrong);
    }
    return list;
  }

  private constructor(file: ListFile, options: ListOptions) {
    this.#file = file;
    this.#options = options;
  }

  get name(): string {
    return this.#file.name;
  }

  /** How many are handed out: each image once. */
  get count(): number {
    return this.#numbers.size;
  }

  /** Does it name nothing at all, in any of its parts? */
  get isEmpty(): boolean {
    return this.#named + this.wrongCount === 0;
  }

  /** In which line the image stands that was handed out as this one, from 0. */
  lineOf(index: number): number {
    return (this.#lines[index] ?? 0) >>> 1;
  }

  /** Is that a line that names no image? */
  isWrong(index: number): boolean {
    return ((this.#lines[index] ?? 0) & 1) === 1;
  }

  /**
   * Reads it once more, and hands out its images.
   *
   * @throws {Problem} when it is not the list that was checked
   */
  async *references(): AsyncGenerator<string, void, undefined> {
    let next = 0;
    for await (const entries of entriesIn(this.#file.handle, this.name)) {
      for (const { line, text, wrong } of entries) {
        if (wrong && !this.#options.keepGoing) throw this.#changed(line);
        const hash = hashOf(text);
        if (!this.#isOurs(hash)) continue;
        const index = this.#numbers.of(keyOf(hash));
        if (index === undefined || index > next) throw this.#changed(line);
        // A line that repeats an earlier one.
        if (index < next) continue;
        next += 1;
        yield text;
      }
    }
    if (next < this.count) throw this.#changed(this.lineOf(next));
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #note(line: number, text: string, wrong: WrongLine | undefined): void {
    if (wrong) this.#noteWrong(wrong);
    else {
      this.#named += 1;
      this.registries.note(text, line);
    }
    if (wrong && !this.#options.keepGoing) return;
    const hash = hashOf(text);
    if (!this.#isOurs(hash)) return;
    const next = this.count;
    const known = this.#numbers.add(keyOf(hash), next);
    if (known === undefined) {
      if (next >= this.#lines.length) this.#lines = grown(this.#lines);
      this.#lines[next] = line * 2 + (wrong ? 1 : 0);
      return;
    }
    this.repeatedCount += 1;
    if (this.repeated.length < mostTold) this.repeated.push({ line, first: this.lineOf(known) });
  }

  #noteWrong(wrong: WrongLine): void {
    this.wrongCount += 1;
    if (this.wrong.length < mostTold) this.wrong.push(wrong);
  }

  #isOurs(hash: Hash): boolean {
    const { shard } = this.#options;
    return !shard || partOf(hash, shard.count) === shard.index;
  }

  #changed(line: number): Problem {
    const what = `${this.name} was changed while it was read: line ${line} is not what it was.`;
    return new Problem("bad-file", what, "Start again when nothing writes the file any more.");
  }
}
