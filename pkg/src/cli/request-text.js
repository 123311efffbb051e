// A signing request in words.
import { exitCode } from "./exit-codes.js";
import { artifactOf } from "./image.js";
import { fieldOf, listOf, wordsOf } from "./lenient.js";
import { visible } from "./visible.js";

/** @typedef {import("../../index.js").Signing} Signing */

/** @type {Record<Signing["state"], string>} */
const words = {
  new: "new",
  waiting: "waiting for approval",
  approved: "approved, not signed yet",
  signing: "being signed",
  signed: "signed",
  rejected: "rejected",
  failed: "failed",
  unknown: "unknown",
};

/** @type {Partial<Record<Signing["state"], import("./output.js").Tone>>} */
const tones = { signed: "good", rejected: "bad", failed: "bad", unknown: "unsure" };

/** @param {Pick<Signing, "state" | "code">} signing */
export function stateText({ state, code }) {
  return `${words[state]} (status ${code})`;
}

/** @param {Signing["state"]} state */
export function toneOf(state) {
  return tones[state] ?? "strong";
}

/** What a command ends with that was to tell how a request stands. @param {Signing} signing */
export function exitFor({ state }) {
  if (state === "signed") return exitCode.done;
  return state === "rejected" || state === "failed" ? exitCode.refused : exitCode.waiting;
}

/**
 * Everything that matters about a request, a line each.
 *
 * @param {Signing} signing @param {(state: string) => string} paintState @param {[string, unknown][]} [more]
 */
export function requestLines(signing, paintState, more = []) {
  const { text, image, problem } = artifactOf(signing);
  const requester = fieldOf(signing, "requester");
  const metadata = listOf(signing.payload?.metadata).map((it) =>
    fieldOf(it, "name") === undefined
      ? wordsOf(it)
      : `${wordsOf(fieldOf(it, "name"))}=${wordsOf(fieldOf(it, "value") ?? "")}`,
  );
  return aligned([
    ["request", signing.id],
    ["state", paintState(stateText(signing)), true],
    ["image", image?.canonical ?? text],
    ["tag", image?.tag && `${image.tag} (only a note: the digest is signed)`],
    ["problem", problem],
    ["product", signing.productId],
    ...more,
    ["operation", signing.idProductOperation],
    ["name", signing.name],
    ["description", signing.description],
    ["metadata", metadata.join(", ")],
    ["requester", requester],
    ["approvals", listOf(signing.approvals).map(wordsOf).join(", ")],
    ["groups missing", listOf(fieldOf(signing, "missingGroups")).map(wordsOf).join(", ")],
    ["reason", signing.reason],
  ]);
}

/**
 * Names and values below each other, without those that have none.
 *
 * @param {[name: string, value: unknown, isMine?: boolean][]} rows what is not our own text is made visible
 */
export function aligned(rows) {
  const there = rows.filter(([, value]) => value !== undefined && value !== null && value !== "");
  const width = Math.max(...there.map(([name]) => name.length));
  return there
    .map(([name, value, isMine]) => `${name.padEnd(width)}  ${isMine ? value : visible(wordsOf(value))}`)
    .join("\n");
}

/** @param {string[]} heads @param {unknown[][]} rows */
export function table(heads, rows) {
  const cells = [heads, ...rows.map((row) => row.map((value) => visible(wordsOf(value ?? "-"))))];
  const widths = heads.map((_, at) => Math.max(...cells.map((row) => row[at].length)));
  return cells
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
