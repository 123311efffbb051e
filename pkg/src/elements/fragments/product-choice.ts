// The parts of a choice among products, and among their operations.
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { strings } from "../strings/index.ts";
import { valueIn } from "./event-values.ts";

/** A person can search from this number of products on. */
const many = 12;

/** A field for words to find a product by, where there are many. */
export function productFilter({
  words,
  shown,
  all,
  onWords,
}: {
  words: string;
  shown: number;
  all: number;
  onWords: (words: string) => void;
}) {
  if (all <= many) return nothing;
  const { filterProducts, filterHint, productsShown } = strings.common;
  const type = (event: Event) => onWords(valueIn(event));
  return html`<div class="stack tight">
    <label for="product-filter">${filterProducts}</label>
    <input id="product-filter" type="search" part="field" autocomplete="off" spellcheck="false"
      placeholder=${filterHint}
      aria-describedby="products-shown" .value=${live(words)} @input=${type} />
    <p id="products-shown" class="hint">${productsShown(shown, all)}</p>
  </div>`;
}

/** @param text as `titleOf` makes it */
export function choice(value: string, text: string, isChosen: boolean, disabled: boolean = false) {
  // A list that is filtered uses its elements again for other choices.
  return html`<option .value=${live(value)} .selected=${live(isChosen)} ?disabled=${disabled}>${text}</option>`;
}
