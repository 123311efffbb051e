import { css } from "lit";

export const signingStyles = css`
  h2 {
    font-size: 1.375em;
  }
  h4 {
    margin: 0;
    font-size: 0.9375em;
  }
  .columns {
    display: grid;
    gap: 1rem;
    grid-template-columns: minmax(0, 1fr);
    align-items: start;
  }
  .pair {
    display: grid;
    gap: 0.75rem 1rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .pair > div {
    min-inline-size: 0;
    padding: 0.5rem 0.75rem;
    background: var(--o-raised);
    border: 1px solid var(--o-line);
    border-radius: var(--o-radius);
    color: var(--o-text);
  }
  .notice dl.facts dt {
    color: inherit;
  }
  .changes {
    list-style: none;
    padding: 0;
    color: var(--o-text);
  }
  .plain-list {
    list-style: none;
    padding: 0;
  }
  strong .small {
    font-weight: 400;
  }
  .group {
    display: flex;
    gap: 0.375rem;
  }
  .tight-list .plain-list {
    gap: 0.25rem;
  }
  .digest {
    display: block;
    padding: 0.625rem 0.75rem;
    font-size: 1.125em;
    line-height: 1.9;
    letter-spacing: 0.02em;
    overflow-wrap: normal;
    background: var(--o-raised);
    border: 1px solid var(--o-border);
    border-radius: var(--o-radius);
    user-select: all;
  }
  .digest span {
    margin-inline-end: 0.5ch;
  }
  /* It has a line of its own. A margin, since a box of its own would be copied as a line break. */
  .digest span:first-child {
    margin-inline-end: calc(100% - 8ch);
  }
  .digest .tail {
    padding: 0.125rem 0.25rem;
    font-weight: 700;
    background: var(--o-surface);
    border-radius: 3px;
    box-shadow: 0 0 0 2px var(--o-accent);
  }
  /* What a service says in place of a code may be long. */
  .state:has(ocisign-text) {
    white-space: normal;
  }
  table {
    inline-size: 100%;
    border-collapse: collapse;
    text-align: start;
  }
  th,
  td {
    padding: 0.25rem 0.5rem;
    border-block-end: 1px solid var(--o-line);
    text-align: start;
    vertical-align: top;
    font-weight: 400;
  }
  tr > :first-child {
    padding-inline-start: 0;
  }
  thead th {
    color: var(--o-muted);
    font-size: 0.875em;
  }
  tbody th {
    inline-size: 30%;
  }
  blockquote {
    margin: 0.25rem 0 0;
    padding-inline-start: 0.75rem;
    border-inline-start: 3px solid var(--o-line);
  }
  /* What happened hangs on one line, from the first to the last. */
  [part="timeline"] .plain-list {
    gap: 0;
  }
  [part="timeline"] .plain-list > li {
    position: relative;
    margin-inline-start: 0.375rem;
    padding-inline-start: 1.125rem;
    padding-block-end: 0.875rem;
    border-inline-start: 2px solid var(--o-line);
  }
  [part="timeline"] .plain-list > li:last-child {
    padding-block-end: 0;
  }
  [part="timeline"] .plain-list > li::before {
    content: "";
    position: absolute;
    inset-block-start: 0.5rem;
    inset-inline-start: -6px;
    inline-size: 10px;
    block-size: 10px;
    border-radius: 50%;
    background: var(--o-border);
  }
  form ul {
    padding-inline-start: 1.25rem;
  }
  #approve {
    min-block-size: 3rem;
    overflow-wrap: anywhere;
  }
  #tail {
    font-family: var(--o-mono);
    letter-spacing: 0.06em;
  }
  form + .to-rejection {
    padding-block-start: 0.75rem;
    border-block-start: 1px solid var(--o-line);
  }
  /* Four groups in a line, each under another. */
  @container (min-width: 32rem) {
    .digest {
      max-inline-size: 47ch;
      padding-inline-start: calc(0.75rem + 7.5ch);
      text-indent: -7.5ch;
    }
    .digest span:first-child {
      margin-inline-end: 0.5ch;
    }
    .pair {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
  @container (min-width: 64rem) {
    .columns {
      grid-template-columns: minmax(0, 1.7fr) minmax(20rem, 1fr);
    }
    .columns > :last-child dl.facts {
      grid-template-columns: minmax(0, 1fr);
      gap: 0.125rem;
    }
    .columns > :last-child dl.facts dd {
      margin-block-end: 0.375rem;
    }
  }
  @media (forced-colors: active) {
    .digest .tail {
      outline: 2px solid;
    }
    #approve[aria-disabled="true"] {
      color: GrayText;
    }
  }
  @media print {
    button,
    form,
    .live,
    .to-rejection {
      display: none !important;
    }
    .columns {
      display: block;
    }
    .panel {
      break-inside: avoid;
      margin-block-end: 1rem;
    }
  }
`;
