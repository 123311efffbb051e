// Signatures that the registry holds: before the decision those of earlier times, once it is signed the proof.

import { html, nothing } from "lit";
import { busy } from "../fragments/busy.js";
import { drawnOnceOpened } from "../fragments/unfolding.js";
import { verification } from "../fragments/verification.js";
import { wordsOf } from "../model/errors.js";
import { strings } from "../strings/index.ts";
import { prose } from "../text/text-element.ts";

/** @param {import("../signing.js").OcisignSigning} element */
export function signatures(element) {
  const words = strings.signing;
  const { now } = element;
  if (!now) return nothing;
  if (now.signing.state === "signed") {
    return html`<section class="panel stack" aria-labelledby="proof" part="proof">
      <h3 id="proof" tabindex="-1">${words.proof}</h3>
      ${proof(element)}
    </section>`;
  }
  return html`<section class="panel stack" aria-labelledby="earlier" part="earlier">
    <h3 id="earlier" tabindex="-1">${words.earlier}</h3>
    ${earlier(element)}
  </section>`;
}

/** @param {import("../signing.js").OcisignSigning} element */
function proof(element) {
  const { value } = element.findings.verification;
  if (!value) return notYet(element);
  return html`${verification(value, showing(element))}<p>${again(element, strings.signing.verifyAgain)}</p>`;
}

/** @param {import("../signing.js").OcisignSigning} element */
function earlier(element) {
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
  return html`<p><strong>${words.found(signatures.length)}</strong> ${state === "invalid" ? words.foundOther : words.foundOwn}</p>
    ${verification(value, showing(element))}`;
}

/** @param {import("../signing.js").OcisignSigning} element */
function notYet(element) {
  const words = strings.signing;
  const { findings, shown } = element;
  const { state, error } = findings.verification;
  if (state === "reading") return busy(words.verifying);
  if (state === "failed") {
    const { message } = wordsOf(error);
    return html`<p class="hint">${words.notLookedFor} ${prose(message)}</p><p>${again(element)}</p>`;
  }
  return html`<p class="hint">${words.notLookedFor} ${shown?.artifact.reference ? words.needsKey : words.needsImage}</p>`;
}

/** @param {import("../signing.js").OcisignSigning} element @param {string} [words] */
function again(element, words = strings.common.tryAgain) {
  const look = () => {
    element.findings.verification.again();
    // What was pressed goes away.
    element.focusOn("#earlier, #proof");
  };
  return html`<button type="button" class="small" @click=${look}>${words}</button>`;
}

/** @param {import("../signing.js").OcisignSigning} element @returns {import("../fragments/verification.js").Showing} */
function showing(element) {
  return { level: 4, copyButton: (what, text) => element.copyButton(what, text) };
}
