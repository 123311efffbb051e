import { css } from "lit";

export const changesStyles = css`
  .changes {
    display: grid;
    gap: var(--o-1);
    grid-template-columns: minmax(0, 1fr);
    padding: var(--o-2) var(--o-3);
    background: var(--o-surface);
    border: 1px solid var(--o-line);
    border-inline-start: 4px solid var(--o-accent);
    border-radius: var(--o-radius);
  }
  .changes.brief {
    padding: 0;
    border: 0;
    background: none;
    font-size: var(--o-xs);
  }
  .changes[data-trust="none"]:not(.brief) {
    border-color: var(--o-warn);
  }
  h2 {
    display: inline;
    font-size: var(--o-m);
    line-height: 1.45;
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 var(--o-2);
  }
  .with {
    flex: 1 1 16rem;
    color: var(--o-muted);
    font-size: var(--o-s);
    min-inline-size: 0;
  }
  .with > :not(:last-child)::after {
    content: "·";
    margin-inline: 0.375rem;
  }
  .with code {
    white-space: nowrap;
  }
  .summary {
    font-weight: 600;
  }
  .brief .summary {
    font-weight: 400;
  }
  .noticed {
    display: grid;
    gap: 0.125rem;
    list-style: none;
    padding: var(--o-1) var(--o-2);
    background: var(--o-warn-surface);
    border-radius: var(--o-radius);
    color: var(--o-warn);
  }
  .brief .noticed {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--o-3);
    padding: 0;
    background: none;
  }
  .noticed li {
    min-inline-size: 0;
  }
  .noticed ocisign-text,
  .noticed time {
    color: var(--o-text);
  }
  .ways {
    display: flex;
    flex-wrap: wrap;
    align-items: start;
    gap: 0 var(--o-3);
  }
  .alone {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--o-2);
    padding-block: 0.125rem;
    font-size: var(--o-s);
  }
  .dots > :not(:last-child)::after {
    content: "·";
    margin-inline: 0.375rem;
    color: var(--o-muted);
  }
  .ways > details {
    min-inline-size: 0;
  }
  .ways > details[open] {
    flex: 1 1 100%;
  }
  summary {
    inline-size: fit-content;
    padding-block: 0.125rem;
    color: var(--o-muted);
  }
  summary:hover {
    color: var(--o-text);
  }
  .ways > details > summary,
  .ways > button.small {
    font-size: var(--o-s);
  }
  .ways > button.small {
    padding-inline: 0;
  }
  .parts {
    display: grid;
    gap: 0.125rem;
    grid-template-columns: minmax(0, 1fr);
    margin-block: var(--o-1);
  }
  .parts summary strong {
    color: var(--o-text);
  }
  .plain-list {
    list-style: none;
    padding: 0;
  }
  .plain-exact {
    font-family: var(--o-mono);
    font-size: 0.96em;
  }
  .rows {
    margin-block: var(--o-1) var(--o-2);
    padding-inline-start: var(--o-3);
    border-inline-start: 2px solid var(--o-line);
    font-size: var(--o-s);
  }
  .rows .row {
    align-items: baseline;
    gap: 0 var(--o-2);
  }
  .rows .sides {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 0 var(--o-2);
    padding-inline-start: var(--o-2);
  }
  .rows .sides dt {
    color: var(--o-muted);
  }
  .tag {
    min-inline-size: 4.25rem;
    font-size: var(--o-xs);
    font-weight: 600;
    color: var(--o-muted);
  }
  .tag.added,
  .tag.new {
    color: var(--o-good);
  }
  .tag.changed,
  .tag.moved {
    color: var(--o-accent);
  }
  .tag.removed,
  .tag.gone {
    color: var(--o-bad);
  }
  .tag.unknown {
    color: var(--o-warn);
  }
  .leads {
    white-space: nowrap;
  }
  form {
    display: grid;
    gap: var(--o-1);
    max-inline-size: 46rem;
    margin-block: var(--o-1);
  }
  form .row > textarea {
    flex: 1 1 16rem;
    min-block-size: var(--o-control);
  }
  @media (forced-colors: active) {
    .noticed {
      outline: 1px solid;
    }
  }
  @media print {
    button,
    form,
    .leads {
      display: none !important;
    }
    details::details-content {
      content-visibility: visible !important;
      display: block;
      block-size: auto;
    }
  }
`;
