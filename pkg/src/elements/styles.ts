// What all elements look alike in. Every colour, font and radius is a custom property with our default; a portal sets
// them on the elements or on any ancestor. `light-dark()` follows the portal's own `color-scheme`. What the elements
// draw with are the properties that begin with `--o-`: sizes, distances and colours of their own are for exceptions.
import { css } from "lit";

/** The properties that a portal may set, each with our default. */
const tokens = css`
  .shell {
    --o-font: var(--ocisign-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif);
    --o-mono: var(--ocisign-font-mono, ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, monospace);
    --o-size: var(--ocisign-font-size, 0.875rem);
    /* Five sizes of text: 12, 13, 14, 16 and 20 px, as long as nobody asks for others. */
    --o-xs: calc(var(--o-size) * 12 / 14);
    --o-s: calc(var(--o-size) * 13 / 14);
    --o-m: var(--o-size);
    --o-l: calc(var(--o-size) * 16 / 14);
    --o-xl: calc(var(--o-size) * 20 / 14);
    /* Distances, on a grid of 4 px. */
    --o-1: 0.25rem;
    --o-2: 0.5rem;
    --o-3: 0.75rem;
    --o-4: 1rem;
    --o-6: 1.5rem;
    /* How high a control is; a finger needs more than a pointer does. */
    --o-control: 2rem;
    --o-control-small: 1.5rem;
    --o-radius: var(--ocisign-radius, 6px);
    --o-surface: var(--ocisign-surface, light-dark(#ffffff, #14171c));
    --o-raised: var(--ocisign-raised, light-dark(#f4f6f9, #1d222a));
    --o-text: var(--ocisign-text, light-dark(#16191f, #e8eaee));
    --o-muted: var(--ocisign-muted, light-dark(#525965, #adb5c1));
    --o-line: var(--ocisign-line, light-dark(#cdd3dc, #3b434f));
    --o-border: var(--ocisign-border, light-dark(#727985, #8b94a1));
    --o-accent: var(--ocisign-accent, light-dark(#0b57d0, #8ab4ff));
    --o-on-accent: var(--ocisign-on-accent, light-dark(#ffffff, #0a1830));
    --o-good: var(--ocisign-good, light-dark(#0c6134, #86dba9));
    --o-good-surface: var(--ocisign-good-surface, light-dark(#e6f4eb, #112c1c));
    --o-warn: var(--ocisign-warn, light-dark(#704400, #f4ca7c));
    --o-warn-surface: var(--ocisign-warn-surface, light-dark(#fff2d3, #32260c));
    --o-bad: var(--ocisign-bad, light-dark(#a8201a, #ffb4ab));
    --o-bad-surface: var(--ocisign-bad-surface, light-dark(#fdebe9, #3a1613));
    --o-focus: var(--ocisign-focus, light-dark(#0b57d0, #b9d2ff));
    /* What is chosen or open, behind text of any of these colours. */
    --o-chosen: color-mix(in srgb, var(--o-accent) 9%, var(--o-surface));
    /* What stands above other things. */
    --o-shadow: 0 4px 16px light-dark(rgb(15 23 42 / 16%), rgb(0 0 0 / 60%));
  }
  @media (pointer: coarse) {
    .shell {
      --o-control: 2.5rem;
      --o-control-small: 2rem;
    }
  }
`;

/**
 * No style of the portal comes in, neither by inheritance nor by rules for every element, but for the properties above.
 * Its rules reach the element itself, which is why there is a shell within.
 */
const isolation = css`
  :host {
    display: block;
  }
  .shell {
    all: initial;
    color-scheme: inherit;
    display: block;
    position: relative;
    container-type: inline-size;
    direction: ltr;
    color: var(--o-text);
    font: 400 var(--o-size) / 1.45 var(--o-font);
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
`;

const text = css`
  h2,
  h3,
  p,
  dl,
  dd,
  ul,
  ol,
  pre,
  figure,
  fieldset {
    margin: 0;
    padding: 0;
  }
  h2 {
    font-size: var(--o-xl);
    line-height: 1.3;
  }
  h3 {
    font-size: var(--o-m);
    line-height: 1.4;
  }
  .shell:focus,
  h2:focus,
  h3:focus {
    outline: none;
  }
  a {
    color: var(--o-accent);
  }
  code,
  pre {
    font-family: var(--o-mono);
    font-size: 0.92em;
  }
  pre {
    white-space: pre-wrap;
    max-block-size: 24rem;
    overflow: auto;
    padding: var(--o-3);
    background: var(--o-raised);
    border: 1px solid var(--o-line);
    border-radius: var(--o-radius);
  }
  .muted {
    color: var(--o-muted);
  }
  /* A name, and the id behind it on one line with it, or below it. */
  .named {
    display: inline-flex;
    flex-wrap: wrap;
    align-items: baseline;
    column-gap: 0.5ch;
    max-inline-size: 100%;
  }
  .small {
    font-size: var(--o-xs);
  }
`;

