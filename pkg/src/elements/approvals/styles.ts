import { css } from "lit";
import { oneLineStyles } from "../text/one-line.ts";
import { pieceStyles } from "../text/piece-mark.ts";

const head = css`
  .queue {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--o-2);
    padding-block-start: var(--o-2);
  }
  /* What stands beside the rows begins where they do. */
  .header,
  .choices,
  .above,
  .common,
  .paging.below,
  .picked {
    padding-inline: var(--o-3);
  }
  .queue > .notice,
  .queue > .hint {
    margin-inline: var(--o-3);
  }
  .header {
    display: flex;
    align-items: center;
    gap: var(--o-2);
  }
  .header h2 {
    flex: 0 1 auto;
    min-inline-size: 3rem;
    margin-inline-end: auto;
    overflow: hidden;
    font-size: var(--o-l);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  /* As high whatever it says: what comes and goes here by itself must not move the list below. */
  .status {
    min-block-size: var(--o-control-small);
    flex: 0 1 auto;
    flex-wrap: nowrap;
    min-inline-size: 0;
    overflow: hidden;
    justify-content: end;
    white-space: nowrap;
  }
  .status.news {
    flex: none;
    color: var(--o-accent);
    font-size: var(--o-s);
    font-weight: 600;
  }
  .quiet {
    flex: none;
    border-color: transparent;
    background: none;
    color: var(--o-muted);
  }
  button.quiet {
    min-inline-size: var(--o-control);
    padding: 0;
    font-size: var(--o-l);
  }
  button.quiet:hover:not([aria-disabled="true"]),
  select.quiet:hover {
    background: var(--o-raised);
    color: var(--o-text);
    filter: none;
  }
  .choices {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--o-2);
  }
  .filters {
    display: flex;
    gap: var(--o-1);
    min-inline-size: 0;
    border: 0;
    /* In a narrow place one pulls the row sideways; the outline of what has the focus is not cut off. */
    margin: -4px calc(-1 * var(--o-3));
    padding: 4px var(--o-3);
    position: relative;
    overflow-x: auto;
    scrollbar-width: none;
    scroll-padding-inline: var(--o-3);
  }
  .pill {
    position: relative;
    flex: none;
    display: inline-flex;
    align-items: center;
    gap: 0.375rem;
    min-block-size: var(--o-control);
    padding-inline: var(--o-2);
    border: 1px solid transparent;
    border-radius: var(--o-radius);
    cursor: pointer;
    font-size: var(--o-s);
    font-weight: 400;
    white-space: nowrap;
  }
  .pill:hover {
    background: var(--o-raised);
  }
  .pill:has(:checked) {
    border-color: var(--o-accent);
    background: var(--o-chosen);
    color: var(--o-accent);
    font-weight: 600;
  }
  .pill:has(:focus-visible) {
    outline: 2px solid var(--o-focus);
    outline-offset: 1px;
  }
  .pill input {
    position: absolute;
    inset: 0;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  .count {
    color: var(--o-muted);
    font-size: var(--o-xs);
    font-weight: 400;
  }
  .pill:has(:checked) .count {
    color: inherit;
  }
  .search {
    display: flex;
    gap: var(--o-1);
  }
  .above {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 var(--o-2);
    min-block-size: var(--o-control);
  }
  .arrangement {
    display: flex;
    margin-inline-start: auto;
    margin-inline-end: calc(-1 * var(--o-1));
  }
  select.quiet {
    inline-size: auto;
    min-block-size: var(--o-control-small);
    max-inline-size: 9.5rem;
    padding: 0 var(--o-1);
    font-size: var(--o-s);
  }
  /* It takes no room, but stays where screen readers listen. */
  #search-problems:not(:has(p)) {
    position: absolute;
  }
  @container (max-width: 30rem) {
    .filters {
      gap: 0;
    }
    .pill {
      padding-inline: 0.3125rem;
      font-size: var(--o-xs);
    }
    .pill:not(:has(:checked), :has([value="review"])) .count {
      display: none;
    }
  }
  @container (min-width: 48rem) {
    .choices {
      grid-template-columns: minmax(0, auto) minmax(16rem, 28rem);
      justify-content: space-between;
      align-items: center;
    }
    #search-problems {
      grid-column: 1 / -1;
    }
    .filters {
      margin-inline: calc(-1 * var(--o-1));
      padding-inline: var(--o-1);
    }
  }
  @media (forced-colors: active) {
    .pill:has(:checked) {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
`;

const pages = css`
  .paging {
    justify-content: space-between;
    gap: 0 var(--o-2);
  }
  .paging.below {
    padding-block: var(--o-2);
  }
  .range {
    color: var(--o-muted);
    font-size: var(--o-s);
  }
  .steps {
    gap: 0;
  }
  .step {
    min-block-size: var(--o-control);
    min-inline-size: var(--o-control);
    padding: 0;
    border-color: transparent;
    background: none;
    font-size: var(--o-l);
    line-height: 1;
  }
  .export {
    justify-content: end;
    padding: var(--o-1) var(--o-3) var(--o-2);
  }
  .lead {
    font-weight: 600;
  }
  .empty {
    padding: var(--o-6) var(--o-3) 3rem;
    text-align: center;
    justify-items: center;
  }
  .empty .row {
    justify-content: center;
    margin-block-start: var(--o-2);
  }
`;

