import { html, nothing, type ReactiveElement } from "lit";
import { mostProofBytes } from "../../proof-file/limit.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import { FileDrop } from "./file-drop.ts";

/** The place where a person drops or chooses a proof file. It is read once, and stays in memory until it is removed. */
export class ProofField {
  #host;
  #given: { readonly name: string; readonly bytes: Uint8Array; readonly number: number } | undefined;
  #problem: { readonly message: string; readonly fix: string } | undefined;
  #file;
  /** How many were given: a file of the same name may be another one. */
  #count = 0;

  constructor(host: ReactiveElement & { say: (text: string) => void }) {
    this.#host = host;
    this.#file = new FileDrop(host, "proof-file", (file) => this.#take(file));
  }

  /** What was given; nothing if the registry is asked. */
  get bytes(): Uint8Array | undefined {
    return this.#given?.bytes;
  }

  /** Tells one file from another. */
  get number(): number {
    return this.#given?.number ?? 0;
  }

  template() {
    const words = strings.verify;
    return html`<fieldset class="options">
      <legend class="label">${words.proof}</legend>
      <div id="proof" class="drop stack tight ${this.#file.isOver ? "over" : ""}"
        @dragover=${this.#file.over} @dragleave=${this.#file.leave} @drop=${this.#file.drop}>
        <p class="row hint">
          ${
            this.#given
              ? html`<span>${exact(this.#given.name)}</span><span>${words.proofGiven}</span>
                <button type="button" class="small" @click=${this.#remove}>${words.removeProof}</button>`
              : html`<span>${words.proofHint}</span>
                <button type="button" class="small" id="choose-proof" @click=${this.#file.choose}>${words.chooseProof}</button>`
          }
        </p>
        ${
          this.#problem
            ? html`<p class="bad">${prose(this.#problem.message)}</p><p class="hint">${prose(this.#problem.fix)}</p>`
            : nothing
        }
        <input id="proof-file" type="file" hidden @change=${this.#file.chosen} />
      </div>
    </fieldset>`;
  }

  #remove = async () => {
    this.#given = undefined;
    this.#host.say(strings.verify.proofRemoved);
    this.#host.requestUpdate();
    await this.#host.updateComplete;
    this.#host.renderRoot.querySelector<HTMLElement>("#choose-proof")?.focus();
  };

  async #take(file: File) {
    const { proofTooLarge, keyProblems, proofTaken } = strings.verify;
    this.#problem = file.size > mostProofBytes ? proofTooLarge : undefined;
    const bytes = this.#problem ? undefined : await file.arrayBuffer().catch(() => undefined);
    if (bytes) {
      this.#count += 1;
      this.#given = { name: file.name, bytes: new Uint8Array(bytes), number: this.#count };
    } else this.#problem ??= keyProblems.unreadable;
    this.#host.requestUpdate();
    this.#host.say(this.#problem?.message ?? proofTaken);
  }
}
