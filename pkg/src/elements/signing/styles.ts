import { css } from "lit";

/** A request as a whole: a head, two columns where there is room, and the bar. */
const layout = css`
  .desk {
    /* How much of the room the bar may take: what gets the focus stays above it. */
    --o-bar: 10rem;
    display: grid;
    gap: 0.75rem;
    grid-template-columns: minmax(0, 1fr);
    font-size: 0.875em;
    line-height: 1.45;
  }
  .desk :is(button, summary, a, input, textarea, h2, h3, [tabindex]) {
    scroll-margin-block: 0.5rem var(--o-bar);
  }
  .desk .bar * {
    scroll-margin-block: 0;
  }
  h2 {
    font-size: 1.375em;
    line-height: 1.25;
  }
  h3,
  .heading {
    font-size: 1em;
    font-weight: 650;
    line-height: 1.45;
  }
  h4 {
    margin: 0;
    font-size: 1em;
  }
  .small,
  .hint,
  dl.facts dt {
    font-size: 0.9286em;
  }
  .sheet,
  .side {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    gap: 0.625rem;
  }
  .part {
    padding-block-start: 0.625rem;
    border-block-start: 1px solid var(--o-line);
  }
  .row.tight {
    gap: 0.125rem 0.5rem;
    align-items: baseline;
  }
  .title {
    display: flex;
    flex-wrap: wrap;
    align-items: start;
    justify-content: space-between;
    gap: 0.25rem 1rem;
  }
  .title h2 {
    flex: 1 1 12rem;
    min-inline-size: 0;
  }
  /* One thing after another, with a dot between. */
  .dots > :not(:last-child)::after {
    content: "·";
    margin-inline: 0.375rem;
    color: var(--o-muted);
  }
  .version {
    color: var(--o-text);
    font-weight: 600;
  }
  dl.facts,
  dl.facts:not(.inner) {
    gap: 0.125rem 0.75rem;
  }
  dl.facts dd {
    margin-block-end: 0.375rem;
  }
  .copies {
    display: inline-flex;
    gap: 0.375rem;
  }
  .desk button.small {
    min-block-size: 1.5rem;
    padding-block: 0;
    font-size: 0.8571em;
  }
  .plain-list {
    list-style: none;
    padding: 0;
  }
  .stack.tight.plain-list {
    gap: 0.125rem;
  }
  .in-row .plain-list {
    display: flex;
    flex-wrap: wrap;
    gap: 0.125rem 1rem;
  }
  blockquote {
    margin: 0.125rem 0 0;
    padding-inline-start: 0.75rem;
    border-inline-start: 3px solid var(--o-line);
  }
  .notice {
    padding: 0.375rem 0.75rem;
  }
  .notice dl.facts dt {
    color: inherit;
  }
  .pair {
    display: grid;
    gap: 0.5rem 0.75rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .pair > div {
    min-inline-size: 0;
    padding: 0.375rem 0.625rem;
    background: var(--o-raised);
    border: 1px solid var(--o-line);
    border-radius: var(--o-radius);
    color: var(--o-text);
  }
  .changes {
    list-style: none;
    padding: 0;
    color: var(--o-text);
  }
  details > :not(summary) {
    margin-block: 0.25rem 0.5rem;
  }
  summary {
    padding-block: 0.0625rem;
    inline-size: fit-content;
    color: var(--o-muted);
  }
  summary:hover {
    color: var(--o-text);
  }
  .folds {
    display: grid;
    gap: 0.25rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .side > .folds {
    padding-block-start: 0.5rem;
    border-block-start: 1px solid var(--o-line);
  }
  .recipe pre {
    margin: 0;
    padding: 0.5rem 0.625rem;
  }
  .leads {
    white-space: nowrap;
    font-size: 0.9286em;
  }
  @container (min-width: 34rem) {
    dl.facts:not(.inner) {
      grid-template-columns: 8.5rem minmax(0, 1fr);
    }
    dl.facts dd {
      margin-block-end: 0;
    }
    dl.facts.pairs:not(.inner) {
      grid-template-columns: 8.5rem minmax(0, 1fr) auto minmax(0, 1fr);
    }
    .pairs .first {
      grid-column-start: 1;
    }
    .pairs .wide {
      grid-column: 2 / -1;
    }
    .line {
      display: grid;
      grid-template-columns: 8.5rem minmax(0, 1fr);
      gap: 0.75rem;
    }
    .pair {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
  @container (min-width: 68rem) {
    .sheet {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      gap: 0.625rem 2rem;
    }
  }
`;

/** What the requester wrote beside the image, in a frame of its own. */
const metadata = css`
  .metadata {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr));
    grid-auto-flow: dense;
    gap: 0.125rem 1rem;
    padding: 0.25rem 0.625rem;
    background: var(--o-raised);
    border: 1px solid var(--o-line);
    border-radius: var(--o-radius);
  }
  .metadata > div {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.75rem;
    min-inline-size: 0;
  }
  .metadata .wide {
    grid-column: 1 / -1;
  }
  dl.metadata dt {
    color: var(--o-muted);
    min-inline-size: 5rem;
    max-inline-size: 100%;
  }
  dl.metadata dd {
    flex: 1 1 8rem;
    min-inline-size: 0;
  }
`;

