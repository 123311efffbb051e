// What a person chooses with: filters, words to search for, the order, the page.
import { html, nothing } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { live } from "lit/directives/live.js";
import { valueIn } from "../fragments/event-values.ts";
import { strings } from "../strings/index.ts";
import { type ApprovalsFilter, type ApprovalsSort, filters, sorts } from "./view.ts";

export function filterChoice({
  filter,
  counts,
  isComplete,
  onFilter,
}: {
  filter: ApprovalsFilter;
  counts: Record<ApprovalsFilter, number> | undefined;
  isComplete: boolean;
  onFilter: (filter: ApprovalsFilter) => void;
}) {
  const { filters: legend, filterNames, filterHints, count } = strings.approvals;
  // Where every status is explained, there is nothing to choose.
  const isOffered = (name: ApprovalsFilter) =>
    name !== "unexplained" || filter === name || (counts?.unexplained ?? 0) > 0;
  return html`<fieldset class="filters" part="filters">
    <legend class="unseen">${legend}</legend>
    ${filters.filter(isOffered).map(
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

export function searchField(search: string, onSearch: (search: string) => void) {
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
      @input=${(event: Event) => onSearch(valueIn(event))}
    />
  </div>`;
}

/** The order, for where there are no columns to click. */
export function sortChoice(sort: ApprovalsSort, onSort: (sort: ApprovalsSort) => void) {
  const { sortBy, orders } = strings.approvals;
  const choose = (event: Event) => {
    const chosen = sorts.find((one) => one === valueIn(event));
    if (chosen) onSort(chosen);
  };
  return html`<div class="sort">
    <label for="sort">${sortBy}</label>
    <select id="sort" @change=${choose}>
      ${sorts.map((name) => html`<option value=${name} .selected=${live(sort === name)}>${orders[name]}</option>`)}
    </select>
  </div>`;
}

type Step = "first" | "previous" | "next" | "last";

export function paging({
  place,
  range,
  page,
  pages,
  onPage,
}: {
  place: "above" | "below";
  range: string;
  page: number;
  pages: number;
  onPage: (page: number, step: Step) => void;
}) {
  const { pages: above, pagesBelow, page: name } = strings.approvals;
  if (pages <= 1) return place === "above" ? html`<p class="range">${range}</p>` : nothing;
  const step = (which: Step, to: number, sign: string) =>
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

/** Stays where it is at the end, so that the keyboard's focus does not get lost. */
function pageButton(which: Step, sign: string, isEnd: boolean, go: () => void) {
  const name = strings.approvals[which];
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
