// What came of a verification: the outcome first, then what it rests on.
import { css, html, nothing } from "lit";
import { once } from "../model/once.js";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import { copyable, fact } from "./facts.js";
import { drawnOnceOpened, inSteps } from "./unfolding.js";

/**
 * @typedef {import("ocisign").Verification} Verification
 * @typedef {import("ocisign").SignatureReport} SignatureReport
 *
 * @typedef {object} Showing
 * @property {number} [level] the level of its headings; 3 if left out
 * @property {(what: string, text: string) => unknown} [copyButton] draws a button that copies a text
 * @property {unknown} [advice] what the element has to say about the outcome
 */

/** How the outcomes are coloured. @type {Record<string, string>} */
const tones = { verified: "good", invalid: "bad", unsigned: "warn", unreachable: "warn" };

/** The outcomes in signs, for those who do not tell the colours apart. @type {Record<string, string>} */
const signs = { verified: "✓", invalid: "✕", unsigned: "–", unreachable: "?" };

/** So many signatures or manifests are shown at once. */
const step = 50;

/**
 * Parts: `verdict`, `signature`.
 *
 * @param {Verification} result @param {Showing} [showing]
 */
export function verification(result, showing = {}) {
  return html`<div class="stack verification">
    ${verdict(result)} ${showing.advice ?? nothing} ${facts(result, showing)} ${problems(result, showing)}
    ${signatures(result, showing)} ${manifests(result, showing)}
  </div>`;
}

/** The outcome as a mark, as it stands in a list. @param {Verification} result */
function verificationMark({ state }) {
  const { states } = strings.verify;
  return html`<span class="state ${tones[state]}"><span aria-hidden="true">${signs[state]} </span>${states[state]}</span>`;
}

/** @param {Verification} result */
function verdict({ state, reason }) {
  const { states, meanings } = strings.verify;
  return html`<div class="notice stack tight ${tones[state]}" part="verdict">
    <p class="outcome"><span aria-hidden="true">${signs[state]} </span><strong>${states[state]}</strong></p>
    <p>${prose(reason)}</p>
    ${meanings[state] ? html`<p class="small">${meanings[state]}</p>` : nothing}
  </div>`;
}

/** @param {Verification} result @param {Showing} showing */
function facts({ reference, keys, threshold, signatures }, { copyButton }) {
  const words = strings.verify;
  const agreed = html`<p>${words.ofNeeded(keys.length, threshold)}</p>
    ${keys.map((key) => copyable(key, copyButton?.(words.fingerprint, key)))}`;
  return html`<dl class="facts">
    ${fact(words.image, copyable(reference, copyButton?.(words.image, reference)))}
    ${signatures.length > 0 ? fact(words.keysThatAgree, agreed) : nothing}
  </dl>`;
}

/** What could not be read; places with the same remedy together. @param {Verification} result @param {Showing} showing */
function problems({ problems }, showing) {
  if (problems.length === 0) return nothing;
  return html`<div class="stack tight">
    ${heading(strings.verify.problems, showing)}
    ${[...byRemedy(problems)].map(
      ([fix, group]) => html`<div class="panel stack tight">
        <p><strong>${prose(fix)}</strong></p>
        ${inSteps(group, problem, step)}
      </div>`,
    )}
  </div>`;
}

/** @param {import("ocisign").VerificationProblem} problem */
function problem({ from, message }) {
  const { places } = strings.verify;
  return html`${from ? html`<p class="muted small">${places[from] ?? from}</p>` : nothing}
    <p>${prose(message)}</p>`;
}

/** @param {Verification} result @param {Showing} showing */
function signatures({ signatures }, showing) {
  if (signatures.length === 0) return nothing;
  return html`<div class="stack tight">
    ${heading(strings.verify.signatures(signatures.length), showing)}
    ${inSteps(signatures, (signature) => report(signature, showing), step)}
  </div>`;
}

