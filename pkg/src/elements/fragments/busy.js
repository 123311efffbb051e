import { html } from "lit";

/** That something is under way. @param {string} words */
export function busy(words) {
  return html`<p class="row busy muted">${words}</p>`;
}
