// Which request it is, how it stands, and how fresh that is.
import { html, nothing } from "lit";
import type { Signing } from "ocisign";
import type { RequestView } from "../../shown/request-view.ts";
import { versionOf } from "../../shown/version.ts";
import type { Watching } from "../controllers/watching.ts";
import { isPlainId } from "../fragments/called.ts";
import { moment } from "../fragments/facts.ts";
import { stateMark } from "../fragments/marks.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import { ago, timeOfDay } from "../text/time.ts";
import type { SigningPage } from "./page.ts";

export function head(element: SigningPage) {
  const words = strings.signing;
  const { shown, now, watching } = element;
  if (!shown || !now) return nothing;
  const { createdAt } = shown;
  const asked = createdAt ? moment(createdAt, words.asked(ago(createdAt))) : strings.common.unknownTime;
  return html`<header class="stack tight" part="head">
    <div class="title">
      <h2 id="title" tabindex="-1">${shown.name ? prose(shown.name) : words.untitled}</h2>
      ${stateMark(now.signing)}
    </div>
    <div class="row between small muted">
      <p class="dots">
        ${version(shown)}<span>${asked}</span>
        <span class="live" data-watching=${watching.state} part="live">${freshness(watching, now.signing.final)}</span>
      </p>
      <p class="copies">${copyLink(element)}</p>
    </div>
    ${isPlainId(now.signing.id) ? nothing : oddId(now.signing.id)}
    ${now.signing.state === "unknown" ? unexplained(now.signing) : nothing}
    ${now.reason ? reason(now) : nothing}
  </header>`;
}

/** It stands among the metadata as well: here it helps to tell requests apart. */
function version(shown: RequestView) {
  const found = versionOf(shown);
  if (found === undefined) return nothing;
  // Without its title, a version such as `approved:2-of-2` would look like the page's own words.
  return html`<span><span class="muted">${strings.signing.version}</span> <span class="version">${prose(found)}</span></span>`;
}

/** A plain one stands among the other ids. */
function oddId(id: string) {
  return html`<p class="small"><span class="muted">${strings.signing.requestId}</span> ${exact(id)}</p>`;
}

/** The request's own address, where the page gave it one. */
export function copyLink(element: SigningPage) {
  const address = addressOf(element.href);
  return address === undefined ? nothing : element.copyButtonNamed(strings.signing.copyLink, address);
}

/** A page may set anything. */
function addressOf(href: unknown) {
  if (typeof href !== "string" || !URL.canParse(href, document.baseURI)) return undefined;
  const url = new URL(href, document.baseURI);
  return /^https?:$/.test(url.protocol) ? url.href : undefined;
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
