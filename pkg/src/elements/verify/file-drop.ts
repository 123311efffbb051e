// A place where a person drops a file, or chooses one from a hidden field.
import type { ReactiveElement } from "lit";

export class FileDrop {
  #host;
  #field;
  #take;
  /** Is a file held over the place now? */
  isOver = false;

  /** @param field the id of the hidden field @param take is handed the one file */
  constructor(host: ReactiveElement, field: string, take: (file: File) => Promise<void>) {
    this.#host = host;
    this.#field = field;
    this.#take = take;
  }

  choose = () => {
    this.#host.renderRoot.querySelector<HTMLElement>(`#${this.#field}`)?.click();
  };

  chosen = async ({ target }: Event) => {
    if (!(target instanceof HTMLInputElement)) return;
    const file = target.files?.[0];
    if (file) await this.#take(file);
    // So that the same file can be chosen again once it was mended.
    target.value = "";
  };

  over = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.isOver = true;
    this.#host.requestUpdate();
  };

  leave = () => {
    this.isOver = false;
    this.#host.requestUpdate();
  };

  drop = (event: DragEvent) => {
    this.leave();
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    this.#take(file);
  };
}
