// What will be signed: the image to the last character, as it was sent and as it is read.

import { html, nothing } from "lit";
import type { RequestedArtifact } from "ocisign";
import { encodeArtifactUri, type ImageReference, type Signing } from "ocisign";
import type { DigestView } from "../../shown/digest-of.ts";
import { fact, factIf, wideFact } from "../fragments/facts.ts";
import { registryMark } from "../fragments/marks.ts";
import { wordsOf } from "../model/errors.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import { description } from "./description.ts";
import type { Findings } from "./findings.ts";
import type { SigningPage } from "./page.ts";

export function subject(element: SigningPage) {
  const words = strings.signing;
  const { shown, now, findings } = element;
  if (!shown) return nothing;
  const { artifact } = shown;
  const titles: Partial<Record<Signing["state"], string>> = words.subjects;
  return html`<section class="part stack tight" aria-labelledby="subject" part="subject">
    <h3 id="subject">${(now && titles[now.signing.state]) ?? words.subject}</h3>
    ${shown.digest ? digestProblem(shown.digest) : problem(artifact)}
    ${shown.image ? image(shown.image, findings, element) : nothing}
    ${shown.digest ? ofDigest(shown.digest) : isCanonical(artifact) ? agreeing(artifact, element) : html`${spelling(artifact)} ${asSent(artifact, element)}`}
  </section>`;
}

/**
 * Base64 and text say what stands above, to the last character: nobody has to open them. Where they do not, they are
 * never folded.
 */
function agreeing(artifact: RequestedArtifact, element: SigningPage) {
  return html`<details class="repeated">
    <summary>${strings.signing.agrees}</summary>
    ${asSent(artifact, element)}
  </details>`;
}

function asSent(artifact: RequestedArtifact, element: SigningPage) {
  const words = strings.signing;
  return html`<div class="pair">
      <div>
        <p class="row between small"><span
          class="muted">${words.encoded}</span>${element.copyButton(words.theBase64, artifact.encoded)}</p>
        <p>${artifact.encoded ? exact(artifact.encoded) : words.empty}</p>
      </div>
      <div>
        <p class="muted small">${words.decoded}</p>
        <p>${artifact.text ? exact(artifact.text) : words.empty}</p>
      </div>
    </div>`;
}

function image(
  { registry, repository, digest, tag, canonical, ecr }: ImageReference,
  findings: Findings,
  element: SigningPage,
) {
  const words = strings.signing;
  const isOther = findings.match?.error !== undefined;
  return html`<dl class="facts">
      ${fact(
        words.registry,
        html`<div class="stack tight"><p class="row tight">${exact(registry)} ${isOther ? nothing : match(findings)}</p>
          ${punycode(registry)}${isOther ? match(findings) : nothing}</div>`,
      )}
      ${ecr ? fact(words.ecr, words.ecrOf(ecr.account, ecr.region)) : nothing}
      ${fact(words.repository, exact(repository))}
      ${factIf(words.tag, tag, html`${exact(tag)} <span class="hint">${words.tagIsANote}</span>`)}
      ${wideFact(
        words.digest,
        html`<div class="whole">${wholeDigest(digest)}<span class="copies">${element.copyButton(words.theDigest, digest)}
          ${element.copyButtonNamed(words.copyImage, canonical)}</span></div>`,
      )}
      ${fact(words.image, description(findings.description))}
    </dl>`;
}

/** In groups for the eye only: what is selected and copied is the digest itself. */
function wholeDigest(digest: string) {
  const start = digest.indexOf(":") + 1;
  const groups = digest.slice(start).match(/.{8}/g) ?? [];
  // Nothing may stand between the tags: it would be part of what is copied.
  return html`<code class="digest" part="digest"><span>${digest.slice(0, start)}</span>${groups.map(
    (group, index) => html`<wbr><span class=${index === groups.length - 1 ? "tail" : ""}>${group}</span>`,
  )}</code>`;
}

function punycode(registry: string) {
  const isSuspect = registry.split(".").some((part) => part.startsWith("xn--"));
  return isSuspect ? html`<p class="notice warn" part="warning">${strings.signing.punycode}</p>` : nothing;
}

/** Is it the registry that the product signs for? */
function match({ shownProduct, match }: Findings) {
  const words = strings.signing;
  if (!match) {
    const isReading = shownProduct.state === "reading";
    return html`<span class="warn" data-match="unknown">${isReading ? words.matchReading : words.matchUnknown}</span>`;
  }
  if (match.error === undefined) return html`<span data-match="good">${registryMark()}</span>`;
  const { message, fix } = wordsOf(match.error);
  return html`<div class="notice bad stack tight" data-match="bad"><p>${prose(message)}</p><p>${prose(fix)}</p></div>`;
}

/** The digest that the service signs, and how it is known what it is of. */
function ofDigest({ asked, format }: DigestView) {
  const words = strings.signing;
  // One that cannot be read stands among the fields that the page does not know.
  if (!asked) return nothing;
  return html`<dl class="facts">
      ${wideFact(words.signedDigest, exact(`${asked.hash}:${asked.hex}`))}
    </dl>
    ${format ? html`<p class="hint">${words.digestIsOfImage(format)}</p>` : nothing}`;
}

/** Why it is not known what the digest is of. */
function digestProblem({ asked, image, claimed }: DigestView) {
  const words = strings.signing;
  if (image) return nothing;
  const problem = asked ? (claimed ? words.otherClaim : words.noClaim) : words.unreadableDigest;
  return html`<p class="notice bad" part="warning">${problem}</p>`;
}

/** Why there is no image to sign. */
function problem(artifact: RequestedArtifact) {
  const words = strings.signing;
  if (artifact.state === "image") return nothing;
  if (artifact.state === "none") return html`<p class="notice bad" part="warning">${words.noArtifact}</p>`;
  if (artifact.state === "several")
    return html`<p class="notice bad" part="warning">${words.severalArtifacts}</p>`;
  return html`<div class="notice bad stack tight" part="warning">
    <p>${words.unreadableArtifact}</p>
    <p>${prose(artifact.error.message)}</p>
  </div>`;
}

/** Is the image written as this page would write it, to the last character? */
function isCanonical(artifact: RequestedArtifact) {
  if (artifact.state !== "image") return false;
  const { encoded, text, reference } = artifact;
  return text === reference.canonical && encoded === encodeArtifactUri(reference);
}

/** What is odd about how the image is written, though it is clear which one is meant. */
function spelling(artifact: RequestedArtifact) {
  const words = strings.signing;
  if (artifact.state !== "image") return nothing;
  const isText = artifact.text === artifact.reference.canonical;
  return html`<p class="notice warn" part="warning">${isText ? words.otherBase64 : words.otherText}</p>`;
}
