// Signatures that the registry holds: before the decision those of earlier times, once it is signed the proof.

import { html, nothing } from "lit";
import { commandsFor, policiesFor } from "../../shown/verify-elsewhere.ts";
import { busy } from "../fragments/marks.ts";
import { recipes } from "../fragments/recipes.ts";
import { drawnOnceOpened } from "../fragments/unfolding.ts";
import { type Showing, signatureList, verification } from "../fragments/verification.ts";
import { wordsOf } from "../model/errors.ts";
import { strings } from "../strings/index.ts";
import { prose } from "../text/text-element.ts";
import type { SigningPage } from "./page.ts";

export function signatures(element: SigningPage) {
  const words = strings.signing;
  const { now } = element;
  if (!now) return nothing;
  if (now.signing.state === "signed") {
    return html`<section class="part stack tight" aria-labelledby="proof" part="proof">
      <h3 id="proof" tabindex="-1">${words.proof}</h3>
      ${proof(element)}
    </section>`;
  }
  return html`<section class="part line" aria-labelledby="earlier" part="earlier">
    <h3 id="earlier" tabindex="-1">${words.earlier}</h3>
    <div class="stack tight">${earlier(element)}</div>
  </section>`;
}

function proof(element: SigningPage) {
  const { value } = element.findings.verification;
  if (!value) return notYet(element);
  return html`${verification(value, { ...showing(element), isFolded: value.state === "verified" })}
    <p>${again(element, strings.signing.verifyAgain)}</p>
    ${elsewhere(element)}`;
}

/** For those who do not trust this page, and for what has to refuse everything else. */
function elsewhere(element: SigningPage) {
  const { shown, findings } = element;
  const { verifyElsewhere, enforce, enforceHint } = strings.verify;
  const copyButton = (what: string, text: string) => element.copyButton(what, text);
  const { image } = shown ?? {};
  const { key } = findings;
  if (!image || !key) return nothing;
  return html`<div class="folds" part="recipes">
    ${drawnOnceOpened(verifyElsewhere, () => html`<div class="stack">${recipes(commandsFor(image, key), copyButton)}</div>`)}
    ${drawnOnceOpened(
      enforce,
      () =>
        html`<div class="stack"><p class="hint">${enforceHint}</p>${recipes(policiesFor(image, key), copyButton)}</div>`,
    )}
  </div>`;
}

function earlier(element: SigningPage) {
  const words = strings.signing;
  const { value } = element.findings.verification;
  if (!value) return notYet(element);
  const { state, reason, signatures } = value;
  if (state === "unsigned") return html`<p>${words.noneYet}</p>`;
  if (state === "unreachable") {
    return html`<p class="hint">${words.unreachable} ${prose(reason)}</p>
      ${drawnOnceOpened(words.details, () => verification(value, showing(element)))}
      <p>${again(element)}</p>`;
  }
  const found = html`<strong>${words.found(signatures.length)}</strong>`;
  if (state === "verified")
    return html`<p>${found} ${words.foundOwn}</p>
      ${drawnOnceOpened(words.details, () => verification(value, showing(element)))}`;
  // Nobody claims yet that the image is signed by this key, so nothing is wrong with what other keys signed.
  const isOthers = signatures.every(({ failed }) => failed === "signature");
  const calm = { ...showing(element), ...(isOthers && { otherKey: words.otherKey }) };
  return html`<p>${found} ${isOthers ? words.foundOther : words.foundInvalid}</p>
    ${drawnOnceOpened(words.details, () => signatureList(value, calm))}`;
}

function notYet(element: SigningPage) {
  const words = strings.signing;
  const { findings, shown } = element;
  const { state, error } = findings.verification;
  if (state === "reading") return busy(words.verifying);
  if (state === "failed") {
    const { message } = wordsOf(error);
    return html`<p class="hint">${words.notLookedFor} ${prose(message)}</p><p>${again(element)}</p>`;
  }
  return html`<p class="hint">${words.notLookedFor} ${shown?.image ? words.needsKey : words.needsImage}</p>`;
}

function again(element: SigningPage, words: string = strings.common.tryAgain) {
  const look = () => {
    element.findings.verification.again();
    // The pressed button goes away.
    element.focusOn("#earlier, #proof");
  };
  return html`<button type="button" class="small" @click=${look}>${words}</button>`;
}

function showing(element: SigningPage): Showing {
  return { level: 4, isImageKnown: true, copyButton: (what, text) => element.copyButton(what, text) };
}
