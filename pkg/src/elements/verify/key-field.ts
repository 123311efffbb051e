import { html, nothing, type ReactiveElement } from "lit";
import { live } from "lit/directives/live.js";
import { asText } from "../../shown/as-text.ts";
import { valueIn } from "../fragments/event-values.ts";
import { copyable, fact } from "../fragments/facts.ts";
import { strings } from "../strings/index.ts";
import { prose } from "../text/text-element.ts";
import { FileDrop } from "./file-drop.ts";
import { type GivenKey, type Problem, readGivenKey, textOfKeyFile } from "./given-key.ts";

/** The field for a key that a person pastes, or drops or chooses as a file. The element keeps it as `publicKey`. */
export class KeyField {
  #host;
  /** Why the file that was given last was not taken. */
  #fileProblem: Problem | undefined;
  #file;
  /** What a person is typing, or wants to see. Of any other key only type and fingerprint are shown. */
  #edited: string | undefined;
  /** What was read last. */
  #last: { text: string; key: GivenKey } | undefined = undefined;

  constructor(host: ReactiveElement & { publicKey: string; tried: boolean; say: (text: string) => void }) {
    this.#host = host;
    this.#file = new FileDrop(host, "key-file", (file) => this.#take(file));
  }

  /** A page may set anything, such as nothing at all. */
  get #text() {
    return asText(this.#host.publicKey);
  }

  /** The key in the field. */
  read(): GivenKey {
    const text = this.#text;
    if (this.#last?.text !== text) this.#last = { text, key: readGivenKey(text) };
    return this.#last.key;
  }

  /** From now on the key stands in place of its text: it says more than forty lines of base64. */
  collapse() {
    this.#edited = undefined;
    this.#host.requestUpdate();
  }

  /** @param copyButton as in `keyFound` */
  template(copyButton: (what: string, text: string) => unknown) {
    // Before the module is there, nothing is read.
    const key = this.#last?.text === this.#text ? this.#last.key : {};
    const isCollapsed = key.key && this.#edited !== this.#text && !this.#fileProblem;
    const found = keyFound(key, copyButton);
    return html`<div
      class="drop stack tight ${this.#file.isOver ? "over" : ""}"
      @dragover=${this.#file.over}
      @dragleave=${this.#file.leave}
      @drop=${this.#file.drop}
    >
      ${isCollapsed ? this.#collapsed(found) : html`${this.#field()} ${found}`}
      <input id="key-file" type="file" hidden @change=${this.#file.chosen} />
    </div>`;
  }

  #collapsed(found: unknown) {
    const { changeKey } = strings.verify;
    return html`<div class="collapsed">${found}
      <button type="button" class="small" id="change-key" @click=${this.#expand}>${changeKey}</button></div>`;
  }

  #field() {
    const words = strings.verify;
    const problem = this.#problem();
    return html`<label class="unseen" for="key">${words.keyText}</label>
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
        <button type="button" class="small" @click=${this.#file.choose}>${words.chooseFile}</button>
      </p>
      <div id="key-problem">${problem ? shown(problem) : nothing}</div>`;
  }

  #problem() {
    const text = this.#text;
    if (this.#fileProblem) return this.#fileProblem;
    if (text.trim() === "") return this.#host.tried ? strings.verify.keyProblems.missing : undefined;
    return this.#last?.text === text ? this.#last.key.problem : undefined;
  }

  #type = (event: Event) => {
    this.#fileProblem = undefined;
    this.#host.publicKey = valueIn(event);
    // Nobody types a key by hand: what was pasted is all of it.
    if (event instanceof InputEvent && event.inputType === "insertFromPaste") this.#pasted();
    else this.#edited = this.#text;
  };

  /** A key that cannot be read stays to be mended, with the focus in it. */
  async #pasted() {
    const wasHere = this.#host.shadowRoot?.activeElement?.closest(".drop");
    this.collapse();
    await this.#host.updateComplete;
    if (wasHere) this.#host.renderRoot.querySelector<HTMLElement>("#change-key")?.focus();
  }

  #expand = async () => {
    this.#edited = this.#text;
    this.#host.requestUpdate();
    await this.#host.updateComplete;
    this.#host.renderRoot.querySelector<HTMLElement>("#key")?.focus();
  };

  async #take(file: File) {
    const { unreadable } = strings.verify.keyProblems;
    const taken = await textOfKeyFile(file).catch(() => ({ problem: unreadable }));
    this.#fileProblem = "problem" in taken ? taken.problem : undefined;
    if ("text" in taken) {
      this.#host.publicKey = taken.text;
      await this.#pasted();
    }
    this.#host.requestUpdate();
    if (this.#fileProblem) this.#host.say(this.#fileProblem.message);
  }
}

function shown({ message, fix }: Problem) {
  return html`<p class="bad">${prose(message)}</p><p class="hint">${prose(fix)}</p>`;
}

/** Which keys these are, as soon as they can be read. */
export function keyFound(
  { key, others = [] }: GivenKey,
  copyButton: (what: string, text: string) => unknown,
) {
  const { keyType, fingerprint } = strings.verify;
  if (!key) return nothing;
  const facts = [key, ...others].map(
    (it) =>
      html`${fact(keyType, it.keyType)} ${fact(fingerprint, copyable(it.fingerprint, copyButton(fingerprint, it.fingerprint)))}`,
  );
  return html`<dl class="facts" id="key-found">${facts}</dl>`;
}
