// A foreign text where there are hundreds of them: one that hides nothing needs no element of its own.
import { html } from "lit";
import type { Kind } from "../../shown/hidden-characters.ts";
import "./text-element.ts";

/** Printable ASCII, without a blank that a browser does not draw. */
const plain = /^[!-~]+(?: [!-~]+)*$/;

/**
 * Most texts hide nothing, and an element for each would take seconds to draw.
 *
 * @param limit how many characters are shown at once
 */
export function lightText(value: string, kind: Kind, limit: number) {
  if (value.length <= limit && plain.test(value)) return html`<span class="plain-${kind}">${value}</span>`;
  return html`<ocisign-text .kind=${kind} .limit=${limit} .value=${value}></ocisign-text>`;
}
