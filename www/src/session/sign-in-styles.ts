// What sign-in looks like: as the elements do, with the same custom properties.
import { css } from "lit";
import { shared } from "../../../pkg/src/elements/styles.js";

export const styles = [
  ...shared,
  css`
    /* Its parts stand in the page's bar: the person at the end, and what there is to say over the whole width. */
    :host([data-settled]),
    :host([data-settled]) .shell {
      display: contents;
    }
    .who {
      margin-inline-start: auto;
      max-inline-size: min(16rem, 40vw);
      border-color: transparent;
      padding-inline: var(--o-1) var(--o-2);
      font-weight: 400;
    }
    .who:hover {
      background: var(--o-raised);
      filter: none;
    }
    .who .name {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .avatar {
      flex: none;
      inline-size: 1.75rem;
      border-radius: 50%;
      background: var(--o-chosen);
      color: var(--o-accent);
      font-size: var(--o-xs);
      font-weight: 600;
      line-height: 1.75rem;
      text-align: center;
    }
    @media (max-width: 40rem) {
      .who {
        padding-inline: var(--o-1);
      }
      .who .name {
        display: none;
      }
    }
    #person {
      inset: 3.25rem var(--o-2) auto auto;
      inline-size: min(24rem, 100vw - 1rem);
      max-block-size: calc(100dvh - 4rem);
      margin: 0;
      padding: var(--o-4);
      overflow: auto;
      border: 1px solid var(--o-line);
      border-radius: var(--o-radius);
      color: var(--o-text);
      background: var(--o-surface);
      box-shadow: var(--o-shadow);
    }
    /* Where it is not open the browser hides it. */
    #person:not(:popover-open) {
      display: none;
    }
    #person h2 {
      font-size: var(--o-l);
    }
    .standing {
      order: 1;
      flex-basis: 100%;
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--o-2);
    }
    .standing .notice {
      flex: 1 1 16rem;
    }
    .standing > :is(.notice, .row) {
      margin-block: var(--o-2);
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
