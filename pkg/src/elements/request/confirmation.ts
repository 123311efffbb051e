// What the service took, and how it goes on from here.
import { html, nothing } from "lit";
import type { Signing } from "ocisign";
import { copyable, fact } from "../fragments/facts.ts";
import { stateMark } from "../fragments/marks.ts";
import { strings } from "../strings/index.ts";
import { exact } from "../text/text-element.ts";

/** An id that a shell takes as it stands. Another one is not made a part of a command. */
const plainId = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * @param canonical the image
 * @param address where approvers open the request, if the page knows it
 */
export function confirmation(
  signing: Signing,
  canonical: string,
  address: string | undefined,
  {
    copyButton,
    open,
    another,
  }: { copyButton: (what: string, text: string) => unknown; open: () => void; another: () => void },
) {
  const words = strings.request;
  const { id, final } = signing;
  return html`<section class="panel stack" part="confirmation" aria-labelledby="taken-heading">
    <h3 id="taken-heading" tabindex="-1" class="good">✓ ${words.requested}</h3>
    <dl class="facts">
      ${fact(words.canonical, exact(canonical))}
      ${fact(words.requestId, copyable(id, copyButton(words.requestId, id)))}
      ${fact(words.state, stateMark(signing))}
      ${address ? fact(words.link, copyable(address, copyButton(words.theLink, address))) : nothing}
    </dl>
    <div class="row">
      <button type="button" class="primary" @click=${open}>${words.open}</button>
      <button type="button" @click=${another}>${words.another}</button>
    </div>
    ${!final && plainId.test(id) ? nextCommands(id, copyButton) : nothing}
  </section>`;
}

function nextCommands(id: string, copyButton: (what: string, text: string) => unknown) {
  const { nextCommands, approveBy, waitBy, theCommand } = strings.request;
  const command = (text: string) => copyable(text, copyButton(theCommand(text), text));
  return html`<details part="commands" open><summary>${nextCommands}</summary>
    <dl class="facts">
      ${fact(approveBy, command(`ocisign approve ${id}`))}
      ${fact(waitBy, command(`ocisign status ${id} --wait`))}
    </dl></details>`;
}
