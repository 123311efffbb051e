// The outcome of a verification, and then the facts that it rests on.
import { css, html, nothing, type TemplateResult } from "lit";
import type { AttestationReport, SignatureReport, Verification, VerificationProblem } from "ocisign";
import { attestationTitle } from "../../signature/attestation-types.ts";
import { wordsOf } from "../model/errors.ts";
import { once } from "../model/once.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import { copyable, fact } from "./facts.ts";
import { trustFacts } from "./trust.ts";
import { drawnOnceOpened, inSteps } from "./unfolding.ts";

export interface Showing {
  /** The level of its headings; 3 if left out. */
  level?: number;
  /** Draws a button that copies a text. */
  copyButton?: (what: string, text: string) => unknown;
  /** What the element has to say about the outcome. */
  advice?: unknown;
  /** What to say of signatures by other keys where these are no fault. */
  otherKey?: string;
  /** The image stands beside the outcome already. */
  isImageKnown?: boolean;
  /** The facts behind the outcome are drawn once a person asks for them. */
  isFolded?: boolean;
  /** A trust file says which keys count: that is a step of the check. A result says so itself. */
  isByTrust?: boolean;
}

/** How the outcomes are coloured. */
const tones: Record<Verification["state"], string> = {
  verified: "good",
  invalid: "bad",
  unsigned: "warn",
  unreachable: "warn",
};

/** The outcomes in signs, for those who do not tell the colours apart. */
const signs: Record<Verification["state"], string> = {
  verified: "✓",
  invalid: "✕",
  unsigned: "–",
  unreachable: "?",
};

/** The outcomes as a summary names them. */
const inOrder = ["verified", "invalid", "unsigned", "unreachable"] as const;

/** The number of signatures or manifests that are shown at once. */
const step = 50;

/** Parts: `verdict`, `signature`, `attestation`. */
export function verification(result: Verification, given: Showing = {}): TemplateResult {
  const showing = { ...given, isByTrust: result.trust !== undefined };
  const behind = () => html`${facts(result, showing)} ${problems(result, showing)}
    ${signatures(result, showing)} ${covering(result, showing)} ${attestations(result, showing)} ${manifests(result, showing)}`;
  return html`<div class="stack verification">
    ${verdict(result)} ${showing.advice ?? nothing}
    ${
      showing.isFolded
        ? drawnOnceOpened(strings.verify.behind, () => html`<div class="stack">${behind()}</div>`)
        : behind()
    }
  </div>`;
}

/** What was found, without a verdict: for where none is due. */
export function signatureList(result: Verification, showing: Showing): TemplateResult {
  return html`<div class="stack verification">${problems(result, showing)} ${signatures(result, showing)}</div>`;
}

/** The outcome as a mark, as it stands in a list. */
function verificationMark({ state }: Verification) {
  const { states } = strings.verify;
  return html`<span class="state ${tones[state]}"><span
    aria-hidden="true">${signs[state]} </span>${states[state]}</span>`;
}

function verdict({ state, reason }: Verification) {
  const { states } = strings.verify;
  const meanings: Partial<Record<Verification["state"], string>> = strings.verify.meanings;
  return html`<div class="notice stack tight ${tones[state]}" part="verdict">
    <p class="outcome"><span aria-hidden="true">${signs[state]} </span><strong>${states[state]}</strong></p>
    <p>${prose(reason)}</p>
    ${meanings[state] ? html`<p class="small">${meanings[state]}</p>` : nothing}
  </div>`;
}

function facts(
  { reference, keys, threshold, signatures, trust }: Verification,
  { copyButton, isImageKnown }: Showing,
) {
  const words = strings.verify;
  const agreed = html`<p>${words.ofNeeded(keys.length, threshold)}</p>
    ${keys.map((key) => copyable(key, copyButton?.(words.fingerprint, key)))}`;
  return html`<dl class="facts">
    ${isImageKnown ? nothing : fact(words.image, copyable(reference, copyButton?.(words.image, reference)))}
    ${signatures.length + keys.length > 0 ? fact(words.keysThatAgree, agreed) : nothing}
    ${trust ? trustFacts(trust, copyButton) : nothing}
  </dl>`;
}

