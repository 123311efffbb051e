// Who asks for the signature, and why: in the requester's own words, and with all that was sent along.
import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { asText } from "../../shown/as-text.ts";
import { dateOf } from "../../shown/date.ts";
import { visibleText } from "../../shown/hidden-characters.ts";
import type { NameSources } from "../../shown/names.ts";
import type { RequestView } from "../../shown/request-view.ts";
import { fact, factIf, moment } from "../fragments/facts.ts";
import { personMark } from "../fragments/named.ts";
import { drawnOnceOpened } from "../fragments/unfolding.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import { extras, filled, mostRows } from "./extras.ts";
import type { SigningPage } from "./page.ts";

export function origin({ shown, now, names }: SigningPage) {
  const words = strings.signing;
  if (!shown || !now) return nothing;
  const { description, payloadName, metadata } = shown;
  const why = description ? prose(description) : html`<span class="warn">${words.noDescription}</span>`;
  const none = html`<span class="muted">${words.noMetadata}</span>`;
  return html`<section class="panel stack" aria-labelledby="origin" part="origin">
    <h3 id="origin">${words.origin}</h3>
    <dl class="facts">
      ${fact(words.requester, requester(shown, names))}
      ${fact(words.description, why)}
      ${factIf(words.payloadName, payloadName, prose(payloadName))}
      ${fact(words.created, time(shown.signing.createdAt))}
      ${factIf(words.updated, asText(now.signing.updatedAt), time(now.signing.updatedAt))}
      ${fact(words.metadata, metadata.length > 0 ? rows(metadata) : none)}
    </dl>
    ${extras(words.extras, shown.extras)}
    <div class="repeated">${drawnOnceOpened(words.everything, () => guard([now], () => everything(now)))}</div>
  </section>`;
}

function requester({ requester }: RequestView, names: NameSources) {
  if (!requester) return html`<span class="warn">${strings.signing.nobody}</span>`;
  return html`<p>${personMark(requester, names)}</p>`;
}

/** A value that is no time is shown as it is. */
function time(given: unknown) {
  const date = dateOf(given);
  if (date) return moment(date);
  const text = asText(given);
  return html`<span class="muted">${strings.common.unknownTime}</span>${text ? html` ${exact(text)}` : nothing}`;
}

function rows(metadata: RequestView["metadata"]) {
  const words = strings.signing;
  return html`<table>
    <thead><tr><th scope="col">${words.metadataName}</th><th scope="col">${words.metadataValue}</th></tr></thead>
    <tbody>
      ${metadata
        .slice(0, mostRows)
        .map(
          ({ name, value }) => html`<tr><th scope="row">${filled(name)}</th><td>${filled(value)}</td></tr>`,
        )}
      ${
        metadata.length > mostRows
          ? html`<tr><th scope="row">${words.furtherRows}</th><td>${prose(asText(metadata.slice(mostRows)))}</td></tr>`
          : nothing
      }
    </tbody>
  </table>`;
}

/** Most are plain ASCII, and there may be hundreds of thousands. */
function visibleLine(line: string) {
  return /[^\x20-\x7e]/.test(line) ? visibleText(line) : line;
}

function everything({ signing }: RequestView) {
  const lines = JSON.stringify(signing, null, 2).split("\n");
  const { everything } = strings.signing;
  return html`<pre tabindex="0" role="region" aria-label=${everything}>${lines.map(visibleLine).join("\n")}</pre>`;
}
