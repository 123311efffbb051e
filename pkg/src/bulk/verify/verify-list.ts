// The references of a run of verifications: checked as a whole where they can be walked along twice.
import { asReference } from "../../image/read.ts";
import type { ImageReference } from "../../image/reference.ts";
import { copyOfArtifacts, isReplayable, type WrongItem, walk } from "../artifacts.ts";
import { badList, mostNamed } from "../bad-list.ts";
import type { Artifact, Artifacts } from "../sign/sign-options.ts";

/** What a list is for. */
const can = "verified";

/** A reference at its place. */
export interface Wanted {
  readonly index: number;
  readonly image: ImageReference;
  readonly wrong?: undefined;
}

export class References {
  readonly #given: Artifacts;
  readonly #check: (image: ImageReference) => void;

  /** @param check throws for what cannot be verified in this run */
  constructor(given: Artifacts, check: (image: ImageReference) => void) {
    this.#given = copyOfArtifacts(given);
    this.#check = check;
  }

  /** Can it be walked along again? */
  get isReplayable(): boolean {
    return isReplayable(this.#given);
  }

  /** Walks along all of it, and counts. @throws {OcisignError} `bad-list` that names what is wrong, unless `mayBeWrong` */
  async count(mayBeWrong: boolean, look: () => void): Promise<number> {
    const named: WrongItem[] = [];
    let [count, wrongs] = [0, 0];
    for await (const item of this.#walk(look)) {
      count += 1;
      if (!item.wrong) continue;
      wrongs += 1;
      if (named.length < mostNamed) named.push(item);
    }
    if (wrongs > 0 && !mayBeWrong) throw badList(named, wrongs, count, can);
    return count;
  }

  /** All of them in their order. @throws {OcisignError} `bad-list` at a wrong one, unless `mayBeWrong` */
  async *items(mayBeWrong: boolean): AsyncGenerator<Wanted | WrongItem, void, undefined> {
    for await (const item of this.#walk()) {
      if (item.wrong && !mayBeWrong) throw badList([item], 1, undefined, can);
      yield item;
    }
  }

  #walk(look?: () => void): AsyncGenerator<Wanted | WrongItem, void, undefined> {
    return walk(this.#given, "references", (given, index) => this.#read(given, index), look);
  }

  #read(given: Artifact, index: number): Wanted {
    const image = asReference(given);
    this.#check(image);
    return { index, image };
  }
}
