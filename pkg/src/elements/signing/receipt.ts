// What was decided: in a line, with the way on, and whole to be kept.
import { html, nothing } from "lit";
import { seenIn } from "../changes/seen.ts";
import type { ComparedDetail } from "../events.ts";
import { fact, factIf, moment } from "../fragments/facts.ts";
import { stateWords } from "../fragments/marks.ts";
import type { Identity } from "../portal.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import { timeOfDay } from "../text/time.ts";
import type { Receipt } from "./desk.ts";
import type { SigningPage } from "./page.ts";

/** @param reject the button with which an approval can still be stopped */
export function receipt(element: SigningPage, receipt: Receipt, reject: unknown) {
  const words = strings.signing;
  const { decision, signing, reference, digest, comment, at, by, compared } = receipt;
  return html`<section class="stack tight" aria-labelledby="receipt" part="receipt">
    <div class="row between">
      <div class="row tight">
        <h3 id="receipt" tabindex="-1"><span class="good" aria-hidden="true">✓ </span>${takenWords(receipt)}</h3>
        <span class="muted small">${timeOfDay(at)} · ${stateWords(signing)}</span>
      </div>
      <div class="row tight">${next(element, receipt)} ${reject}</div>
    </div>
    <details class="repeated">
      <summary>${words.receipt}</summary>
      <dl class="facts">
        ${fact(words.who, by === undefined ? words.you : person(by))}
        ${fact(words.decided, words.decisions[decision])}
        ${factIf(words.digest, digest, exact(digest))}
        ${factIf(words.reference, reference, exact(reference))}
        ${fact(words.requestId, exact(signing.id))}
        ${factIf(words.commentGiven, comment, prose(comment))}
        ${compared ? fact(strings.changes.title, changesSeen(compared)) : nothing}
        ${fact(words.when, moment(at))}
        ${fact(words.stateAfter, stateWords(signing))}
      </dl>
      <p class="row small">
        <span class="muted">${words.receiptAsJson}</span> ${element.copyButton(words.copyReceiptWhat, asJson(receipt))}
      </p>
    </details>
  </section>`;
}

export function takenWords({ decision, isOwn }: Pick<Receipt, "decision" | "isOwn">) {
  const { taken, withdrawn } = strings.signing;
  return isOwn && decision === "reject" ? withdrawn : taken[decision];
}

/** The request that came next when this one was decided: by now the queue may have closed the gap. */
function next(element: SigningPage, { next: id }: Receipt) {
  if (!id) return nothing;
  const go = () => element.emit("ocisign-next", { id });
  return html`<button type="button" class="primary" id="next-request" @click=${go}>${strings.signing.next}</button>`;
}

function person({ name, objectId }: Identity) {
  const who = name ?? objectId;
  if (who === undefined) return strings.signing.you;
  const isNamed = objectId !== undefined && objectId !== who;
  return html`${prose(who)}${isNamed ? html` <span class="small muted">${exact(objectId)}</span>` : nothing}`;
}

/** As the person saw it when they decided. */
function changesSeen({ changes, summary, isVerified }: ComparedDetail) {
  const { since, notVerified } = strings.changes;
  const doubt = isVerified ? nothing : html` <span class="warn">(${notVerified})</span>`;
  return html`<p>${summary}</p><p class="small muted">${since} ${exact(changes.before)}${doubt}</p>`;
}

function asJson({ decision, signing, reference, digest, comment, at, by, compared }: Receipt) {
  const { id, status, state } = signing;
  const who = by && { objectId: by.objectId, name: by.name };
  const changes = compared && seenIn(compared);
  return JSON.stringify(
    { decision, id, reference, digest, comment, at, by: who, status, state, changes },
    null,
    2,
  );
}
