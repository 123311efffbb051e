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
    gap: 0.25rem;
    grid-template-columns: minmax(0, 1fr);
  }
  button.small.plain {
    padding-inline: 0.25rem;
  }
  textarea#artifact {
    font-family: var(--o-mono);
    font-size: 0.92em;
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
    margin-block-end: 0.75rem;
  }
  textarea.list {
    max-block-size: 14rem;
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
  /* As the facts above it. */
  @container (min-width: 40rem) {
    [part="registry"] dl.facts.inner {
      grid-template-columns: 11rem minmax(0, 1fr);
      gap: 0.5rem 1rem;
    }
  }
`;
