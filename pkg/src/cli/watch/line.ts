// An event as a line. A terminal gets what tells requests apart, cut to its width; a pipe gets whole values, with tabs
// between, as `ocisign signings` writes them.
import { visible } from "../../shown/visible.ts";
import type { Output, Tone } from "../output.ts";
import { artifactText } from "../request-text.ts";
import { batchColumn, columns, type Entry } from "../signings-table.ts";
import { type Column, table, truncated } from "../table.ts";
import type { WatchEvent } from "./event.ts";
import type { EventName } from "./memory.ts";

const tones: Readonly<Record<EventName, Tone>> = {
  new: "strong",
  changed: "faint",
  signed: "good",
  rejected: "bad",
  failed: "bad",
};

export function lineOf(entry: Entry, told: WatchEvent, output: Output): string {
  return output.width === undefined
    ? rowOf(entry, told, output)
    : shortLine(entry, told, output.width, output);
}

function rowOf(entry: Entry, told: WatchEvent, output: Output): string {
  const first: Column<Entry> = { head: "EVENT", whole: () => told.event };
  const last: Column<Entry> = { head: "LINK", kind: "exact", whole: () => told.link };
  return table([first, ...columns, batchColumn, last], [entry], output);
}

function shortLine(entry: Entry, told: WatchEvent, width: number, output: Output): string {
  const { request, requester, productName } = entry;
  const missing = told.missingGroups?.map(({ id, name }) => visible(name ?? id, name ? "prose" : "exact"));
  const parts = [
    visible(entry.shortId, "exact"),
    imageText(entry),
    requester && `by ${visible(requester.name)}`,
    visible(request.name),
    productName && visible(productName),
    missing && missing.length > 0 && `missing: ${missing.join(", ")}`,
  ];
  const rest = truncated(parts.filter(Boolean).join("  "), Math.max(10, width - 10));
  return `${output.paint(tones[told.event], told.event.padEnd(8))}  ${rest}`;
}

/** The digest's end is what is signed. */
function imageText({ request: { image, artifact } }: Entry): string {
  if (!image) return visible(artifactText(artifact), "exact");
  const { repository, tag, digest } = image;
  return `${repository}${tag ? `:${tag}` : ""}@…${digest.slice(-8)}`;
}
