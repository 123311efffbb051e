// Rejecting: a step of its own, and not without a reason.
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { isSamePerson } from "../../shown/person.ts";
import { valueIn } from "../fragments/event-values.ts";
import { strings } from "../strings/index.ts";
import type { Desk } from "./desk.ts";
import type { SigningPage } from "./page.ts";

export function rejectForm(element: SigningPage) {
  const words = wordsFor(element);
  const { desk, changes } = element;
  const isMissing = desk.isInsisting && lacksReason(desk);
  const submit = (event: Event) => {
    event.preventDefault();
    reject(element);
  };
  return html`<form class="stack tight" novalidate @submit=${submit} part="reject">
    <h4 class="unseen">${words.title}</h4>
    <div class="stack tight">
      <label for="reason">${words.reason}</label>
      <p class="hint" id="reason-hint">${words.hint}</p>
      <textarea id="reason" rows="2" aria-required=${desk.withdraws ? "false" : "true"} aria-invalid=${isMissing ? "true" : "false"}
        aria-describedby="reason-hint reason-error"
        .value=${live(desk.draft.reason)} @input=${(event: Event) => desk.type({ reason: valueIn(event) })}></textarea>
      <p class="bad" id="reason-error">${isMissing ? strings.signing.reasonMissing : nothing}</p>
    </div>
    ${
      changes.length > 0
        ? html`<p class="hint" id="reject-not-ready">${strings.common.notYet} ${strings.signing.hasChanged}</p>`
        : nothing
    }
    <div class="row">
      <button type="submit" class="danger ${desk.sending ? "busy" : ""}"
        aria-disabled=${desk.sending || changes.length > 0 ? "true" : "false"}>
        ${desk.sending ? strings.signing.sending : words.now}
      </button>
      <button type="button" ?disabled=${Boolean(desk.sending)} @click=${() => back(element)}>${words.back}</button>
    </div>
  </form>`;
}

/** Only a rejection needs one. */
function lacksReason(desk: Desk) {
  return !desk.withdraws && !desk.draft.reason.trim();
}

/** A rejection of one's own request withdraws it. */
function wordsFor({ shown, identity, desk }: SigningPage) {
  const words = strings.signing;
  if (isSamePerson(shown?.requester, identity)) {
    const { withdrawTitle: title, withdrawReason: reason } = words;
    const hint = desk.withdraws ? words.withdrawFreely : words.withdrawHint;
    return { title, reason, hint, now: words.withdrawNow, back: words.backFromWithdrawal };
  }
  const { rejectTitle: title, rejectReason: reason, rejectHint: hint, back } = words;
  return { title, reason, hint, now: words.rejectNow, back };
}

function reject(element: SigningPage) {
  const { desk, changes } = element;
  const { hasChanged, reasonMissing } = strings.signing;
  if (desk.sending) return;
  if (lacksReason(desk)) {
    desk.insist();
    element.say(reasonMissing);
    element.focusOn("#reason");
  } else if (changes.length > 0) {
    element.say(hasChanged);
  } else {
    desk.reject();
  }
}

function back(element: SigningPage) {
  element.desk.turn(false);
  element.focusOn("#to-rejection");
}
