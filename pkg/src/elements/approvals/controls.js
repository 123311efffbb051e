// What a person chooses with: filters, words to search for, the order, the page.
import { html, nothing } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { live } from "lit/directives/live.js";
import { strings } from "../strings/index.ts";
import { filters, sorts } from "./arranging.js";

/** @typedef {import("../index.js").ApprovalsFilter} Filter */
/** @typedef {import("../index.js").ApprovalsSort} Sort */

/** @param {{ filter: Filter, counts: Record<Filter, number> | undefined, isComplete: boolean, onFilter: (filter: Filter) => void }} given */
export function filterChoice({ filter, counts, isComplete, onFilter }) {
  const { filters: legend, filterNames, filterHints, count } = strings.approvals;
  return html`<fieldset class="filters" part="filters">
    <legend class="unseen">${legend}</legend>
    ${filters.map(
      (name) =>
        html`<label class="pill" title=${filterHints[name]}>
          <input
            type="radio"
            name="filter"
            value=${name}
            .checked=${live(filter === name)}
            @change=${() => onFilter(name)}
          />
          ${filterNames[name]}
          ${counts ? html`<span class="count">${count(counts[name], !isComplete)}</span>` : nothing}
        </label>`,
    )}
  </fieldset>`;
}

/** @param {string} search @param {(search: string) => void} onSearch */
export function searchField(search, onSearch) {
  const { search: label, searchHint } = strings.approvals;
  return html`<div class="search" role="search">
    <label for="search">${label}</label>
    <input
      id="search"
      type="search"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      placeholder=${searchHint}
      .value=${live(search)}
      @input=${(/** @type {InputEvent} */ { target }) => onSearch(/** @type {HTMLInputElement} */ (target).value)}
    />
  </div>`;
}

/** The order, for where there are no columns to click. @param {Sort} sort @param {(sort: Sort) => void} onSort */
export function sortChoice(sort, onSort) {
  const { sortBy, orders } = strings.approvals;
  const choose = (/** @type {Event} */ { target }) =>
    onSort(/** @type {Sort} */ (/** @type {HTMLSelectElement} */ (target).value));
  return html`<div class="sort">
    <label for="sort">${sortBy}</label>
    <select id="sort" @change=${choose}>
      ${sorts.map((name) => html`<option value=${name} .selected=${live(sort === name)}>${orders[name]}</option>`)}
    </select>
  </div>`;
}

/**
 * @param {{ place: "above" | "below", range: string, page: number, pages: number, onPage: (page: number, step: string) => void }} given
 */
export function paging({ place, range, page, pages, onPage }) {
  const { pages: above, pagesBelow, page: name } = strings.approvals;
  if (pages <= 1) return place === "above" ? html`<p class="range">${range}</p>` : nothing;
  const step = (/** @type {string} */ which, /** @type {number} */ to, /** @type {string} */ sign) =>
    pageButton(which, sign, to === page, () => onPage(to, which));
  return html`<nav class="row paging ${place}" part="paging" aria-label=${place === "above" ? above : pagesBelow}>
    <p class="range">${range}</p>
    <div class="row steps">
      ${step("first", 1, "«")}${step("previous", Math.max(1, page - 1), "‹")}
      <span class="small">${name(page, pages)}</span>
      ${step("next", Math.min(pages, page + 1), "›")}${step("last", pages, "»")}
    </div>
  </nav>`;
}

/** Stays where it is at the end, so that the keyboard's focus does not get lost. @param {string} which @param {string} sign @param {boolean} isEnd @param {() => void} go */
function pageButton(which, sign, isEnd, go) {
  const name = /** @type {Record<string, any>} */ (strings.approvals)[which];
  return html`<button
    type="button"
    class="step"
    data-step=${which}
    aria-label=${name}
    title=${name}
    aria-disabled=${ifDefined(isEnd ? "true" : undefined)}
    @click=${isEnd ? nothing : go}
  >
    <span aria-hidden="true">${sign}</span>
  </button>`;
}
