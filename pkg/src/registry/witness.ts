/** Notes which repositories have shown themselves by what was read: only then does a bare "not found" say something. */
export class Witness {
  #seen = new Set<string>();

  saw(repository: string): void {
    this.#seen.add(repository);
  }

  sees(repository: string): boolean {
    return this.#seen.has(repository);
  }
}

/**
 * What a reply is judged after, when all is asked for at once: with the rights and the knowledge that it would have had,
 * had it been asked for then. Nothing depends on what answers first.
 */
export interface After {
  /** What stands before it. It never rejects. */
  readonly settled: Promise<unknown>;
  /** What was seen there. */
  readonly witnesses: readonly Witness[];
}
