import { css } from "lit";

export const batchStyles = css`
  .top {
    display: grid;
    gap: 0.25rem;
  }
  .top .buttons {
    flex: none;
    gap: 0.5rem;
  }
  .hint:empty {
    display: none;
  }
  .plain-exact,
  .digest code,
  .tail {
    font-family: var(--o-mono);
    font-size: 0.96em;
  }
  .grid .plain-exact,
  .hash {
    font-size: var(--o-s);
  }
  .plain-list {
    list-style: none;
    padding: 0;
  }
  .panel {
    padding: 0.75rem 1rem;
  }
  /* As many columns as there is room for. */
  .grid {
    display: grid;
    gap: 0.25rem 1.5rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .grid > div {
    display: grid;
    gap: 0 0.75rem;
    grid-template-columns: 7rem minmax(0, 1fr);
    align-items: baseline;
    min-inline-size: 0;
  }
  .grid dt {
    color: var(--o-muted);
    font-size: var(--o-s);
  }
  .grid dd {
    grid-column: 2;
    min-inline-size: 0;
  }
  .grid .state {
    white-space: normal;
  }
  .grid .notice {
    margin-block: 0.25rem;
  }
  .rows {
    list-style: none;
    border: 1px solid var(--o-line);
    border-radius: var(--o-radius);
    background: var(--o-surface);
  }
  .request {
    padding: 0.5rem 0.75rem;
    border-block-end: 1px solid var(--o-line);
    content-visibility: auto;
    contain-intrinsic-block-size: auto 5rem;
  }
  .request:last-child {
    border-block-end: 0;
  }
  .request.out {
    color: var(--o-muted);
  }
  .request[data-block]:not([data-block=""], .out) {
    background: var(--o-raised);
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.125rem 0.625rem;
  }
  .version {
    font-variant-numeric: tabular-nums;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.25rem;
    margin-inline-start: auto;
  }
  .actions button.small {
    padding-inline: 0.375rem;
    font-size: var(--o-xs);
  }
  .digest {
    color: var(--o-muted);
  }
  .digest .end {
    color: var(--o-text);
    font-weight: 600;
  }
  .own {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 1rem;
    list-style: none;
    font-size: var(--o-xs);
  }
  .own > li {
    min-inline-size: 0;
  }
  .unusual {
    color: var(--o-warn);
    font-weight: 600;
  }
  .unusual .muted {
    color: inherit;
    font-weight: 400;
  }
  .fields {
    margin-block: 0.5rem 0.25rem;
    padding: 0.75rem;
    background: var(--o-raised);
    border: 1px solid var(--o-line);
    border-radius: var(--o-radius);
    font-size: var(--o-s);
  }
  .fields dl.facts {
    grid-template-columns: 7rem minmax(0, 1fr);
    gap: var(--o-1) var(--o-3);
  }
  .fields dl.facts dd {
    margin: 0;
  }
  .fields pre {
    background: var(--o-surface);
  }
  .outlook,
  .reasons {
    list-style: none;
    padding: 0;
  }
  .hash {
    overflow-wrap: anywhere;
  }
  /* It stays in sight, above whatever is below it on the page. */
  .bar {
    position: sticky;
    inset-block-end: 0;
    z-index: 1;
    display: grid;
    gap: 0.25rem;
    margin-block-start: 1rem;
    padding: 0.625rem 0.75rem;
    background: var(--o-surface);
    border: 1px solid var(--o-border);
    border-radius: var(--o-radius);
    box-shadow: var(--o-shadow);
  }
  .bar > button {
    justify-self: start;
  }
  .bar textarea {
    min-block-size: 3rem;
    max-block-size: 7rem;
  }
  .act {
    display: grid;
    gap: 0.375rem 0.75rem;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
  }
  .named-act {
    grid-column: 1 / -1;
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 0.75rem;
  }
  .named-act label {
    font-size: var(--o-s);
  }
  .tail {
    display: flex;
    gap: 0.75rem;
    font-size: var(--o-m);
    letter-spacing: 0.06em;
    user-select: none;
  }
  .tail mark {
    padding: 0 0.25rem;
    color: inherit;
    font-weight: 700;
    background: var(--o-surface);
    border-radius: 3px;
    box-shadow: 0 0 0 2px var(--o-accent);
  }
  #words {
    font-family: var(--o-mono);
    letter-spacing: 0.06em;
  }
  .others {
    grid-column: 1 / -1;
    display: flex;
    justify-content: space-between;
    gap: 0.5rem;
  }
  .bar p:empty,
  .bar .hint:empty {
    display: none;
  }
  progress {
    inline-size: 100%;
    accent-color: var(--o-accent);
  }
  @container (max-width: 30rem) {
    h2 {
      font-size: var(--o-l);
    }
    .top .between {
      flex-wrap: nowrap;
    }
    .act #decide {
      padding-inline: 0.75rem;
    }
  }
  /* Beside the button, a person would not see what they type. */
  @container (max-width: 22rem) {
    .act {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @container (min-width: 44rem) {
    .grid {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    .act {
      grid-template-columns: minmax(0, 1fr) 11rem auto auto;
    }
    .named-act,
    .others {
      grid-column: auto;
    }
    .others {
      justify-content: end;
    }
  }
  @container (min-width: 80rem) {
    .grid {
      grid-template-columns: repeat(3, minmax(0, 1fr));
    }
  }
  /* It would cover most of a low window, such as one that is enlarged. */
  @media (max-height: 30rem) {
    .bar {
      position: static;
    }
  }
  @media (forced-colors: active) {
    .tail mark {
      outline: 2px solid;
    }
    #decide[aria-disabled="true"] {
      color: GrayText;
    }
  }
  @media print {
    .bar,
    .actions,
    .top .buttons {
      display: none !important;
    }
    .request {
      content-visibility: visible;
      break-inside: avoid;
    }
  }
`;
