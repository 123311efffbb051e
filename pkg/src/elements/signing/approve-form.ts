// Approving is a deliberate act: a person has to read the last characters of the digest to type them.
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { valueIn } from "../fragments/event-values.ts";
import { strings } from "../strings/index.ts";
import { namesDigest, tailLength } from "./digest-tail.ts";
import { type Hindrance, hindrances, hindranceWords } from "./hindrances.ts";
import type { SigningPage } from "./page.ts";

/** @param reject the button that leads to the other way */
export function approveForm(element: SigningPage, reject: unknown) {
  const { desk } = element;
  const found = hindrances(element);
  // What is wrong with the digest's end stands at its field.
  const told = found.filter((one) => one !== "tail" || !isTailWrong(element));
  const isReady = found.length === 0 && !desk.sending;
  const submit = (event: Event) => {
    event.preventDefault();
    approve(element);
  };
  return html`<form class="act" novalidate @submit=${submit} part="approve">
    ${tailField(element)} ${desk.isCommenting ? commentField(element) : toComment(element)}
    <div class="buttons">
      <button type="submit" id="approve" class="primary ${desk.sending ? "busy" : ""}"
        aria-disabled=${isReady ? "false" : "true"} aria-describedby="not-ready">
        ${label(element)}
      </button>
      ${reject}
    </div>
    <div id="not-ready" class="hint whole-row ${told.every((one) => one === "tail") ? "unseen" : ""}">${
      told.length > 0 ? reasons(element, told) : nothing
    }</div>
  </form>`;
}

function commentField({ desk }: SigningPage) {
  return html`<div class="field comment">
    <label for="comment">${strings.signing.comment}</label>
    <textarea id="comment" rows="1" .value=${live(desk.draft.comment)}
      @input=${(event: Event) => desk.type({ comment: valueIn(event) })}></textarea>
  </div>`;
}

function toComment(element: SigningPage) {
  const open = () => {
    element.desk.openComment();
    element.focusOn("#comment");
  };
  return html`<button type="button" class="plain" id="to-comment" @click=${open}>${strings.signing.addComment}</button>`;
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
  return html`<div class="field tail">
    <label for="tail">${words.tail}</label>
    <span class="unseen" id="tail-hint">${words.tailHint}</span>
    <input id="tail" type="text" title=${words.tailHint} autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"
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
  return html`<span>${strings.common.notYet}</span>
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
