// Which request it is, how it stands, and how fresh that is.
import { html, nothing } from "lit";
import type { Signing } from "ocisign";
import type { RequestView } from "../../shown/request-view.ts";
import type { Watching } from "../controllers/watching.ts";
import { copyable, moment } from "../fragments/facts.ts";
import { stateMark } from "../fragments/marks.ts";
import { strings } from "../strings/index.ts";
import { prose } from "../text/text-element.ts";
import { ago, timeOfDay } from "../text/time.ts";
import type { SigningPage } from "./page.ts";

export function head(element: SigningPage) {
  const words = strings.signing;
  const { shown, now, watching } = element;
  if (!shown || !now) return nothing;
  const { id } = now.signing;
  const { createdAt } = shown;
  const asked = createdAt ? moment(createdAt, words.asked(ago(createdAt))) : strings.common.unknownTime;
  return html`<header class="stack tight" part="head">
    <h2 id="title" tabindex="-1">${shown.name ? prose(shown.name) : words.untitled}</h2>
    <p class="row">
      ${stateMark(now.signing)}
      <span class="muted">${asked}</span>
    </p>
    <div class="row small">
      <span class="muted">${words.requestId}</span> ${copyable(id, element.copyButton(words.idOfRequest, id))}
    </div>
    <p class="live small muted" data-watching=${watching.state}
      part="live">${freshness(watching, now.signing.final)}</p>
    ${now.signing.state === "unknown" ? unexplained(now.signing) : nothing}
    ${now.reason ? reason(now) : nothing}
  </header>`;
}

/** What the status does not say, and where its code is explained. */
function unexplained({ code }: Signing) {
  return html`<p class="notice warn" data-unexplained>${strings.signing.unexplained(code)}
    ${strings.common.whereToExplain}</p>`;
}

function reason({ reason, signing }: RequestView) {
  const isBad = signing.final && signing.state !== "signed";
  const { reasons, reason: other } = strings.signing;
  const title = reasons[signing.state] ?? other;
  return html`<p class="notice ${isBad ? "bad" : ""}"><strong>${title}:</strong> ${prose(reason)}</p>`;
}

/** How fresh what is shown is. */
function freshness({ state, seenAt }: Watching<Signing>, isFinal: boolean) {
  const words = strings.signing;
  const { paused, offline, failing, live } = strings.common;
  const time = seenAt ? timeOfDay(seenAt) : strings.common.unknownTime;
  if (isFinal) return words.ended;
  if (state === "hidden") return `${paused} ${words.lastLook(time)}`;
  if (state === "offline") return `${offline} ${words.lastLook(time)}`;
  if (state === "away") return failing(time);
  return state === "live" ? live(time) : words.lastLook(time);
}
