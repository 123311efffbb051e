// One walk along the list of requests, for those that are sought.
import { artifactOf } from "../../service/artifact.ts";
import type { Signing } from "../../service/signing.ts";
import type { Visitor } from "../all-requests.ts";
import { requestKeyOf } from "../batch-id.ts";
import { isOfAnother, type Subject } from "../subject.ts";
import type { Sought } from "./search.ts";
import { imageOf, rank, showsMetadata } from "./what-it-shows.ts";

/** A request that the run has, one that is surely none of its, or one that could be. */
export type Whose =
  | {
      readonly place: number;
      /** It says nothing of what the service keeps now. */
      readonly isOld: boolean;
    }
  | "another's"
  | undefined;

/** Requests that could be those that are sought, and do not say. */
interface Bare {
  readonly id: string;
  readonly image: string | undefined;
}

export class Round implements Visitor {
  readonly found = new Map<string, Signing>();
  readonly unclear = new Map<string, string>();
  readonly #byKey: ReadonlyMap<string, Sought>;
  readonly #byImage: ReadonlyMap<string, Sought>;
  readonly #subject: Subject;
  readonly #whose: (id: string) => Whose;
  /** By their places, the own requests that the list has shown. */
  readonly #shown: Uint8Array;
  /** The last of those that this run has made, and that shows its key; and whether one of them does not. */
  #lastWithKey = -1;
  #hidesKeys = false;
  readonly #bare: Bare[] = [];
  readonly #alone: string[] = [];

  /**
   * @param expected how many the service has for sure, but for those that are gone
   * @param whose what is known of a request, by its id
   */
  constructor(sought: readonly Sought[], subject: Subject, expected: number, whose: (id: string) => Whose) {
    this.#byKey = new Map(sought.map((one) => [one.key, one]));
    this.#byImage = new Map(sought.map((one) => [one.canonical, one]));
    this.#subject = subject;
    this.#shown = new Uint8Array(expected);
    this.#whose = whose;
  }

  see(signing: Signing): undefined {
    const key = requestKeyOf(signing);
    const whose = this.#whose(signing.id);
    if (typeof whose === "object") this.#seeOwn(whose, key !== undefined);
    // An earlier run of the same batch id may have made one with the same key.
    if (whose !== undefined) return;
    if (key !== undefined) this.take(key, signing);
    else if (this.mayBe(signing)) {
      if (showsMetadata(signing)) this.#bare.push({ id: signing.id, image: imageOf(signing) });
      else this.#alone.push(signing.id);
    }
  }

  #seeOwn({ place, isOld }: { readonly place: number; readonly isOld: boolean }, hasKey: boolean): void {
    this.#shown[place] = 1;
    if (isOld) return;
    if (hasKey) this.#lastWithKey = Math.max(this.#lastWithKey, place);
    else this.#hidesKeys = true;
  }

  /** What was not seen could be any of them. */
  blind(id: string | undefined, why = "an element of the list of requests cannot be read"): void {
    if (id === undefined) for (const key of this.#byKey.keys()) this.unclear.set(key, why);
    else if (this.#whose(id) === undefined) this.#alone.push(id);
  }

  /** Ids of requests of which the list tells too little. */
  alone(): readonly string[] {
    const unclear = this.#bare.filter(({ image }) => this.#isOpen(image, this.#proofOfKeys));
    return [...this.#alone, ...unclear.map(({ id }) => id)];
  }

  /** Where this list shows the keys of what was made later, one without a key is another's. */
  get #proofOfKeys(): number {
    return this.#hidesKeys ? -1 : this.#lastWithKey;
  }

  /** Could a request of this image be one of those that are sought? @param proof the place of a later one, with its key */
  #isOpen(image: string | undefined, proof: number): boolean {
    if (image !== undefined) return proof < (this.#byImage.get(image)?.after ?? 0);
    return [...this.#byKey.values()].some(({ after }) => proof < after);
  }

  /** Why the list is not whole, if it is not. @param gone places of those that the service has no more */
  lacking(gone: ReadonlySet<number>): string | undefined {
    const isLacking = this.#shown.some((shown, place) => !shown && !gone.has(place));
    return isLacking ? "the list of requests lacks one that the service has accepted" : undefined;
  }

  /** A request with a key. Of another product or operation, it is not this run's, whoever copied the key. @returns was it sought? */
  take(key: string, signing: Signing): boolean {
    const one = this.#byKey.get(key);
    if (!one || isOfAnother(signing, this.#subject)) return false;
    const image = imageOf(signing);
    const known = this.found.get(key);
    if (image !== one.canonical && artifactOf(signing).state !== "none") {
      this.unclear.set(key, `the service accepted another image than was requested, as ${signing.id}`);
    } else if (!known || rank(signing) >= rank(known)) {
      this.found.set(key, signing);
    }
    return true;
  }

  /** Could it be one that is sought, by its image and product? */
  mayBe(signing: Signing): boolean {
    if (isOfAnother(signing, this.#subject)) return false;
    const image = imageOf(signing);
    return image === undefined || this.#byImage.has(image);
  }

  /** One that could be, and does not say. @param proof the place of a later one, which shows its key */
  doubt(signing: Signing, why: string, proof = -1): void {
    if (!this.mayBe(signing)) return;
    const image = imageOf(signing);
    for (const { key, canonical, after } of this.#byKey.values()) {
      if (proof < after && (image === undefined || image === canonical)) this.unclear.set(key, why);
    }
  }
}
