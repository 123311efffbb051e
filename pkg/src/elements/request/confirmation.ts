// What the service took.
import { html } from "lit";
import type { Signing } from "ocisign";
import { copyable, fact } from "../fragments/facts.ts";
import { stateMark } from "../fragments/marks.ts";
import { strings } from "../strings/index.ts";
import { exact } from "../text/text-element.ts";

/** @param canonical the image */
export function confirmation(
  signing: Signing,
  canonical: string,
  {
    copyButton,
    open,
    another,
  }: { copyButton: (what: string, text: string) => unknown; open: () => void; another: () => void },
) {
  const words = strings.request;
  return html`<section class="panel stack" part="confirmation" aria-labelledby="taken-heading">
    <h3 id="taken-heading" tabindex="-1" class="good">✓ ${words.requested}</h3>
    <dl class="facts">
      ${fact(words.canonical, exact(canonical))}
      ${fact(words.requestId, copyable(signing.id, copyButton(words.requestId, signing.id)))}
      ${fact(words.state, stateMark(signing))}
    </dl>
    <div class="row">
      <button type="button" class="primary" @click=${open}>${words.open}</button>
      <button type="button" @click=${another}>${words.another}</button>
    </div>
  </section>`;
}