/** What could not be read; places with the same remedy together. */
function problems({ problems }: Verification, showing: Showing) {
  if (problems.length === 0) return nothing;
  return html`<div class="stack tight">
    ${heading(strings.verify.problems, showing)}
    ${byRemedy(problems).map(
      (group) => html`<div class="panel stack tight">
        <p><strong>${prose(fixHere(wordsOf(group[0]?.problem).fix))}</strong></p>
        ${inSteps(group, problem, step)}
      </div>`,
    )}
  </div>`;
}

/** The library names its options; here a person signs in, or the page gives what its property `registry` holds. */
function fixHere(fix: string) {
  return fix.startsWith("Give registry.username") ? strings.verify.registrySignIn : fix;
}

function problem({ problem, places: met }: Trouble) {
  const { places } = strings.verify;
  const from = [...met].map((place) => places[place] ?? place).join(", ");
  return html`${from ? html`<p class="muted small">${from}</p>` : nothing}
    <p>${prose(wordsOf(problem).message)}</p>`;
}

function signatures({ signatures }: Verification, showing: Showing) {
  if (signatures.length === 0) return nothing;
  return html`<div class="stack tight">
    ${heading(strings.verify.signatures(signatures.length), showing)}
    ${reports(signatures, showing)}
  </div>`;
}

function reports(signatures: readonly SignatureReport[], showing: Showing) {
  const naming = new Set(signatures.flatMap(({ repositoryBound, key }) => (repositoryBound && key) || []));
  return inSteps(signatures, (signature) => report(signature, naming, showing), step);
}

/** The index whose signature counts in the place of the image's own. */
function covering({ coveredBy }: Verification, showing: Showing) {
  if (!coveredBy) return nothing;
  const words = strings.verify;
  const { reference, through, signatures } = coveredBy;
  return html`<div class="stack tight">
    ${heading(words.coveredBy, showing)}
    <p class="small">${words.covering}</p>
    <dl class="facts">
      ${fact(words.index, copyable(reference, showing.copyButton?.(words.index, reference)))}
      ${
        through.length > 0
          ? fact(
              words.through,
              through.map((digest) => html`<p>${exact(digest)}</p>`),
            )
          : nothing
      }
    </dl>
    ${reports(signatures, showing)}
  </div>`;
}

/** What else is beside the image, apart from signatures. An older library tells of none. */
function attestations({ attestations = [], required = [] }: Partial<Verification>, showing: Showing) {
  if (attestations.length + required.length === 0) return nothing;
  const words = strings.verify;
  const isVerified = attestations.some(({ verified }) => verified !== undefined);
  return html`<details ?open=${required.some(({ met }) => !met)}>
    <summary>${words.attestations(attestations.length)}</summary>
    <div class="stack tight">
      <p class="small">${isVerified ? words.attestationsVerified : words.attestation}</p>
      ${required.map(
        ({ type, met, reason }) => html`<p><span class="state ${met ? "good" : "bad"}"><span
          aria-hidden="true">${met ? "✓ " : "✕ "}</span>${met ? words.requiredMet : words.requiredUnmet}</span>
          ${exact(type)}${reason === undefined ? nothing : html`<br>${prose(reason)}`}</p>`,
      )}
      <div>${inSteps(attestations, (one) => attestation(one, showing), step)}</div>
    </div>
  </details>`;
}

function attestation(one: AttestationReport, { copyButton }: Showing) {
  const words = strings.verify;
  const type = one.predicateType ?? words.noType;
  if (one.verified === undefined) return html`<p>${exact(type)}</p>`;
  const title = one.predicateType === null ? undefined : attestationTitle(one.predicateType);
  const [tone, sign, how] = one.verified ? ["good", "✓ ", words.attested] : ["bad", "✕ ", words.attestedNot];
  return html`<div class="panel stack tight" part="attestation">
    <p class="row"><span class="state ${tone}"><span aria-hidden="true">${sign}</span>${how}</span>
      ${title === undefined ? nothing : html`<span>${title}</span>`}</p>
    <dl class="facts">
      ${fact(words.predicateType, exact(type))}
      ${one.verified ? fact(words.key, copyable(one.key, copyButton?.(words.fingerprint, one.key))) : fact(words.why, prose(one.reason))}
      ${fact(words.foundAt, one.from.map((place) => words.places[place] ?? place).join(", "))}
      ${fact(words.blob, exact(one.digest))}
    </dl>
  </div>`;
}

