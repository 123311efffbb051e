// What a person chooses with: filters, words to search for, the order, the page.
import { html, nothing } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { live } from "lit/directives/live.js";
import { valueIn } from "../fragments/event-values.ts";
import { strings } from "../strings/index.ts";
import {
  type ApprovalsFilter,
  type ApprovalsGroup,
  type ApprovalsSort,
  filters,
  groups,
  sorts,
} from "./view.ts";

export function filterChoice({
  filter,
  counts,
  isComplete,
  knowsPerson,
  onFilter,
}: {
  filter: ApprovalsFilter;
  counts: Record<ApprovalsFilter, number> | undefined;
  isComplete: boolean;
  /** Whether the person's own requests can be told from others'. */
  knowsPerson: boolean;
  onFilter: (filter: ApprovalsFilter) => void;
}) {
  const { filters: legend, filterNames, filterHints, count } = strings.approvals;
  const isOffered = (name: ApprovalsFilter) => {
    if (filter === name) return true;
    if (name === "requested") return knowsPerson;
    // Where every status is explained, there is nothing to choose.
    return name !== "unexplained" || (counts?.unexplained ?? 0) > 0;
  };
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

export function searchField({
  search,
  hasProblems,
  onSearch,
  onHelp,
}: {
  search: string;
  hasProblems: boolean;
  onSearch: (search: string) => void;
  onHelp: () => void;
}) {
  const { search: label, searchHint, help } = strings.approvals;
  return html`<div class="search" role="search">
    <label for="search" class="unseen">${label}</label>
    <input
      id="search"
      type="search"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      placeholder=${searchHint}
      aria-describedby=${ifDefined(hasProblems ? "search-problems" : undefined)}
      .value=${live(search)}
      @input=${(event: Event) => onSearch(valueIn(event))}
    />
    <button type="button" class="quiet" id="open-help" aria-label=${help} title=${help} @click=${onHelp}>
      <span aria-hidden="true">?</span>
    </button>
  </div>`;
}

/** What the list is put in order and together by. */
export function arrangement({
  sort,
  group,
  onSort,
  onGroup,
}: {
  sort: ApprovalsSort;
  group: ApprovalsGroup;
  onSort: (sort: ApprovalsSort) => void;
  onGroup: (group: ApprovalsGroup) => void;
}) {
  const { sortBy, orders, groupBy, groups: groupWords } = strings.approvals;
  return html`<div class="arrangement">
    ${choice({ id: "group", label: groupBy, all: groups, chosen: group, words: groupWords, onChoose: onGroup })}
    ${choice({ id: "sort", label: sortBy, all: sorts, chosen: sort, words: orders, onChoose: onSort })}
  </div>`;
}

function choice<Name extends string>({
  id,
  label,
  all,
  chosen,
  words,
  onChoose,
}: {
  id: string;
  label: string;
  all: readonly Name[];
  chosen: Name;
  words: Record<Name, string>;
  onChoose: (name: Name) => void;
}) {
  const choose = (event: Event) => {
    const name = all.find((one) => one === valueIn(event));
    if (name !== undefined) onChoose(name);
  };
  return html`<label for=${id} class="unseen">${label}</label>
    <select id=${id} class="quiet" title=${label} @change=${choose}>
      ${all.map((name) => html`<option value=${name} .selected=${live(chosen === name)}>${words[name]}</option>`)}
    </select>`;
}

/** Picks all of the page, or none of it when all are picked. */
export function pageChoice({
  able,
  picked,
  onPickAll,
}: {
  /** How many can be picked. */
  able: number;
  picked: number;
  onPickAll: (isPicked: boolean) => void;
}) {
  if (able === 0) return nothing;
  const isWhole = picked === able;
  return html`<input
    type="checkbox"
    class="picker"
    id="pick-all"
    aria-label=${strings.approvals.pickAll}
    title=${strings.approvals.pickAll}
    .checked=${live(isWhole)}
    .indeterminate=${live(picked > 0 && !isWhole)}
    @change=${() => onPickAll(!isWhole)}
  />`;
}

/** What can be done with all that is picked. */
export function pickedBar({
  count,
  more,
  onMore,
  onReview,
  onClear,
}: {
  count: number;
  /** How many could be picked in all, where that is more. */
  more: number | undefined;
  onMore: () => void;
  onReview: () => void;
  onClear: () => void;
}) {
  if (count === 0) return nothing;
  const { picked, pickMatching, review, clearPicked, pickingTools } = strings.approvals;
  return html`<div class="row picked" part="picked" role="group" aria-label=${pickingTools}>
    <strong>${picked(count)}</strong>
    ${
      more === undefined
        ? nothing
        : html`<button type="button" class="small plain" @click=${onMore}>${pickMatching(more)}</button>`
    }
    <span class="row end">
      <button type="button" id="clear-picked" @click=${onClear}>${clearPicked}</button>
      <button type="button" class="primary" id="review" @click=${onReview}>${review(count)}</button>
    </span>
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
