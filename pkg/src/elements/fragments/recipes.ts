// Texts to copy: commands and policies, each with its button.
import { html, nothing } from "lit";
import type { Recipe } from "../../shown/verify-elsewhere.ts";
import { strings } from "../strings/index.ts";

export function recipes(all: readonly Recipe[], copyButton: (what: string, text: string) => unknown) {
  return all.map((one) => recipe(one, copyButton));
}

function recipe({ name, text, file }: Recipe, copyButton: (what: string, text: string) => unknown) {
  const { recipes, inFile } = strings.verify;
  const title = recipes[name];
  return html`<div class="recipe stack tight" data-recipe=${name}>
    <p class="row between"><span><strong>${title}</strong>${
      file === undefined ? nothing : html` <span class="muted small">${inFile(file)}</span>`
    }</span> ${copyButton(title, text)}</p>
    <pre tabindex="0" role="region" aria-label=${title}>${text}</pre>
  </div>`;
}
