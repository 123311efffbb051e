// What sign-in looks like: as the elements do, with the same custom properties.
import { css } from "lit";
import { shared } from "../../../pkg/elements/styles.js";

export const styles = [
  ...shared,
  css`
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
