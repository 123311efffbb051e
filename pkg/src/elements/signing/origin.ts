// Who asks for the signature, and why: in the requester's own words, and with all that was sent along.
import { html, nothing } from "lit";
import { asText } from "../../shown/as-text.ts";
import { dateOf } from "../../shown/date.ts";
import type { RequestView } from "../../shown/request-view.ts";
import { fact, factIf, moment, wideFact } from "../fragments/facts.ts";
import { hostIn, linkTo } from "../fragments/link.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import { extras, filled, mostRows } from "./extras.ts";
import type { SigningPage } from "./page.ts";

export function origin(element: SigningPage) {
  const words = strings.signing;
  const { shown, now } = element;
  if (!shown || !now) return nothing;
  const { description, payloadName, metadata } = shown;
  const why = description ? prose(description) : html`<span class="warn">${words.noDescription}</span>`;
  const none = html`<span class="muted">${words.noMetadata}</span>`;
  return html`<section class="part stack tight" aria-labelledby="origin" part="origin">
    <h3 id="origin" class="unseen">${words.origin}</h3>
    <dl class="facts pairs">
      ${wideFact(words.description, html`${why}${linkTo(description)}`)}
      ${fact(words.requester, requester(shown, element))}
      ${factIf(words.payloadName, payloadName, prose(payloadName))}
      ${dateOf(shown.signing.createdAt) ? nothing : wideFact(words.created, time(shown.signing.createdAt))}
      ${oddTime(words.updated, now.signing.updatedAt)}
      ${wideFact(words.metadata, metadata.length > 0 ? rows(metadata) : none)}
    </dl>
    ${extras(words.extras, shown.extras)}
  </section>`;
}

function requester({ requester }: RequestView, element: SigningPage) {
  if (!requester) return html`<span class="warn">${strings.signing.nobody}</span>`;
  return element.callings.person(requester);
}

/** A time stands among what is technical. */
function oddTime(name: string, given: unknown) {
  return dateOf(given) || asText(given) === "" ? nothing : wideFact(name, time(given));
}

/** A value that is no time is shown as it is. */
export function time(given: unknown) {
  const date = dateOf(given);
  if (date) return moment(date);
  const text = asText(given);
  return html`<span class="muted">${strings.common.unknownTime}</span>${text ? html` ${exact(text)}` : nothing}`;
}

/** A row of more characters has a line of its own. */
const wide = 30;

/** In a frame of their own: what a requester calls a row could imitate what the service says. */
function rows(metadata: RequestView["metadata"]) {
  const words = strings.signing;
  const left = metadata.slice(mostRows);
  return html`<dl class="metadata">
    ${metadata.slice(0, mostRows).map(
      ({
        name,
        value,
      }) => html`<div class=${name.length + value.length > wide || hostIn(value) ? "longer" : ""}>
        <dt>${filled(name)}</dt><dd>${filled(value)}${linkTo(value)}</dd>
      </div>`,
    )}
    ${left.length > 0 ? html`<div class="longer"><dt>${words.furtherRows}</dt><dd>${prose(asText(left))}</dd></div>` : nothing}
  </dl>`;
}
