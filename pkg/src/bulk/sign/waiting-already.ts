// Requests that wait already for images of a list: they are taken up, and not made again.
import type { Signing } from "../../service/signing.ts";
import { packed, unpacked } from "../all-requests.ts";
import { isOf, isOfAnother, type Subject } from "../subject.ts";
import { imageOf } from "./what-it-shows.ts";

/**
 * The requests that wait, by the canonical reference of their image. A code that the profile does not explain is none
 * that waits: nobody knows what it says.
 */
export class WaitingAlready {
  readonly #subject: Subject;
  readonly #isWanted: (canonical: string) => Promise<boolean>;
  /** Each as text. */
  readonly #byImage = new Map<string, string>();
  /** Ids of those of which the list tells too little. */
  #short: string[] = [];

  /** @param isWanted is the image in the list of the run? */
  constructor(subject: Subject, isWanted: (canonical: string) => Promise<boolean>) {
    this.#subject = subject;
    this.#isWanted = isWanted;
  }

  /** The request for an image. It is told once. */
  take(canonical: string): Signing | undefined {
    const text = this.#byImage.get(canonical);
    this.#byImage.delete(canonical);
    return text === undefined ? undefined : unpacked(text);
  }

  /** A walk along the list begins. */
  begin(): void {
    this.#byImage.clear();
    this.#short = [];
  }

  see(signing: Signing): Promise<void> | undefined {
    if (!this.#waits(signing)) return undefined;
    // A list may leave parts of its requests out.
    const image = imageOf(signing);
    if (image !== undefined && isOf(signing, this.#subject)) return this.#keep(image, signing);
    if (image === undefined || !isOf(signing, this.#subject)) this.#short.push(signing.id);
    return undefined;
  }

  alone(): readonly string[] {
    return this.#short;
  }

  /** One that was read alone. */
  async seeAlone(signing: Signing): Promise<void> {
    const image = imageOf(signing);
    if (image !== undefined && this.#waits(signing) && isOf(signing, this.#subject))
      await this.#keep(image, signing);
  }

  #waits(signing: Signing): boolean {
    return !signing.final && signing.state !== "unknown" && !isOfAnother(signing, this.#subject);
  }

  async #keep(image: string, signing: Signing): Promise<void> {
    if (!this.#byImage.has(image) && (await this.#isWanted(image))) this.#byImage.set(image, packed(signing));
  }
}
