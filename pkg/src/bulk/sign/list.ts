// The list of images of a run: walked along once to check it, and once more to do the work. In between nothing of an
// image is kept but a hash.
import { toUtf8 } from "../../bytes.ts";
import { fail } from "../../error.ts";
import { pause } from "../../http/deadline.ts";
import { asReference } from "../../image/read.ts";
import type { ImageReference } from "../../image/reference.ts";
import { digestOf } from "../../strict/digest.ts";
import { isReplayable, type WrongItem, walk } from "../artifacts.ts";
import { badList, mostNamed } from "../bad-list.ts";
import { keyOfHash, Places } from "../places.ts";
import type { Artifact, Artifacts } from "./sign-options.ts";

/** An image of the list, at its place. */
export interface Item {
  readonly index: number;
  readonly reference: ImageReference;
  /** SHA-256 over the canonical reference, in hexadecimal. */
  readonly hash: string;
  /** The place of the same image before it. */
  readonly repeats: number | undefined;
  readonly wrong?: undefined;
}

/** What is known of a whole list. */
export interface Survey {
  readonly count: number;
  /** SHA-256 over all references in their order, in hexadecimal. */
  readonly hash: string;
}

/** An image, and its place in a list. */
export interface ListedImage {
  /** SHA-256 over the canonical reference, in hexadecimal. */
  readonly hash: string;
  /** Was the list surveyed? Else nobody knows which images are in it. */
  readonly isKnown: boolean;
  readonly index: number | undefined;
}

/** The images of a run. */
export class List {
  readonly #artifacts: Artifacts;
  /** Can it be walked along again? */
  readonly isReplayable: boolean;
  readonly #check: (image: ImageReference) => void;
  /** By their hashes, the first place of each image. */
  readonly #places = new Places();
  #survey: Survey | undefined;

  /** @param check throws for what the product does not sign */
  constructor(artifacts: Artifacts, check: (image: ImageReference) => void) {
    this.isReplayable = isReplayable(artifacts);
    this.#artifacts = artifacts;
    this.#check = check;
  }

  /** Where an image stands first. */
  async placeOf(canonical: string): Promise<ListedImage> {
    const hash = await hashOf(canonical);
    const isKnown = this.#survey !== undefined;
    return { hash, isKnown, index: isKnown ? this.#places.of(keyOfHash(hash)) : undefined };
  }

  /** Could this image be in the list? */
  async mayHave(canonical: string): Promise<boolean> {
    const { isKnown, index } = await this.placeOf(canonical);
    return !isKnown || index !== undefined;
  }

  /**
   * Walks along the whole list.
   *
   * @throws {OcisignError} `bad-list` that names what is wrong, unless `mayBeWrong`
   */
  async survey(mayBeWrong: boolean, signal: AbortSignal): Promise<Survey> {
    const wrong: WrongItem[] = [];
    let [count, wrongs, chain, block] = [0, 0, "", ""];
    for await (const item of this.#walk(() => signal.throwIfAborted())) {
      count += 1;
      // A long list must not keep the process from all else.
      if (count % 4096 === 0) await pause(1, signal);
      if (item.wrong) {
        wrongs += 1;
        if (wrong.length < mostNamed) wrong.push(item);
      } else {
        this.#places.add(keyOfHash(item.hash), item.index);
      }
      // Each block is hashed together with the hash of all before it.
      block += `${item.wrong ? `!${item.given}` : item.hash}\n`;
      if (count % 256 === 0) [chain, block] = [await hashOf(chain + block), ""];
    }
    if (wrongs > 0 && !mayBeWrong) throw badList(wrong, wrongs, count, "requested");
    this.#survey = { count, hash: await hashOf(chain + block) };
    return this.#survey;
  }

  /** The images in their order. @throws {OcisignError} `bad-list` when a surveyed list is another one now */
  async *items(mayBeWrong: boolean): AsyncGenerator<Item | WrongItem, void, undefined> {
    const count = this.#survey?.count;
    let [met, firsts] = [0, 0];
    for await (const item of this.#walk()) {
      met += 1;
      if (item.wrong) {
        if (!mayBeWrong) throw badList([item], 1, undefined, "requested");
        yield item;
        continue;
      }
      const key = keyOfHash(item.hash);
      const first = count === undefined ? this.#places.add(key, item.index) : this.#places.of(key);
      if (count !== undefined && (first === undefined || first > item.index || met > count)) throw changed();
      const isFirst = first === undefined || first === item.index;
      if (isFirst) firsts += 1;
      yield { ...item, repeats: isFirst ? undefined : first };
    }
    // An image that stood there, and does not any more, must not be passed over in silence.
    if (count !== undefined && (met !== count || firsts !== this.#places.size)) throw changed();
  }

  #walk(look?: () => void): AsyncGenerator<Item | WrongItem, void, undefined> {
    return walk(this.#artifacts, "artifacts", (artifact, index) => this.#read(artifact, index), look);
  }

  async #read(artifact: Artifact, index: number): Promise<Item> {
    const reference = asReference(artifact);
    this.#check(reference);
    return { index, reference, hash: await hashOf(reference.canonical), repeats: undefined };
  }
}

/** SHA-256 of a text, in hexadecimal. */
export async function hashOf(text: string): Promise<string> {
  return (await digestOf(toUtf8(text))).slice("sha256:".length);
}

function changed(): Error {
  const fix = "Pass a function that gives the same list at each call, or an array.";
  return fail("bad-list", "The list is another one than when it was checked.", fix);
}
