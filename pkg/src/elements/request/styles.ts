import { css } from "lit";

export const requestStyles = css`
  [hidden] {
    display: none !important;
  }
  form,
  fieldset {
    min-inline-size: 0;
    border: 0;
  }
  .field {
    display: grid;
    gap: var(--o-1);
    grid-template-columns: minmax(0, 1fr);
  }
  form.stack,
  fieldset.stack,
  .columns > .stack {
    gap: var(--o-3);
  }
  button.small.plain {
    padding-inline: 0.25rem;
  }
  textarea#artifact {
    font-family: var(--o-mono);
    font-size: 0.92em;
    line-height: 1.5;
    min-block-size: 3.5rem;
    overflow-wrap: anywhere;
  }
  textarea.short {
    min-block-size: 3.5rem;
  }
  legend {
    padding: 0;
  }
  legend > h3 {
    margin-block-end: var(--o-2);
  }
  textarea#artifact.list {
    max-block-size: 14rem;
    white-space: pre;
    overflow-wrap: normal;
    overflow: auto;
  }
  /* A line of the list is a line of the field, and its number stands beside it. */
  .numbered {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: var(--o-1);
  }
  .line-numbers {
    position: relative;
    overflow: hidden;
    min-inline-size: 2.5rem;
    color: var(--o-muted);
    font-family: var(--o-mono);
    font-size: var(--o-xs);
    text-align: end;
  }
  .line-numbers > span {
    display: block;
    block-size: var(--line-height);
    line-height: var(--line-height);
    translate: 0 var(--first-line);
  }
  .line-numbers > .bad {
    color: var(--o-bad);
    font-weight: 700;
  }
  .line-numbers > .bad::before {
    content: "✕ ";
  }
  /* What approvers read stands beside what is signed, where there is room for both. */
  .columns {
    display: grid;
    gap: var(--o-4) var(--o-6);
    grid-template-columns: minmax(0, 1fr);
    align-items: start;
  }
  @container (min-width: 52rem) {
    .columns {
      grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
    }
  }
  label.row {
    flex-wrap: nowrap;
    align-items: start;
    font-weight: 400;
  }
  label.row > input {
    flex: none;
    margin-block-start: 0.25em;
  }
  .send {
    padding-block-start: var(--o-3);
    border-block-start: 1px solid var(--o-line);
  }
  .scroll {
    max-block-size: 22rem;
    overflow: auto;
    padding: 0.75rem;
    border: 1px solid var(--o-line);
    border-radius: var(--o-radius);
  }
  dl.aside {
    display: flex;
    flex-wrap: wrap;
    gap: 0.125rem 1.25rem;
  }
  dl.aside > div {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.375rem;
    max-inline-size: 100%;
  }
  dl.aside dt {
    color: var(--o-muted);
  }
  dl.aside dd {
    min-inline-size: 0;
  }
  .plain-list {
    list-style: none;
    margin: 0;
    padding: 0;
    gap: 0.5rem;
  }
  .plain-list > li:focus {
    outline: none;
  }
  .line {
    display: grid;
    gap: 0 0.75rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .line .number {
    color: var(--o-muted);
    font-size: 0.875em;
  }
  .plain-list > li + li {
    padding-block-start: 0.5rem;
    border-block-start: 1px solid var(--o-line);
  }
  .metadata-row {
    display: grid;
    gap: 0.375rem 0.5rem;
    align-items: center;
    grid-template-columns: minmax(0, 1fr) auto;
  }
  .metadata-row input {
    grid-column: 1 / -1;
  }
  .metadata-row button {
    justify-self: start;
  }
  .metadata-row p {
    grid-column: 1 / -1;
  }
  progress {
    flex: 1 1 12rem;
    block-size: 0.75rem;
    accent-color: var(--o-accent);
  }
  @container (min-width: 36rem) {
    .line {
      grid-template-columns: 5.5rem minmax(0, 1fr);
    }
    .metadata-row {
      grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) auto;
    }
    .metadata-row input {
      grid-column: auto;
    }
  }
`;
