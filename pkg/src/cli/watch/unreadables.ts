// Elements of the list that cannot be read: one of them may be what is waited for, so they are told, each once.

import type { Unreadable } from "../../shown/unreadable.ts";
import { visible } from "../../shown/visible.ts";
import { counted } from "../bulk/wrong-lines.ts";
import { libraryError } from "../library-error.ts";
import type { Output } from "../output.ts";

export class Unreadables {
  readonly #output: Output;
  readonly #told = new Set<string>();
  /** Without an id they cannot be told apart: there were never more of them at once. */
  #most = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Tells those of a part of the list that are new. */
  tell(unreadable: readonly Unreadable[]): void {
    const named = unreadable.filter(({ id }) => id !== "" && !this.#told.has(id));
    for (const { id } of named) this.#told.add(id);
    const nameless = unreadable.filter(({ id }) => id === "");
    const more = Math.max(0, nameless.length - this.#most);
    this.#most += more;
    const count = named.length + more;
    const [example] = [...named, ...nameless];
    if (count === 0 || !example) return;
    const { message = "" } = libraryError(example.error) ?? {};
    const which = example.id === "" ? `element ${example.index}` : visible(example.id, "exact");
    const what = `${counted(count, "element")} of the service's list cannot be read, and cannot be watched`;
    this.#output.note(
      `${this.#output.paintNote("unsure", "warning:")} ${what}. ${which}: ${visible(message)}`,
    );
  }
}
