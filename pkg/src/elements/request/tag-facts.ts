// What a tag names now, by its registry's word: it is shown, and a person takes it by an act of its own.
import { html, nothing } from "lit";
import type { ImageDescription } from "ocisign";
import type { TaggedImage } from "../../image/tagged.ts";
import type { Reading } from "../controllers/reading.ts";
import { copyable, fact } from "../fragments/facts.ts";
import { imageDescription } from "../fragments/image-description.ts";
import { busy } from "../fragments/marks.ts";
import { codeOf, wordsOf } from "../model/errors.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import { nameOf } from "./tags.ts";

type Looked = Pick<Reading<ImageDescription, readonly unknown[]>, "state" | "value" | "error">;

export function tagFacts(
  tagged: TaggedImage,
  look: Looked,
  {
    copyButton,
    take,
    again,
  }: { copyButton: (what: string, text: string) => unknown; take: () => void; again: () => void },
) {
  const words = strings.request;
  return html`<div class="panel stack tight" part="tag">
    <h3 id="tag-heading" tabindex="-1">${words.tagNames}</h3>
    ${look.state === "reading" ? busy(words.looking) : nothing}
    ${look.state === "failed" ? unresolved(look.error, again) : nothing}
    ${look.value ? resolved(tagged, look.value, copyButton, take) : nothing}
  </div>`;
}

function resolved(
  tagged: TaggedImage,
  description: ImageDescription,
  copyButton: (what: string, text: string) => unknown,
  take: () => void,
) {
  const words = strings.request;
  const { digest } = description;
  return html`<dl class="facts inner">
      ${fact(words.tag, exact(nameOf(tagged)))}
      ${fact(words.digest, copyable(digest, copyButton(words.digest, digest)))}
    </dl>
    ${imageDescription(description)}
    <div class="row"><button id="take-digest" type="button" class="primary" @click=${take}>${words.takeDigest}</button>
      <span class="hint">${words.tagMoves}</span></div>`;
}

function unresolved(error: unknown, again: () => void) {
  const { noSuchTag, tagUnread, lookAgain } = strings.request;
  const { message } = wordsOf(error);
  return html`<div class="notice warn stack tight"><p>${codeOf(error) === "not-found" ? noSuchTag : tagUnread}</p>
    <p class="small">${prose(message)}</p>
    <p><button type="button" class="small" @click=${again}>${lookAgain}</button></p></div>`;
}
