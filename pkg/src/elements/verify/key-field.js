import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { strings } from "../strings/index.ts";
import { asText } from "../text/as-text.ts";
import { prose } from "../text/text-element.ts";
import { readGivenKey, textOfKeyFile } from "./given-key.js";

/**
 * The field for a key that is pasted, dropped as a file, or chosen as one, which an element keeps as
 * `publicKey`.
 */
export class KeyField {
  #host;
  /** Why the file that was given last was not taken. @type {unknown} */
  #fileProblem = undefined;
  #isOver = false;
  /** What was read last. @type {{ text: string, key: import("./given-key.js").GivenKey } | undefined} */
  #last = undefined;

  /** @param {import("lit").ReactiveElement & { publicKey: string, tried: boolean, say: (text: string) => void }} host */
  constructor(host) {
    this.#host = host;
  }

  /** A page may set anything, such as nothing at all. */
  get #text() {
    return asText(this.#host.publicKey);
  }

  /** The key in the field. @returns {import("./given-key.js").GivenKey} */
  read() {
    const text = this.#text;
    if (this.#last?.text !== text) this.#last = { text, key: readGivenKey(text) };
    return this.#last.key;
  }

  template() {
    const words = strings.verify;
    const problem = this.#problem();
    return html`<div
      class="drop stack tight ${this.#isOver ? "over" : ""}"
      @dragover=${this.#over}
      @dragleave=${this.#leave}
      @drop=${this.#drop}
    >
      <label class="unseen" for="key">${words.keyText}</label>
      <textarea
        id="key"
        part="field"
        rows="3"
        class="exact"
        spellcheck="false"
        autocapitalize="off"
        placeholder="-----BEGIN PUBLIC KEY-----"
        aria-required="true"
        aria-describedby="key-hint key-problem"
        aria-invalid=${problem ? "true" : nothing}
        .value=${live(this.#text)}
        @input=${this.#type}
      ></textarea>
      <p id="key-hint" class="row hint">
        <span>${words.keyHint}</span>
        <button type="button" class="small" @click=${this.#choose}>${words.chooseFile}</button>
        <input id="key-file" type="file" hidden @change=${this.#chosen} />
      </p>
      <div id="key-problem">${problem ? shown(problem) : nothing}</div>
    </div>`;
  }

  #problem() {
    const text = this.#text;
    if (this.#fileProblem) return this.#fileProblem;
    if (text.trim() === "") return this.#host.tried ? strings.verify.keyProblems.missing : undefined;
    return this.#last?.text === text ? this.#last.key.problem : undefined;
  }

  #type = (/** @type {any} */ { target }) => {
    this.#fileProblem = undefined;
    this.#host.publicKey = target.value;
  };

  #choose = () => {
    /** @type {HTMLElement | null} */ (this.#host.renderRoot.querySelector("#key-file"))?.click();
  };

  #chosen = async (/** @type {any} */ { target }) => {
    const [file] = target.files;
    await this.#take(file);
    // So that the same file can be chosen again once it was mended.
    target.value = "";
  };

  #over = (/** @type {DragEvent} */ event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.#isOver = true;
    this.#host.requestUpdate();
  };

  #leave = () => {
    this.#isOver = false;
    this.#host.requestUpdate();
  };

  #drop = (/** @type {DragEvent} */ event) => {
    this.#leave();
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    this.#take(file);
  };

  /** @param {File} file */
  async #take(file) {
    const { unreadable } = strings.verify.keyProblems;
    const taken = await textOfKeyFile(file).catch(() => ({ problem: unreadable }));
    this.#fileProblem = "problem" in taken ? taken.problem : undefined;
    if ("text" in taken) this.#host.publicKey = taken.text;
    this.#host.requestUpdate();
    if (this.#fileProblem) this.#host.say(/** @type {any} */ (this.#fileProblem).message);
  }
}

/** @param {unknown} problem */
function shown(problem) {
  const { message, fix } = /** @type {any} */ (problem);
  return html`<p class="bad">${prose(message)}</p><p class="hint">${prose(fix)}</p>`;
}
