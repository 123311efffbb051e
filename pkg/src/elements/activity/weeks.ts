// The figures of each week and of each product, as tables.
import { html } from "lit";
import type { Figures, ProductFigures, Week } from "../../shown/activity.ts";
import { strings } from "../strings/index.ts";
import { span } from "../text/span.ts";
import { prose } from "../text/text-element.ts";

/** `24 Nov`: of a Monday by UTC, so that all people see the same weeks. */
export function day(date: Date) {
  return new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" }).format(date);
}

export function weeksTable(weeks: readonly Week[]) {
  const { columns, weeksTable: title } = strings.activity;
  const rows = [...weeks].reverse();
  return html`<details><summary>${title}</summary>
    <div class="wide" tabindex="0" role="group" aria-label=${title}><table part="table">
      <thead><tr>${heads([columns.week, columns.requested, columns.signed, columns.rejected, columns.failed])}
        ${heads([columns.median, columns.longest])}</tr></thead>
      <tbody>${rows.map(
        (
          week,
        ) => html`<tr><th scope="row"><time datetime=${week.from.toISOString().slice(0, 10)}>${day(week.from)}</time></th>
          ${counts(week)}${waits(week)}</tr>`,
      )}</tbody>
    </table></div>
  </details>`;
}

/** @param nameOf what a product is called */
export function productsTable(products: readonly ProductFigures[], nameOf: (productId: string) => string) {
  const { columns, byProduct } = strings.activity;
  return html`<div class="wide" tabindex="0" role="group" aria-label=${byProduct}><table part="table">
    <thead><tr>${heads([columns.product, columns.requested, columns.signed, columns.rejected, columns.failed])}
      ${heads([columns.open, columns.median, columns.longest])}</tr></thead>
    <tbody>${products.map(
      (product) => html`<tr><th scope="row">${prose(nameOf(product.productId))}</th>${counts(product)}
        <td>${product.open.toLocaleString()}</td>${waits(product)}</tr>`,
    )}</tbody>
  </table></div>`;
}

function heads(names: readonly string[]) {
  return names.map((name) => html`<th scope="col">${name}</th>`);
}

function counts({ requested, signed, rejected, failed }: Figures) {
  return [requested, signed, rejected, failed].map((count) => html`<td>${count.toLocaleString()}</td>`);
}

function waits({ medianMs, longestMs }: Figures) {
  return [medianMs, longestMs].map((ms) => html`<td>${ms === undefined ? "–" : span(ms)}</td>`);
}