const rows = css`
  .common {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--o-1);
    padding-block-end: var(--o-1);
    color: var(--o-muted);
    font-size: var(--o-xs);
  }
  .common .fact {
    max-inline-size: 100%;
  }
  .common .fact:not(:last-child)::after {
    content: "·" / "";
    margin-inline-start: var(--o-1);
  }
  .rows {
    list-style: none;
    border-block-start: 1px solid var(--o-line);
  }
  .item {
    display: grid;
    grid-template-columns: 1.75rem minmax(0, 1fr);
    grid-template-rows: 1.25rem 1.125rem;
    align-items: center;
    column-gap: var(--o-2);
    padding: 0.375rem var(--o-3) 0.375rem var(--o-1);
    border-block-end: 1px solid var(--o-line);
    cursor: pointer;
    /* What is out of sight costs nothing. */
    content-visibility: auto;
    contain-intrinsic-block-size: auto 3.25rem;
    /* The bar with what is selected stands over the end of the list. */
    scroll-margin-block: 0.5rem 4rem;
  }
  .item:hover {
    background: var(--o-raised);
  }
  .item:has(.picker:checked),
  .item.current {
    background: var(--o-chosen);
  }
  .item.current {
    box-shadow: inset 3px 0 0 var(--o-accent);
  }
  .pick {
    grid-row: 1 / -1;
    align-self: stretch;
    display: grid;
    place-items: center;
  }
  .picker {
    inline-size: 1rem;
    block-size: 1rem;
    margin: 0;
    accent-color: var(--o-accent);
    cursor: pointer;
  }
  .above .picker {
    margin-inline: -0.125rem var(--o-1);
  }
  .first,
  .second,
  .facts {
    display: flex;
    align-items: center;
    gap: var(--o-2);
    min-inline-size: 0;
    white-space: nowrap;
  }
  .facts {
    flex: 1;
    /* What only screen readers see is cut off with the rest. */
    position: relative;
    overflow: hidden;
  }
  /* The outline of what has the focus is not cut off. */
  .first .facts {
    margin: -2px -4px;
    padding: 2px 4px;
  }
  .first .fact {
    flex: 0 1 auto;
    min-inline-size: 2rem;
    color: var(--o-muted);
  }
  .first .in-name {
    color: var(--o-text);
  }
  .first .in-version {
    flex: none;
    max-inline-size: 30%;
  }
  /* The repository goes before a name and a version, however long they are. */
  .open {
    flex: none;
    display: inline-flex;
    max-inline-size: 60%;
    min-block-size: 0;
    padding: 0;
    border: 0;
    color: var(--o-text);
    font-weight: 600;
    text-align: start;
    text-decoration: none;
  }
  button.open {
    background: none;
    color: var(--o-text);
  }
  .item:hover .open {
    color: var(--o-accent);
    text-decoration: underline;
    filter: none;
  }
  .second,
  .age {
    color: var(--o-muted);
    font-size: var(--o-xs);
  }
  .fact {
    flex: 0 1 auto;
    min-inline-size: 0;
    display: inline-flex;
  }
  .second .fact + .fact::before {
    content: "·" / "";
    margin-inline-end: var(--o-2);
  }
  .second .digest,
  .second .in-you {
    flex: none;
  }
  /* What has no room is not shown at all: a letter of each would tell nothing. The reason ends where the line does. */
  .second .facts {
    flex-wrap: wrap;
    block-size: 1.125rem;
  }
  .second .fact {
    flex: none;
    max-inline-size: 100%;
    line-height: 1.125rem;
  }
  .second .in-reason {
    flex: 1 1 5rem;
  }
  .digest {
    font-size: 1em;
  }
  .in-you.yes {
    color: var(--o-good);
    font-weight: 600;
  }
  .age,
  .second .state {
    flex: none;
    line-height: 1rem;
  }
  /* A text in the place of a time: it must not take the room of the image. */
  .age .line {
    max-inline-size: min(9rem, 25cqi);
  }
  .unreadable {
    padding: var(--o-2) var(--o-3);
    border-block-end: 1px solid var(--o-line);
  }
  .group + .group {
    margin-block-start: var(--o-3);
  }
  .group-head {
    flex-wrap: nowrap;
    justify-content: space-between;
    min-block-size: var(--o-control);
    padding-inline: var(--o-3);
    background: var(--o-raised);
    border-block-start: 1px solid var(--o-line);
  }
  .group-head h3 {
    display: flex;
    align-items: baseline;
    gap: var(--o-1);
    min-inline-size: 0;
    font-size: var(--o-s);
  }
  .group-head .muted {
    font-weight: 400;
  }
  .group-head button {
    flex: none;
  }
  @media (pointer: coarse) {
    .item {
      grid-template-columns: 2.5rem minmax(0, 1fr);
      padding-block: var(--o-2);
    }
    .picker {
      inline-size: 1.25rem;
      block-size: 1.25rem;
    }
  }
`;

/** Stays in sight below the list. */
const picked = css`
  .picked {
    position: sticky;
    inset-block-end: 0;
    z-index: 1;
    min-block-size: 3rem;
    padding-block: var(--o-2);
    background: var(--o-surface);
    border-block-start: 1px solid var(--o-line);
    box-shadow: var(--o-shadow);
  }
  .picked .end {
    margin-inline-start: auto;
    flex-wrap: nowrap;
  }
`;

const helping = css`
  dialog {
    inline-size: min(32rem, 100vw - 2rem);
    max-block-size: calc(100dvh - 2rem);
    padding: var(--o-4);
    border: 1px solid var(--o-line);
    border-radius: var(--o-radius);
    color: inherit;
    background: var(--o-surface);
    box-shadow: var(--o-shadow);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 50%);
  }
  dl.help {
    display: grid;
    grid-template-columns: 5rem minmax(0, 1fr);
    gap: var(--o-1) var(--o-3);
  }
  kbd {
    padding-inline: var(--o-1);
    border: 1px solid var(--o-line);
    border-radius: 4px;
    background: var(--o-raised);
    font: inherit;
    font-size: var(--o-xs);
  }
`;

export const approvalsStyles = [pieceStyles, oneLineStyles, head, pages, rows, picked, helping];
