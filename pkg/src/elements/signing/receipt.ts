// What was decided, to be kept.
import { html, nothing } from "lit";
import { fact, factIf, moment } from "../fragments/facts.ts";
import { stateWords } from "../fragments/marks.ts";
import type { Identity } from "../portal.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import type { Receipt } from "./desk.ts";
import type { SigningPage } from "./page.ts";

export function receipt(element: SigningPage, receipt: Receipt) {
  const words = strings.signing;
  const { decision, signing, reference, digest, comment, at, by } = receipt;
  return html`<section class="panel stack" aria-labelledby="receipt" part="receipt">
    <h3 id="receipt" tabindex="-1">${words.taken[decision]}</h3>
    <dl class="facts">
      ${fact(words.who, by === undefined ? words.you : person(by))}
      ${fact(words.decided, words.decisions[decision])}
      ${factIf(words.digest, digest, exact(digest))}
      ${factIf(words.reference, reference, exact(reference))}
      ${fact(words.requestId, exact(signing.id))}
      ${factIf(words.commentGiven, comment, prose(comment))}
      ${fact(words.when, moment(at))}
      ${fact(words.stateAfter, stateWords(signing))}
    </dl>
    <p class="row small">
      <span class="muted">${words.receiptAsJson}</span> ${element.copyButton(words.copyReceiptWhat, asJson(receipt))}
    </p>
  </section>`;
}

function person({ name, objectId }: Identity) {
  const who = name ?? objectId;
  if (who === undefined) return strings.signing.you;
  const isNamed = objectId !== undefined && objectId !== who;
  return html`${prose(who)}${isNamed ? html` <span class="small muted">${exact(objectId)}</span>` : nothing}`;
}

function asJson({ decision, signing, reference, digest, comment, at, by }: Receipt) {
  const { id, status, state } = signing;
  const who = by && { objectId: by.objectId, name: by.name };
  return JSON.stringify({ decision, id, reference, digest, comment, at, by: who, status, state }, null, 2);
}