/** What is for screen readers only. */
export const unseen = css`
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

const layout = css`
  .stack {
    display: grid;
    gap: var(--o-3);
    grid-template-columns: minmax(0, 1fr);
  }
  .stack.tight {
    gap: var(--o-1);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--o-2) var(--o-3);
  }
  .row.between {
    justify-content: space-between;
  }
  .row.between > :first-child {
    flex: 1 1 8rem;
  }
  .copyable {
    display: flex;
    align-items: start;
    gap: 0.75rem;
  }
  .copyable > ocisign-text {
    min-inline-size: 0;
  }
  .copyable > button {
    flex: none;
    margin-block: -0.125rem;
  }
  .panel {
    padding: var(--o-3) var(--o-4);
    background: var(--o-surface);
    border: 1px solid var(--o-line);
    border-radius: var(--o-radius);
  }
  dl.facts {
    display: grid;
    gap: 0.25rem 1rem;
    grid-template-columns: minmax(0, 1fr);
  }
  dl.facts dt {
    color: var(--o-muted);
    font-size: var(--o-s);
  }
  dl.facts dd {
    min-inline-size: 0;
    margin-block-end: 0.5rem;
  }
  dl.facts.inner {
    gap: 0.125rem 0.75rem;
  }
  @container (min-width: 32rem) {
    dl.facts.inner {
      grid-template-columns: 7rem minmax(0, 1fr);
    }
  }
  @container (min-width: 40rem) {
    dl.facts:not(.inner) {
      grid-template-columns: 11rem minmax(0, 1fr);
      gap: 0.5rem 1rem;
    }
    dl.facts dd {
      margin-block-end: 0;
    }
  }
`;

const controls = css`
  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
    border: 1px solid var(--o-border);
    border-radius: var(--o-radius);
    background: var(--o-surface);
    max-inline-size: 100%;
  }
  input:not([type="checkbox"], [type="radio"]),
  select,
  textarea {
    inline-size: 100%;
    min-block-size: var(--o-control);
    padding: var(--o-1) var(--o-2);
  }
  textarea {
    field-sizing: content;
    min-block-size: 4rem;
    max-block-size: 24rem;
    resize: vertical;
  }
  ::placeholder {
    color: var(--o-muted);
    opacity: 1;
  }
  [aria-invalid="true"] {
    border-color: var(--o-bad);
    box-shadow: inset 0 0 0 1px var(--o-bad);
  }
  label,
  .label {
    font-weight: 600;
  }
  .hint {
    color: var(--o-muted);
    font-size: var(--o-xs);
  }
  button,
  a.button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--o-2);
    min-block-size: var(--o-control);
    padding: var(--o-1) var(--o-3);
    cursor: pointer;
    font-weight: 600;
    text-decoration: none;
  }
  button.primary {
    background: var(--o-accent);
    border-color: var(--o-accent);
    color: var(--o-on-accent);
  }
  button.danger {
    border-color: var(--o-bad);
    color: var(--o-bad);
  }
  button.small {
    min-block-size: var(--o-control-small);
    padding: 0 var(--o-2);
    font-size: var(--o-s);
    font-weight: 400;
  }
  button.plain {
    border-color: transparent;
    background: none;
    color: var(--o-accent);
  }
  button:hover:not(:disabled) {
    filter: brightness(0.94);
  }
  /* Not disabled: one can reach it by keyboard and read why it does nothing yet. */
  button[aria-disabled="true"],
  button:disabled {
    background: var(--o-raised);
    border-color: var(--o-line);
    color: var(--o-muted);
    cursor: not-allowed;
  }
  :focus-visible {
    outline: 2px solid var(--o-focus);
    outline-offset: 2px;
  }
  /* A browser on a phone enlarges the page around a field with smaller text. */
  @media (pointer: coarse) {
    input,
    select,
    textarea {
      font-size: max(1rem, var(--o-size));
    }
  }
  summary {
    cursor: pointer;
    padding-block: 0.25rem;
  }
`;

const notices = css`
  .notice {
    padding: var(--o-2) var(--o-3);
    border: 1px solid var(--o-line);
    border-inline-start-width: 4px;
    border-radius: var(--o-radius);
    background: var(--o-raised);
  }
  .notice.good {
    border-color: var(--o-good);
    background: var(--o-good-surface);
    color: var(--o-good);
  }
  .notice.warn {
    border-color: var(--o-warn);
    background: var(--o-warn-surface);
    color: var(--o-warn);
  }
  .notice.bad {
    border-color: var(--o-bad);
    background: var(--o-bad-surface);
    color: var(--o-bad);
  }
  .good {
    color: var(--o-good);
  }
  .warn {
    color: var(--o-warn);
  }
  .bad {
    color: var(--o-bad);
  }
  .state {
    display: inline-block;
    padding: 0 var(--o-2);
    border: 1px solid currentColor;
    border-radius: 0.875em;
    font-size: var(--o-xs);
    font-weight: 600;
    white-space: nowrap;
  }
  .state.good {
    background: var(--o-good-surface);
  }
  .state.warn {
    background: var(--o-warn-surface);
  }
  .state.bad {
    background: var(--o-bad-surface);
  }
  .busy::before {
    content: "";
    inline-size: 1em;
    block-size: 1em;
    border: 2px solid currentColor;
    border-inline-end-color: transparent;
    border-radius: 50%;
    animation: turn 0.9s linear infinite;
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
`;

/** For the elements that a portal places. */
export const shared = [tokens, isolation, text, unseen, layout, controls, notices];
