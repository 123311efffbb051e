// The request is not the one that was shown any more: its changes, before and after side by side.
import { html, nothing } from "lit";
import { asText, spelledOut } from "../../shown/as-text.ts";
import { strings } from "../strings/index.ts";
import { exact } from "../text/text-element.ts";
import type { SigningPage } from "./page.ts";

/** The number of changes that are drawn. */
const most = 50;

export function changed(element: SigningPage) {
  const words = strings.signing;
  const { changes, shown, now } = element;
  const images = [shown, now].map((view) => view?.artifact.text);
  if (changes.length === 0) return nothing;
  return html`<section class="notice bad stack" aria-labelledby="changed" part="changed">
    <h3 id="changed" tabindex="-1">${words.changedTitle}</h3>
    <p>${words.changedAdvice}</p>
    <ul class="stack changes" role="list">
      ${images[0] === images[1] ? nothing : item(words.theImage, ...images)}
      ${changes.slice(0, most).map(({ path, before, after }) => item(exact(path), before, after))}
    </ul>
    ${changes.length > most ? html`<p>${words.moreChanges(changes.length - most)}</p>` : nothing}
    <p><button type="button" @click=${() => element.showNow()}>${words.showNow}</button></p>
  </section>`;
}

function item(title: unknown, before?: unknown, after?: unknown) {
  const words = strings.signing;
  // Beside `1`, the text "1" would look the same.
  const inWords = typeof before === typeof after ? asText : spelledOut;
  return html`<li>
    <p class="small">${title}</p>
    <div class="pair">
      <div><p class="muted small">${words.before}</p><p>${value(inWords(before))}</p></div>
      <div><p class="muted small">${words.after}</p><p>${value(inWords(after))}</p></div>
    </div>
  </li>`;
}

/** A part may be an identifier or a sentence: whatever is not plain ASCII is pointed out in either. */
function value(text: string) {
  return text === "" ? html`<span class="muted">${strings.signing.wasNothing}</span>` : exact(text);
}
