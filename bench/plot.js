// Draws how many times as fast the package is as others: a picture for the README, once for each colour scheme.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { figure } from "./lib/report.js";

/** It is installed with what the package is measured beside. */
const library = createRequire(import.meta.url);

const schemes = {
  light: { text: "#16191f", muted: "#525965", line: "#cdd3dc", good: "#1a7f4b", bad: "#a8201a" },
  dark: { text: "#e8eaee", muted: "#adb5c1", line: "#3b434f", good: "#6fd39b", bad: "#ffb4ab" },
};

const rowHeight = 22;
const margins = { top: 46, bottom: 46 };

/** @typedef {{ label: string, ratio: number, least: number, most: number, aim: number, reached: boolean }} Bar */

/** @param {string} json the figures of a run @param {(scheme: string) => string} fileOf */
export async function plot(json, fileOf) {
  /** @type {{ machine: string, results: import("./lib/report.js").Result[] }} */
  const { machine, results } = JSON.parse(readFileSync(json, "utf8"));
  const bars = results.flatMap(barsOf);
  for (const [scheme, colours] of Object.entries(schemes)) {
    const file = fileOf(scheme);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, drawn(bars, machine, colours));
    console.log(`The picture is in ${file}.`);
  }
}

/** What has an aim. @param {import("./lib/report.js").Result} result @returns {Bar[]} */
function barsOf({ topic, what, beside }) {
  return beside.flatMap(({ name, ratio, least, most, aim, reached }) =>
    aim === undefined
      ? []
      : [{ label: `${topic}: ${what}, beside ${name}`, ratio, least, most, aim, reached: reached === true }],
  );
}

/** @param {Bar[]} bars @param {string} machine @param {typeof schemes.light} colours */
function drawn(bars, machine, colours) {
  const { init } = library("echarts");
  const height = bars.length * rowHeight + margins.top + margins.bottom;
  const chart = init(null, null, { renderer: "svg", ssr: true, width: 1080, height });
  chart.setOption(optionsFor(bars, machine, colours));
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** @param {Bar[]} bars @param {string} machine @param {typeof schemes.light} colours */
function optionsFor(bars, machine, { text, muted, line, good, bad }) {
  const font = { fontFamily: "system-ui, sans-serif", fontSize: 12 };
  const axisLine = { lineStyle: { color: line } };
  return {
    animation: false,
    backgroundColor: "transparent",
    textStyle: font,
    title: {
      ...{ text: "Times as fast as the other. The mark is the aim; red misses it.", left: 8, top: 8 },
      textStyle: { ...font, fontSize: 14, color: text },
      ...{ subtext: machine, subtextStyle: { ...font, color: muted }, itemGap: 4, show: true },
    },
    grid: { left: 510, right: 80, ...margins, top: margins.top + 16 },
    xAxis: {
      ...{ type: "log", logBase: 10, min: 0.1, axisLine, splitLine: axisLine },
      axisLabel: { color: muted, formatter: "{value}x" },
    },
    yAxis: {
      ...{ type: "category", inverse: true, data: bars.map(({ label }) => label), axisLine },
      ...{ axisTick: { show: false }, axisLabel: { ...font, color: text, width: 500, overflow: "truncate" } },
    },
    series: [
      {
        type: "bar",
        barWidth: 10,
        data: bars.map(({ ratio, reached }) => ({
          value: ratio,
          itemStyle: { color: reached ? good : bad },
        })),
        label: {
          ...{ show: true, position: "right", ...font, color: text },
          formatter: (/** @type {{ dataIndex: number }} */ { dataIndex }) =>
            `${figure(bars[dataIndex]?.ratio ?? 0)}x`,
        },
      },
      {
        ...{ type: "scatter", symbol: "rect", symbolSize: [3, 16], itemStyle: { color: text } },
        data: bars.map(({ aim, label }) => [aim, label]),
      },
    ],
  };
}
