// Approving is a deliberate act: a person has to read the last characters of the digest to type them.
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { valueIn } from "../fragments/event-values.ts";
import { strings } from "../strings/index.ts";
import { namesDigest, tailLength } from "./digest-tail.ts";
import { type Hindrance, hindrances, hindranceWords } from "./hindrances.ts";
import type { SigningPage } from "./page.ts";

export function approveForm(element: SigningPage) {
  const words = strings.signing;
  const { desk } = element;
  const found = hindrances(element);
  // What is wrong with the digest's end stands at its field.
  const told = found.filter((one) => one !== "tail" || !isTailWrong(element));
  const isReady = found.length === 0 && !desk.sending;
  const submit = (event: Event) => {
    event.preventDefault();
    approve(element);
  };
  return html`<form class="stack" novalidate @submit=${submit} part="approve">
    ${tailField(element)}
    <div class="stack tight">
      <label for="comment">${words.comment}</label>
      <textarea id="comment" rows="2" .value=${live(desk.draft.comment)}
        @input=${(event: Event) => desk.type({ comment: valueIn(event) })}></textarea>
    </div>
    <div class="stack tight">
      <button type="submit" id="approve" class="primary ${desk.sending ? "busy" : ""}"
        aria-disabled=${isReady ? "false" : "true"} aria-describedby="not-ready">
        ${label(element)}
      </button>
      <div id="not-ready" class="hint">${told.length > 0 ? reasons(element, told) : nothing}</div>
    </div>
  </form>`;
}

/** Not at each key: half of it is not wrong yet. */
function isTailWrong({ desk, shown }: SigningPage) {
  const tail = desk.draft.tail.trim();
  if (namesDigest(tail, shown?.image?.digest)) return false;
  return tail.length >= tailLength || (desk.isInsisting && tail !== "");
}

function tailField(element: SigningPage) {
  const words = strings.signing;
  const { desk, shown } = element;
  const { tail } = desk.draft;
  const isWrong = isTailWrong(element);
  const isInvalid = isWrong || (desk.isInsisting && !namesDigest(tail, shown?.image?.digest));
  return html`<div class="stack tight">
    <label for="tail">${words.tail}</label>
    <p class="hint" id="tail-hint">${words.tailHint}</p>
    <input id="tail" type="text" autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"
      aria-describedby="tail-hint tail-error" aria-invalid=${isInvalid ? "true" : "false"} .value=${live(tail)}
      @input=${(event: Event) => desk.type({ tail: valueIn(event) })} />
    <p class="bad" id="tail-error">${isWrong ? words.tailWrong : isInvalid ? words.needsTail : nothing}</p>
  </div>`;
}

/** It names the digest only once the person has typed its end, who could otherwise copy that from the button. */
function label({ desk, shown }: SigningPage) {
  const words = strings.signing;
  const digest = shown?.image?.digest;
  if (desk.sending) return words.sending;
  if (!digest || !namesDigest(desk.draft.tail, digest)) return words.approve;
  return words.approveThis(`${digest.slice(0, digest.indexOf(":"))}:…${digest.slice(-tailLength)}`);
}

function reasons(element: SigningPage, found: Hindrance[]) {
  const go = () => element.goToFolded();
  const way = html`<button type="button" class="small plain" @click=${go}>${strings.signing.showFolded}</button>`;
  return html`<p>${strings.common.notYet}</p>
    <ul>
      ${found.map(
        (one) => html`<li data-hindrance=${one}>${hindranceWords(one)}
          ${one === "folded" ? way : nothing}
        </li>`,
      )}
    </ul>`;
}

function approve(element: SigningPage) {
  const { desk } = element;
  if (desk.sending) return;
  element.countFolded();
  const found = hindrances(element);
  if (found.length === 0) return void desk.approve();
  desk.insist();
  element.say([strings.common.notYet, ...found.map(hindranceWords)].join(" "));
  if (found.includes("tail")) element.focusOn("#tail");
}
