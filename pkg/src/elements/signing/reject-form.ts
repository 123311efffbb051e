// Rejecting: a step of its own, and not without a reason.
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { valueIn } from "../fragments/event-values.ts";
import { strings } from "../strings/index.ts";
import type { SigningPage } from "./page.ts";

export function rejectForm(element: SigningPage) {
  const words = strings.signing;
  const { desk, changes } = element;
  const isMissing = desk.isInsisting && !desk.draft.reason.trim();
  const submit = (event: Event) => {
    event.preventDefault();
    reject(element);
  };
  return html`<form class="stack" novalidate @submit=${submit} part="reject">
    <h4>${words.rejectTitle}</h4>
    <div class="stack tight">
      <label for="reason">${words.rejectReason}</label>
      <p class="hint" id="reason-hint">${words.rejectHint}</p>
      <textarea id="reason" rows="3" aria-required="true" aria-invalid=${isMissing ? "true" : "false"}
        aria-describedby="reason-hint reason-error"
        .value=${live(desk.draft.reason)} @input=${(event: Event) => desk.type({ reason: valueIn(event) })}></textarea>
      <p class="bad" id="reason-error">${isMissing ? words.reasonMissing : nothing}</p>
    </div>
    ${
      changes.length > 0
        ? html`<p class="hint" id="reject-not-ready">${strings.common.notYet} ${words.hasChanged}</p>`
        : nothing
    }
    <div class="row">
      <button type="submit" class="danger ${desk.sending ? "busy" : ""}"
        aria-disabled=${desk.sending || changes.length > 0 ? "true" : "false"}>
        ${desk.sending ? words.sending : words.rejectNow}
      </button>
      <button type="button" ?disabled=${Boolean(desk.sending)} @click=${() => back(element)}>${words.back}</button>
    </div>
  </form>`;
}

function reject(element: SigningPage) {
  const { desk, changes } = element;
  const { hasChanged, reasonMissing } = strings.signing;
  if (desk.sending) return;
  if (!desk.draft.reason.trim()) {
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