/** One signature. @param {SignatureReport} signature @param {Showing} showing */
function report(signature, { copyButton }) {
  const words = strings.verify;
  const { verified, format, from, blob, key, hash, reason, repositoryBound } = signature;
  const tone = verified ? "good" : "bad";
  return html`<div class="panel stack tight" part="signature">
    <p class="row">
      <span class="state ${tone}"><span aria-hidden="true">${verified ? "✓ " : "✕ "}</span>${verified ? words.counts : words.countsNot}</span>
      <span>${format ? (words.formats[format] ?? format) : words.unknownFormat}</span>
    </p>
    ${repositoryBound === false ? html`<p class="notice warn">${words.notBound}</p>` : nothing}
    <dl class="facts">
      ${reason === undefined ? nothing : fact(words.why, prose(reason))}
      ${fact(words.checked, steps(signature))}
      ${key ? fact(words.key, copyable(key, copyButton?.(words.fingerprint, key))) : nothing}
      ${hash ? fact(words.hash, hash) : nothing}
      ${fact(words.foundAt, from.map((place) => words.places[place] ?? place).join(", "))}
      ${blob ? fact(words.blob, exact(blob)) : nothing}
    </dl>
  </div>`;
}

/** What was checked, in order, and how each step ended. @param {SignatureReport} signature */
function steps({ checked, failed, repositoryBound }) {
  const { steps, passed, failed: fails, notReached, notNamed } = strings.verify;
  return html`<ol class="steps" role="list">
    ${Object.entries(steps).map(([name, word]) => {
      const isPassed = checked.some((one) => one === name);
      const isUnnamed = name === "repository" && repositoryBound === false;
      const [tone, sign, how] = isPassed
        ? ["good", "✓", passed]
        : name === failed
          ? ["bad", "✕", fails]
          : ["muted", "–", isUnnamed ? notNamed : notReached];
      return html`<li class=${tone}><span aria-hidden="true">${sign} </span>${word}<span class="unseen">: ${how}</span></li>`;
    })}
  </ol>`;
}

/** The manifests of an index; those that need a look come first. @param {Verification} result @param {Showing} showing */
function manifests({ manifests = [] }, showing) {
  if (manifests.length === 0) return nothing;
  const { states } = strings.verify;
  const within = { ...showing, advice: undefined, level: (showing.level ?? 3) + 1 };
  const sorted = sortedByState(manifests);
  const count = (/** @type {keyof typeof states} */ state) =>
    manifests.filter((one) => one.state === state).length;
  const counts = /** @type {(keyof typeof states)[]} */ (Object.keys(tones)).filter(count);
  return html`<div class="stack tight">
    ${heading(strings.verify.manifests(manifests.length), showing)}
    <p>${counts.map((state) => `${count(state)} × ${states[state]}`).join(", ")}</p>
    ${inSteps(
      sorted,
      (one) =>
        drawnOnceOpened(html`${verificationMark(one)} ${exact(one.digest)}`, () => verification(one, within)),
      step,
    )}
  </div>`;
}

/** Those with the same remedy together. @type {(problems: readonly import("ocisign").VerificationProblem[]) => Map<string, import("ocisign").VerificationProblem[]>} */
const byRemedy = once((problems) => {
  const groups = new Map();
  for (const problem of problems) groups.set(problem.fix, [...(groups.get(problem.fix) ?? []), problem]);
  return groups;
});

/** @type {(manifests: readonly Verification[]) => Verification[]} */
const sortedByState = once((manifests) => {
  const order = ["invalid", "unreachable", "unsigned", "verified"];
  return manifests.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
});

/** @param {string} text @param {Showing} showing */
function heading(text, { level = 3 }) {
  return html`<p class="heading" role="heading" aria-level=${Math.min(level, 6)}>${text}</p>`;
}

export const verificationStyles = css`
  .verification .outcome {
    font-size: 1.125em;
  }
  .verification .heading {
    font-weight: 700;
  }
  .verification .plain-list {
    list-style: none;
    padding: 0;
  }
  .verification li:focus {
    outline: none;
  }
  .verification .steps {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1rem;
    list-style: none;
    padding: 0;
  }
  .verification details details {
    margin-inline-start: 0.5rem;
  }
  .verification details[open] {
    padding-block-end: 1rem;
  }
  .verification details > .verification {
    margin-block-start: 0.5rem;
    padding-inline-start: 1rem;
    border-inline-start: 2px solid var(--o-line);
  }
`;
