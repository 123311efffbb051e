// The field for one image or many, and the check of its text.
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { valueIn } from "../fragments/event-values.ts";
import { markedReference } from "../fragments/marked-reference.ts";
import { strings } from "../strings/index.ts";
import type { Images } from "./images.ts";
import { type ListState, listCheck, type OnList } from "./list-check.ts";

export interface ArtifactField {
  readonly text: string;
  readonly images: Images;
  readonly isChecking: boolean;
  readonly list: ListState;
}

export interface OnArtifact extends OnList {
  readonly text: (text: string) => void;
  /** The lines in sight are others now. */
  readonly scrolled: () => void;
}

export function artifactField({ text, images, isChecking, list }: ArtifactField, on: OnArtifact) {
  const { artifact, artifactHint, artifactPlaceholder } = strings.request;
  const error = images.kind === "one" ? images.error : undefined;
  const isList = images.kind === "many";
  return html`<div class="field">
    <label for="artifact">${artifact}</label>
    <div class=${isList ? "numbered" : ""}>
      <div id="line-numbers" class="line-numbers" aria-hidden="true" ?hidden=${!isList}></div>
      <textarea id="artifact" part="field" class=${isList ? "list" : ""}
        rows=${isList ? 8 : 2} autocomplete="off" autocapitalize="off" spellcheck="false" dir="ltr"
        wrap=${isList ? "off" : "soft"}
        placeholder=${artifactPlaceholder}
        aria-invalid=${isWrong(images) ? "true" : nothing}
        aria-describedby=${`artifact-hint ${describedBy(images)}`.trim()}
        .value=${live(text)} @scroll=${on.scrolled}
        @input=${(event: Event) => on.text(valueIn(event))}></textarea>
    </div>
    <p id="artifact-hint" class="hint">${artifactHint}</p>
    ${
      error && images.kind === "one"
        ? html`<div id="artifact-error">${markedReference(images.text, error)}</div>`
        : nothing
    }
    ${isChecking ? html`<p id="list-summary" class="hint">${strings.request.checking}</p>` : nothing}
    ${!isChecking && isList ? listCheck(images, list, on) : nothing}
  </div>`;
}

function isWrong(images: Images) {
  if (images.kind === "one") return Boolean(images.error ?? images.mismatch);
  return images.kind === "many" && images.wrong.length > 0;
}

function describedBy(images: Images) {
  if (images.kind === "many") return "list-summary";
  if (images.kind === "none") return "";
  if (images.error) return "artifact-error";
  return images.mismatch ? "mismatch" : "";
}