const digest = css`
  .whole {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem 0.75rem;
  }
  .digest {
    display: block;
    padding: 0.25rem 0.625rem;
    font-size: 1.0714em;
    line-height: 1.65;
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
  .digest .tail,
  .end {
    padding: 0.0625rem 0.25rem;
    font-weight: 700;
    background: var(--o-surface);
    border-radius: 3px;
    box-shadow: 0 0 0 2px var(--o-accent);
  }
  /* Four groups in a line, each under another. */
  @container (min-width: 32rem) {
    .digest {
      inline-size: 49ch;
      max-inline-size: 100%;
      padding-inline-start: calc(0.625rem + 7.5ch);
      text-indent: -7.5ch;
    }
    .digest span:first-child {
      margin-inline-end: 0.5ch;
    }
  }
`;

const timeline = css`
  /* What a service says in place of a code may be long. */
  .state:has(ocisign-text) {
    white-space: normal;
  }
  /* What happened hangs on one line, from the first to the last. */
  [part="timeline"] .plain-list {
    gap: 0;
  }
  [part="timeline"] .plain-list > li {
    position: relative;
    margin-inline-start: 0.375rem;
    padding-inline-start: 1.125rem;
    padding-block-end: 0.5rem;
    border-inline-start: 2px solid var(--o-line);
  }
  [part="timeline"] .plain-list > li:last-child {
    padding-block-end: 0;
  }
  [part="timeline"] .plain-list > li::before {
    content: "";
    position: absolute;
    inset-block-start: 0.375rem;
    inset-inline-start: -6px;
    inline-size: 10px;
    block-size: 10px;
    border-radius: 50%;
    background: var(--o-border);
  }
`;

const bar = css`
  .bar {
    position: sticky;
    inset-block-end: 0;
    z-index: 1;
    display: grid;
    gap: 0.5rem;
    grid-template-columns: minmax(0, 1fr);
    max-block-size: 75dvh;
    overflow: auto;
    padding: 0.5rem 0.25rem 0.625rem;
    background: var(--o-surface);
    border-block-start: 1px solid var(--o-border);
    box-shadow: 0 -6px 12px -10px light-dark(#00000066, #000);
  }
  /* In so little room it would hide what it is about. */
  @media (max-height: 30rem) {
    .bar {
      position: static;
      max-block-size: none;
      box-shadow: none;
    }
    .desk {
      --o-bar: 0.5rem;
    }
  }
  .about {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.125rem 0.75rem;
  }
  .about .which {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    min-inline-size: 0;
    max-inline-size: 100%;
  }
  .about .repository {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .about .then {
    flex: 1 1 10rem;
    color: var(--o-muted);
  }
  .about .then > [data-leaves] {
    color: var(--o-text);
  }
  .moves {
    display: inline-flex;
    gap: 0.25rem;
    margin-inline-start: auto;
  }
  .desk .moves button.small {
    min-inline-size: 1.75rem;
    min-block-size: 1.75rem;
    padding-inline: 0.25rem;
    font-size: 1em;
    line-height: 1;
  }
  .act {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 0.375rem 0.75rem;
  }
  .act .field {
    display: grid;
    gap: 0.125rem;
  }
  .act .field.tail {
    flex: 0 1 17rem;
  }
  .act .field.comment {
    flex: 1 1 12rem;
  }
  .act label {
    font-size: 0.8571em;
  }
  .act .buttons {
    display: flex;
    justify-content: end;
    gap: 0.5rem;
    max-inline-size: 100%;
    margin-inline-start: auto;
  }
  .act .whole-row,
  .act > p {
    flex: 1 0 100%;
  }
  .act > .unseen {
    flex: none;
  }
  .bar button {
    min-block-size: 2.25rem;
    padding-inline: 0.75rem;
    white-space: nowrap;
  }
  .bar input,
  .bar textarea {
    min-block-size: 2.25rem;
    padding-block: 0.25rem;
  }
  .bar textarea {
    max-block-size: 10rem;
  }
  .bar .row.between > p {
    flex: 1 1 12rem;
  }
  #not-ready ul {
    display: inline;
    list-style: none;
    padding: 0;
  }
  #not-ready li {
    display: inline;
  }
  #tail {
    font-family: var(--o-mono);
    letter-spacing: 0.06em;
  }
  @container (max-width: 33.99rem) {
    .desk {
      --o-bar: 15rem;
    }
    .act .field.tail {
      flex: 1 1 12rem;
    }
    .act .buttons {
      flex: 1 1 100%;
    }
    .about .which {
      flex: 1 1 0;
    }
    .about .then {
      order: 1;
      flex: 1 1 100%;
    }
    .about .then:not(:has(*)) {
      flex-basis: auto;
    }
    .act #approve {
      flex: 1 1 auto;
    }
    .about .more {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .digest .tail,
    .end {
      outline: 2px solid;
    }
    #approve[aria-disabled="true"] {
      color: GrayText;
    }
  }
`;

/** On paper: everything, unfolded, and nothing to press. */
const print = css`
  @media print {
    button,
    form,
    .live,
    .moves,
    .leads,
    summary {
      display: none !important;
    }
    .sheet {
      grid-template-columns: minmax(0, 1fr) !important;
    }
    .bar {
      position: static;
      max-block-size: none;
      overflow: visible;
      box-shadow: none;
    }
    pre {
      max-block-size: none;
    }
    .part,
    .recipe,
    .folds > * {
      break-inside: avoid-page;
    }
  }
`;

export const signingStyles = [layout, metadata, digest, timeline, bar, print];
