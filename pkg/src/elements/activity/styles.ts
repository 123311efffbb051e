import { css } from "lit";

export const activityStyles = css`
  .figures {
    display: grid;
    gap: 1rem;
    grid-template-columns: minmax(0, 1fr);
  }
  @container (min-width: 48rem) {
    .figures {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
  .choices label {
    font-weight: 400;
  }
  .choices select {
    inline-size: auto;
    max-inline-size: min(20rem, 60cqi);
    min-block-size: 2rem;
  }
  svg {
    inline-size: 100%;
    block-size: auto;
    font: 11px var(--o-font);
    fill: var(--o-text);
  }
  /* It is drawn smaller there. */
  @container (max-width: 30rem) {
    svg {
      font-size: 17px;
    }
  }
  .axis {
    stroke: var(--o-line);
  }
  text {
    text-anchor: middle;
  }
  .date {
    fill: var(--o-muted);
  }
  rect.signed,
  rect.wait,
  .swatch.signed {
    fill: var(--o-accent);
    background: var(--o-accent);
  }
  rect.rejected,
  .swatch.rejected {
    fill: var(--o-bad);
    background: var(--o-bad);
  }
  /* Not by colour alone. */
  rect.failed,
  .swatch.failed {
    fill: var(--o-bad-surface);
    background: var(--o-bad-surface);
    stroke: var(--o-bad);
    outline: 1px solid var(--o-bad);
  }
  .swatch {
    display: inline-block;
    inline-size: 0.75em;
    block-size: 0.75em;
    margin-inline-end: 0.375em;
  }
  .legend,
  .plain-list {
    list-style: none;
  }
  .wide {
    overflow-x: auto;
  }
  table {
    inline-size: 100%;
    border-collapse: collapse;
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 0.25rem 0.75rem 0.25rem 0;
    border-block-end: 1px solid var(--o-line);
    text-align: end;
    white-space: nowrap;
  }
  th:first-child {
    text-align: start;
    white-space: normal;
    min-inline-size: 6rem;
  }
  thead th {
    color: var(--o-muted);
    font-weight: 600;
  }
  .deed {
    gap: 0.25rem 0.5rem;
  }
  .deed .what {
    text-align: start;
    padding-inline: 0;
  }
  blockquote {
    margin: 0;
    padding-inline-start: 0.75rem;
    border-inline-start: 3px solid var(--o-line);
  }
  @media (forced-colors: active) {
    rect {
      stroke: CanvasText;
    }
  }
`;
