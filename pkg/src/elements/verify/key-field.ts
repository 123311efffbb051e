import { html, nothing, type ReactiveElement } from "lit";
import { live } from "lit/directives/live.js";
import type { ImageReference } from "ocisign";
import { asText } from "../../shown/as-text.ts";
import { Reading } from "../controllers/reading.ts";
import { valueIn } from "../fragments/event-values.ts";
import { copyable, fact } from "../fragments/facts.ts";
import { trustFacts } from "../fragments/trust.ts";
import { wordsOf } from "../model/errors.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import { FileDrop } from "./file-drop.ts";
import { type GivenKey, type Problem, readGivenKey, textOfKeyFile } from "./given-key.ts";
import { type GivenTrust, isTrustFile, readGivenTrust, ruleTold } from "./given-trust.ts";

type CopyButton = (what: string, text: string) => unknown;

/** The element that the field belongs to. */
interface Host extends ReactiveElement {
  publicKey: string;
  trust: string | object | undefined;
  readonly tried: boolean;
  say(text: string): void;
}

/** So much of a trust file is shown to be mended; of a longer one only the mistake. */
const mostShown = 65_536;

/**
 * The field for a key or a trust file that a person pastes, or drops or chooses as a file. The element keeps it as
 * `publicKey` or `trust`.
 */
export class KeyField {
  #host;
  /** Why the file that was given last was not taken. */
  #fileProblem: Problem | undefined;
  #file;
  /** What a person is typing, or wants to see. Of any other key only type and fingerprint are shown. */
  #edited: string | undefined;
  /** What was read last. */
  #last: { text: string; key: GivenKey } | undefined = undefined;

  /** What the trust file is read to. */
  #trust: Reading<GivenTrust, readonly [given: string | object, called: string | undefined]>;
  /** The trust file that is being read. */
  #reading: Promise<unknown> | undefined;
  /** What the trust file that was dropped or chosen last is called. */
  #named: { readonly text: string; readonly name: string } | undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#trust = new Reading(host, (given) => {
      const reading = readGivenTrust(...given);
      this.#reading = reading;
      return reading;
    });
    this.#file = new FileDrop(host, "key-file", (file) => this.#take(file));
  }

  /** What stands in the field. A page may set anything, such as nothing at all. */
  get #text() {
    const trust = this.#givenTrust;
    if (trust === undefined) return asText(this.#host.publicKey);
    return typeof trust === "string" && trust.length <= mostShown ? trust : "";
  }

  /** A trust file takes the place of a key. */
  get #givenTrust(): string | object | undefined {
    // A page without types may set null.
    const trust: string | object | null | undefined = this.#host.trust;
    const isNone =
      trust === undefined || trust === null || (typeof trust === "string" && trust.trim() === "");
    return isNone ? undefined : trust;
  }

  /** Ends once the trust file was read, if there is one. */
  async whenRead() {
    await this.#reading?.catch(() => undefined);
  }

  /** The key in the field, or the trust file in its place. */
  read(): GivenKey {
    const trust = this.#givenTrust;
    this.#trust.by(trust === undefined ? undefined : [trust, this.#nameOf(trust)]);
    if (trust !== undefined) return { trust: this.#trust.value, problem: this.#trustProblem };
    const text = this.#text;
    if (this.#last?.text !== text) this.#last = { text, key: readGivenKey(text) };
    return this.#last.key;
  }

  #nameOf(trust: string | object) {
    return this.#named?.text === trust ? this.#named.name : undefined;
  }

  get #trustProblem() {
    return this.#trust.state === "failed" ? wordsOf(this.#trust.error) : undefined;
  }

  /** From now on the key stands in place of its text: it says more than forty lines of base64. */
  collapse() {
    this.#edited = undefined;
    this.#host.requestUpdate();
  }

  /** @param copyButton as in `keyFound` @param image whose rule is told of a trust file */
  template(copyButton: CopyButton, image: ImageReference | undefined) {
    const found = this.#found(copyButton, image);
    const isCollapsed = found !== nothing && !this.#isEdited && !this.#fileProblem;
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

  /** Not of a trust file that the page gave as an object: there is no text to edit. */
  get #isEdited() {
    return this.#edited !== undefined && this.#edited === this.#text;
  }

  /** What was read; nothing before the module is there, and of what could not be read. */
  #found(copyButton: CopyButton, image: ImageReference | undefined) {
    if (this.#givenTrust === undefined) {
      return keyFound(this.#last?.text === this.#text ? this.#last.key : {}, copyButton);
    }
    return this.#trust.value ? trustFound(this.#trust.value, image, copyButton) : nothing;
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
    if (this.#givenTrust !== undefined) return this.#trustProblem;
    if (text.trim() === "") return this.#host.tried ? strings.verify.keyProblems.missing : undefined;
    return this.#last?.text === text ? this.#last.key.problem : undefined;
  }

  #type = (event: Event) => {
    this.#fileProblem = undefined;
    this.#keep(valueIn(event));
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

  /** What is JSON is a trust file. */
  #keep(text: string) {
    const isTrust = isTrustFile(text);
    this.#host.trust = isTrust ? text : undefined;
    this.#host.publicKey = isTrust ? "" : text;
  }

  #expand = async () => {
    // What has no text to be edited makes room for another.
    if (this.#givenTrust !== undefined && this.#text === "") this.#host.trust = undefined;
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
      this.#named = { text: taken.text, name: file.name };
      this.#keep(taken.text);
      await this.#pasted();
    }
    this.#host.requestUpdate();
    if (this.#fileProblem) this.#host.say(this.#fileProblem.message);
  }
}

/** Which trust file it is, and its rule for the image. */
function trustFound(trust: GivenTrust, image: ImageReference | undefined, copyButton: CopyButton) {
  const words = strings.verify.trust;
  const { called, rules, keys } = trust.policy;
  return html`<dl class="facts" id="trust-found">
    ${fact(words.file, html`<p>${exact(called)}</p><p class="small">${words.holds(rules.length, keys.size)}</p>`)}
    ${image ? ruleFacts(trust, image, copyButton) : nothing}
  </dl>`;
}

function ruleFacts(trust: GivenTrust, image: ImageReference, copyButton: CopyButton) {
  const words = strings.verify.trust;
  const told = ruleTold(trust, image);
  if (!told) return fact(words.rule, html`<p class="bad">${words.noRule}</p>`);
  return html`${trustFacts(told, copyButton)} ${fact(words.needed, told.threshold)}`;
}

function shown({ message, fix }: Problem) {
  return html`<p class="bad">${prose(message)}</p><p class="hint">${prose(fix)}</p>`;
}

/** Which keys these are, as soon as they can be read. */
export function keyFound({ key, others = [] }: GivenKey, copyButton: CopyButton) {
  const { keyType, fingerprint } = strings.verify;
  if (!key) return nothing;
  const facts = [key, ...others].map(
    (it) =>
      html`${fact(keyType, it.keyType)} ${fact(fingerprint, copyable(it.fingerprint, copyButton(fingerprint, it.fingerprint)))}`,
  );
  return html`<dl class="facts" id="key-found">${facts}</dl>`;
}
