// Who asks for the signature, and why: in the requester's own words, and with all that was sent along.
import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { fact, factIf, moment } from "../fragments/facts.ts";
import { drawnOnceOpened } from "../fragments/unfolding.ts";
import { extrasOf } from "../model/extras.ts";
import type { RequestView } from "../model/request-view.ts";
import { strings } from "../strings/index.ts";
import { asText } from "../text/as-text.ts";
import { visibleText } from "../text/hidden-characters.ts";
import { exact, prose } from "../text/text-element.ts";
import { dateOf } from "../text/time.ts";
import type { SigningPage } from "./page.ts";

/** The number of rows that are drawn as rows. The others are one folded text, which the person has to open. */
const mostRows = 100;

export function origin({ shown, now }: SigningPage) {
  const words = strings.signing;
  if (!shown || !now) return nothing;
  const { description, payloadName, metadata } = shown;
  const why = description ? prose(description) : html`<span class="warn">${words.noDescription}</span>`;
  const none = html`<span class="muted">${words.noMetadata}</span>`;
  return html`<section class="panel stack" aria-labelledby="origin" part="origin">
    <h3 id="origin">${words.origin}</h3>
    <dl class="facts">
      ${fact(words.requester, requester(shown))}
      ${fact(words.description, why)}
      ${factIf(words.payloadName, payloadName, prose(payloadName))}
      ${fact(words.created, time(now.signing.createdAt))}
      ${factIf(words.updated, asText(now.signing.updatedAt), time(now.signing.updatedAt))}
      ${fact(words.metadata, metadata.length > 0 ? rows(metadata) : none)}
    </dl>
    ${extras({ ...shown, rest: now.rest })}
    <div class="repeated">${drawnOnceOpened(words.everything, () => guard([now], () => everything(now)))}</div>
  </section>`;
}

function requester({ requester }: RequestView) {
  if (!requester) return html`<span class="warn">${strings.signing.nobody}</span>`;
  const { name, objectId } = requester;
  const id =
    objectId !== undefined && objectId !== name
      ? html`<p class="small muted">${exact(objectId)}</p>`
      : nothing;
  return html`<p>${prose(name)}</p>${id}`;
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

function filled(text: string) {
  return text === "" ? html`<span class="muted">${strings.signing.empty}</span>` : prose(text);
}

function extras(view: RequestView) {
  const words = strings.signing;
  const all = extrasOf(view);
  if (all.length === 0) return nothing;
  return html`<div class="stack tight" part="extras">
    <h4>${words.extras}</h4>
    <dl class="facts">
      ${all.slice(0, mostRows).map(({ path, value }) => fact(exact(path), prose(asText(value))))}
      ${all.length > mostRows ? fact(words.furtherRows, prose(asText(all.slice(mostRows)))) : nothing}
    </dl>
  </div>`;
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