/** One signature. @param naming the keys that signed the repository's name, too: in another format, mostly */
function report(signature: SignatureReport, naming: ReadonlySet<string>, showing: Showing) {
  const words = strings.verify;
  const { copyButton, otherKey } = showing;
  const { verified, format, from, blob, key, hash, reason, repositoryBound, signedAs } = signature;
  const isOthers = otherKey !== undefined && signature.failed === "signature";
  const tone = verified ? "good" : isOthers ? "" : "bad";
  const why = isOthers ? otherKey : reason;
  return html`<div class="panel stack tight" part="signature">
    <p class="row">
      ${
        isOthers
          ? nothing
          : html`<span class="state ${tone}"><span
        aria-hidden="true">${verified ? "✓ " : "✕ "}</span>${verified ? words.counts : words.countsNot}</span>`
      }
      <span>${format ? (words.formats[format] ?? format) : words.unknownFormat}</span>
    </p>
    ${repositoryBound === false ? notBound(naming.has(key)) : nothing}
    <dl class="facts">
      ${why === undefined ? nothing : fact(words.why, prose(why))}
      ${isOthers ? nothing : fact(words.checked, steps(signature, showing))}
      ${key ? fact(words.key, copyable(key, copyButton?.(words.fingerprint, key))) : nothing}
      ${hash ? fact(words.hash, hash) : nothing}
      ${signedAs === undefined ? nothing : fact(words.signedAs, exact(signedAs))}
      ${fact(words.foundAt, from.map((place) => words.places[place] ?? place).join(", "))}
      ${blob ? fact(words.blob, exact(blob)) : nothing}
    </dl>
  </div>`;
}

/** Where the same key names the repository beside it, that this one does not is no warning. */
function notBound(isNamedBeside: boolean) {
  const { notBound: warning, namedBeside } = strings.verify;
  return isNamedBeside
    ? html`<p class="muted small">${namedBeside}</p>`
    : html`<p class="notice warn">${warning}</p>`;
}

/** The steps of the check, in order, and how each ended. */
function steps({ checked, failed, repositoryBound }: SignatureReport, { isByTrust = false }: Showing) {
  const { steps, passed, failed: fails, notReached, notNamed } = strings.verify;
  return html`<ol class="steps" role="list">
    ${Object.entries(steps).map(([name, word]) => {
      if (name === "key" && !isByTrust) return nothing;
      const isPassed = checked.some((one) => one === name);
      const isUnnamed = name === "repository" && repositoryBound === false;
      const [tone, sign, how] = isPassed
        ? ["good", "✓", passed]
        : name === failed
          ? ["bad", "✕", fails]
          : ["muted", "–", isUnnamed ? notNamed : notReached];
      return html`<li class=${tone}><span aria-hidden="true">${sign} </span>${word}<span
        class="unseen">: ${how}</span></li>`;
    })}
  </ol>`;
}

/** The manifests of an index; those that need a look come first. */
function manifests({ manifests = [] }: Verification, showing: Showing) {
  if (manifests.length === 0) return nothing;
  const { states } = strings.verify;
  const within = {
    ...showing,
    advice: undefined,
    isImageKnown: false,
    isFolded: false,
    level: (showing.level ?? 3) + 1,
  };
  const sorted = sortedByState(manifests);
  const count = (state: Verification["state"]) => manifests.filter((one) => one.state === state).length;
  const counts = inOrder.filter(count);
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

/** The same trouble is told once, with all places where it was met. */
interface Trouble {
  readonly problem: VerificationProblem;
  readonly places: Set<NonNullable<VerificationProblem["from"]>>;
}

/** Those with the same remedy together. */
const byRemedy: (problems: readonly VerificationProblem[]) => Trouble[][] = once((problems) => {
  const groups: Map<string, Map<string, Trouble>> = new Map();
  for (const problem of problems) {
    const { from, message, fix } = problem;
    const group = groups.get(fix) ?? new Map<string, Trouble>();
    const trouble = group.get(message) ?? { problem, places: new Set() };
    if (from) trouble.places.add(from);
    groups.set(fix, group.set(message, trouble));
  }
  return [...groups.values()].map((group) => [...group.values()]);
});

const sortedByState: (manifests: readonly Verification[]) => Verification[] = once((manifests) => {
  const order = ["invalid", "unreachable", "unsigned", "verified"];
  return manifests.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
});

function heading(text: string, { level = 3 }: Showing) {
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
  .trust-keys {
    list-style: none;
    padding: 0;
    margin: 0;
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
