// What sign-in looks like: as the elements do, with the same custom properties.
import { css } from "lit";
import { shared } from "../../../pkg/src/elements/styles.js";

export const styles = [
  ...shared,
  css`
    /* Once that is settled, it is a line above the work. */
    .bar {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0.25rem 1rem;
    }
    .bar button:not(.primary) {
      min-block-size: 2rem;
      font-weight: 400;
    }
    .bar details[open] {
      order: 1;
      flex-basis: 100%;
    }
    .ways {
      display: flex;
      flex-wrap: wrap;
      align-items: end;
      gap: 0.75rem 2rem;
    }
    .ways form {
      flex: 0 1 28rem;
    }
    .token {
      display: flex;
      flex-wrap: wrap;
      gap: 0.5rem;
    }
    .token input {
      flex: 1 1 12rem;
      inline-size: auto;
    }
    /* It takes no room, but stays where screen readers listen. */
    p:empty {
      position: absolute;
    }
    fieldset {
      padding: 0.5rem 0.75rem 0.75rem;
      border: 1px solid var(--o-line);
      border-radius: var(--o-radius);
    }
    ul {
      list-style: none;
    }
    dialog {
      inline-size: min(32rem, 100vw - 2rem);
      padding: 1.25rem;
      border: 1px solid var(--o-line);
      border-radius: var(--o-radius);
      color: inherit;
      background: var(--o-surface);
    }
    dialog::backdrop {
      background: rgb(0 0 0 / 60%);
    }
  `,
];
