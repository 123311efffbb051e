import { css } from "lit";

const choices = css`
  .header h2 {
    margin-inline-end: auto;
  }
  /* As high whatever it says: what comes and goes here by itself must not move the list below. */
  .status {
    min-block-size: 1.75rem;
  }
  .status.news {
    font-weight: 600;
  }
  .choices {
    justify-content: space-between;
  }
  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem;
    min-inline-size: 0;
    border: 0;
  }
  .pill {
    position: relative;
    display: inline-flex;
    align-items: center;
    gap: 0.375rem;
    min-block-size: 2.25rem;
    padding: 0.25rem 0.75rem;
    border: 1px solid var(--o-line);
    border-radius: 999px;
    cursor: pointer;
    font-weight: 400;
  }
  .pill:hover {
    background: var(--o-raised);
  }
  .pill:has(:checked) {
    border-color: var(--o-accent);
    background: var(--o-accent);
    color: var(--o-on-accent);
    font-weight: 600;
  }
  .pill:has(:focus-visible) {
    outline: 3px solid var(--o-focus);
    outline-offset: 2px;
  }
  .pill input {
    position: absolute;
    inset: 0;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  .count {
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
  }
  .unreadable p {
    margin: 0;
  }
  .search,
  .sort {
    display: flex;
    align-items: center;
    gap: 0.5rem;
  }
  .search {
    flex: 1 1 18rem;
    max-inline-size: 32rem;
  }
  .search label,
  .sort label {
    white-space: nowrap;
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
  }
  .range {
    color: var(--o-muted);
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
    line-height: 2rem;
  }
  .steps {
    gap: 0.25rem 0.375rem;
  }
  .step {
    min-block-size: 2rem;
    min-inline-size: 2.25rem;
    padding: 0;
    font-size: 1.125em;
    line-height: 1;
  }
  .lead {
    font-weight: 600;
  }
  .empty {
    padding-block: 2rem;
    text-align: center;
    justify-items: center;
  }
  .empty .row {
    justify-content: center;
  }
`;

const rows = css`
  table {
    inline-size: 100%;
    border-collapse: collapse;
    table-layout: fixed;
    font-size: 0.9375em;
    line-height: 1.4;
  }
  th,
  td {
    padding: 0.5rem 0.625rem;
    text-align: start;
    vertical-align: top;
    font-weight: 400;
  }
  thead th {
    padding-block: 0.25rem;
    border-block-end: 2px solid var(--o-line);
    color: var(--o-muted);
    font-size: 0.875em;
    font-weight: 600;
    line-height: 1.75rem;
  }
  thead button.plain {
    justify-content: start;
    gap: 0.25rem;
    margin-inline: -0.375rem;
    min-block-size: 1.75rem;
    padding: 0 0.375rem;
    color: inherit;
    line-height: inherit;
    overflow-wrap: normal;
  }
  [aria-sort] button.plain {
    color: var(--o-text);
  }
  .arrow {
    font-size: 0.75em;
  }
  td .state {
    white-space: normal;
  }
  tbody tr {
    border-block-end: 1px solid var(--o-line);
    cursor: pointer;
  }
  tbody tr:hover {
    background: var(--o-raised);
  }
  tbody tr.current {
    background: var(--o-raised);
    box-shadow: inset 4px 0 0 var(--o-accent);
  }
  td .label {
    display: none;
  }
  .open {
    display: inline;
    padding: 0;
    border: 0;
    min-block-size: 1.5rem;
    font-weight: 600;
    text-align: start;
    text-decoration: none;
  }
  tr:hover .open {
    text-decoration: underline;
  }
  .digest {
    display: block;
    color: var(--o-muted);
    font-size: 0.875em;
  }
  .yes {
    color: var(--o-good);
    font-weight: 600;
  }
  .sort {
    display: none;
  }
`;

/** Widths and places of a table. */
const table = css`
  @container (min-width: 68.001rem) {
    .in-artifact {
      inline-size: 25%;
    }
    .in-product,
    .in-requester,
    .in-you {
      inline-size: 10%;
    }
    /* The longest of them on one line. */
    .in-age {
      inline-size: 8.25rem;
    }
    .in-state {
      inline-size: 13.5rem;
    }
  }
`;

/** Each row is a card. */
const cards = css`
  @container (max-width: 68rem) {
    .sort {
      display: flex;
    }
    .header .status {
      order: 1;
      flex-basis: 100%;
    }
    .search {
      max-inline-size: none;
    }
    table,
    tbody {
      display: block;
    }
    thead {
      display: none;
    }
    tbody {
      display: grid;
      gap: 0.5rem;
    }
    tbody + tbody {
      margin-block-start: 0.5rem;
    }
    tbody tr {
      display: grid;
      grid-template-columns: auto minmax(4rem, 1fr);
      gap: 0.25rem 0.75rem;
      padding: 0.75rem;
      border: 1px solid var(--o-line);
      border-radius: var(--o-radius);
    }
    tbody tr > * {
      display: block;
      inline-size: auto;
      padding: 0;
    }
    tbody .in-artifact,
    tbody .in-reason,
    tbody .in-product,
    tbody .in-requester,
    tbody .in-you {
      grid-column: 1 / -1;
    }
    tbody .unreadable td {
      grid-column: 1 / -1;
    }
    tbody .in-state {
      order: -2;
    }
    tbody .in-age {
      order: -1;
      text-align: end;
    }
    td.in-product,
    td.in-requester,
    td.in-reason,
    td.in-you {
      display: grid;
      grid-template-columns: 5.5rem minmax(0, 1fr);
    }
    td.in-product .label,
    td.in-requester .label,
    td.in-reason .label,
    td.in-you .label {
      display: inline;
      color: var(--o-muted);
      font-size: 0.875em;
      font-weight: 400;
    }
    td.in-you:empty {
      display: none;
    }
  }
  @container (min-width: 36rem) and (max-width: 68rem) {
    tbody tr {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    tbody tr td[role="cell"] {
      grid-column: auto;
    }
    tbody tr.unreadable td[role="cell"] {
      grid-column: 1 / -1;
    }
  }
`;

export const approvalsStyles = [choices, pages, rows, table, cards];
