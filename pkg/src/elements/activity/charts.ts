// Two small charts, week by week. Whoever does not see them has one sentence, and the table.
import { html, nothing, svg } from "lit";
import type { Week } from "../../shown/activity.ts";
import { strings } from "../strings/index.ts";
import { span } from "../text/span.ts";
import { day } from "./weeks.ts";

/** In units of the drawing. */
const size = { width: 480, height: 120, top: 16, bottom: 18 };
const plot = size.height - size.top - size.bottom;
/** So many weeks have their date below. */
const mostDates = 6;

/** A bar has parts, the lowest first. */
interface Bar {
  readonly week: Date;
  readonly parts: readonly { readonly value: number; readonly kind: string }[];
  /** Above the bar, and what one reads who points at it. */
  readonly label: string;
}

export function endedChart(weeks: readonly Week[]) {
  const { ended, endedSaid, kinds } = strings.activity;
  const sum = (kind: "signed" | "rejected" | "failed") =>
    weeks.reduce((total, week) => total + week[kind], 0);
  const bars = weeks.map(({ from, signed, rejected, failed }) => ({
    week: from,
    parts: [
      { value: signed, kind: "signed" },
      { value: rejected, kind: "rejected" },
      { value: failed, kind: "failed" },
    ],
    label: signed + rejected + failed > 0 ? (signed + rejected + failed).toLocaleString() : "",
  }));
  const legend = html`<ul class="legend row small" role="list">
    ${(["signed", "rejected", "failed"] as const).map(
      (kind) => html`<li><span class="swatch ${kind}" aria-hidden="true"></span>${kinds[kind]}</li>`,
    )}
  </ul>`;
  return chart("ended", ended, endedSaid(sum("signed"), sum("rejected"), sum("failed")), bars, legend);
}

export function waitsChart(weeks: readonly Week[]) {
  const { waits, waitsSaid, none } = strings.activity;
  const medians = weeks.map(({ medianMs }) => medianMs ?? 0);
  const longest = Math.max(...medians);
  const bars = weeks.map(({ from, medianMs = 0 }) => ({
    week: from,
    parts: [{ value: medianMs, kind: "wait" }],
    label: medianMs > 0 ? span(medianMs) : "",
  }));
  return chart("waits", waits, waitsSaid(longest > 0 ? span(longest) : none), bars);
}

function chart(id: string, title: string, said: string, bars: readonly Bar[], legend: unknown = nothing) {
  const totals = bars.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0));
  const most = Math.max(...totals, 1);
  const step = size.width / bars.length;
  const everyDate = Math.ceil(bars.length / mostDates);
  return html`<figure class="stack tight" part="chart">
    <figcaption id=${`${id}-title`} class="label">${title}</figcaption>
    ${legend}
    <svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-labelledby="${id}-title"
      aria-describedby="${id}-said">
      <line class="axis" x1="0" x2=${size.width} y1=${size.top + plot} y2=${size.top + plot}></line>
      ${bars.map((bar, at) => drawn(bar, at, { step, most, isDated: at % everyDate === 0 }))}
    </svg>
    <p class="unseen" id=${`${id}-said`}>${said}</p>
  </figure>`;
}

interface Scale {
  readonly step: number;
  readonly most: number;
  readonly isDated: boolean;
}

function drawn({ week, parts, label }: Bar, at: number, { step, most, isDated }: Scale) {
  const width = Math.min(step * 0.7, 36);
  const x = at * step + (step - width) / 2;
  const middle = at * step + step / 2;
  let y = size.top + plot;
  const boxes = parts.map(({ value, kind }) => {
    const height = (value / most) * plot;
    y -= height;
    return svg`<rect class=${kind} x=${x} y=${y} width=${width} height=${height}></rect>`;
  });
  // Long words would lie over those of the next week.
  const fits = label.length * 5.5 <= step * (parts.length > 1 ? 1 : 1.1);
  return svg`<g><title>${`${strings.activity.weekOf(day(week))}: ${label || strings.activity.none}`}</title>
    ${boxes}
    ${fits ? svg`<text class="value" x=${middle} y=${y - 4}>${label}</text>` : nothing}
    ${isDated ? svg`<text class="date" x=${middle} y=${size.height - 5}>${day(week)}</text>` : nothing}
  </g>`;
}
