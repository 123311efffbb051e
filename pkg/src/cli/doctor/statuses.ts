// Which status codes were seen, how often, and what they mean by the profile or by the service's own words.
import type { KnownState, Signing } from "ocisign";
import { isText } from "../../foreign.ts";
import type { Notes } from "./finding.ts";
import { placesIn } from "./places.ts";
import { some } from "./words.ts";

/** Codes are told one by one up to this number. */
const mostTold = 12;

export interface StatusSeen {
  readonly code: number;
  readonly state: Signing["state"];
  readonly count: number;
  /** What the service's own words beside the code mean, if they all mean one thing. */
  readonly meaning: KnownState | undefined;
}

/** The codes of these requests, the most frequent first. */
export function statusesOf(signings: readonly Signing[]): StatusSeen[] {
  const byCode = new Map<number, Signing[]>();
  for (const signing of signings) {
    const those = byCode.get(signing.code);
    if (those) those.push(signing);
    else byCode.set(signing.code, [signing]);
  }
  return [...byCode].map(([code, those]) => seen(code, those)).sort((a, b) => b.count - a.count);
}

function seen(code: number, those: readonly Signing[]): StatusSeen {
  const [first] = those;
  const meanings = new Set(those.slice(0, 200).map(meaningOf));
  const [meaning] = meanings.size === 1 ? meanings : [];
  return { code, state: first?.state ?? "unknown", count: those.length, meaning };
}

/** What words about states begin with, the more telling first. */
const meanings: readonly (readonly [RegExp, KnownState])[] = [
  [/^(reject|declin|denied|refus|withdrawn|cancel)/, "rejected"],
  [/^(fail|error)/, "failed"],
  [/^(signing|inprocess|inprogress|processing|running)/, "signing"],
  [/^(signed|done|complete|finish|success)/, "signed"],
  [/^(wait|pending|inapproval|toapprove|needsapproval|approvalneeded)/, "waiting"],
  [/^(approved|preapproved)/, "approved"],
  [/^(new|created|submitted|requested)/, "new"],
];

/** By a short text beside the code, at a place that is named after states. */
function meaningOf(signing: Signing): KnownState | undefined {
  // `state` and `code` are what the client made of the status.
  const { state: _, code: __, final: ___, ...sent } = signing;
  for (const { path, value } of placesIn(sent)) {
    if (!isText(value) || value.length > 40 || !isNamedAfterState(path)) continue;
    const word = value.toLowerCase().replaceAll(/[^a-z]/g, "");
    const found = meanings.find(([pattern]) => pattern.test(word));
    if (found) return found[1];
  }
  return undefined;
}

/** By its last name, or by the end of the one before it. */
function isNamedAfterState(path: string): boolean {
  const [before = "", last = ""] = ["", ...path.split(".")].slice(-2);
  return /stat(e|us)/i.test(last) || /stat(e|us)$/i.test(before);
}

/** @param listed how many requests the service lists, readable or not */
export function judgeStatuses(statuses: readonly StatusSeen[], listed: number, notes: Notes): void {
  if (statuses.length === 0) {
    const why = listed > 0 ? "None of the requests could be read" : "There are no requests yet";
    notes.unknown("statuses", `${why}, so no status was seen.`);
    return;
  }
  const told = statuses.map(
    ({ code, state, count }) => `${code} (${state}) ${count === 1 ? "once" : `${count} times`}`,
  );
  const unexplained = statuses.filter(({ state }) => state === "unknown");
  if (unexplained.length === 0) {
    notes.ok("statuses", `Seen: ${some(told, mostTold)}.`);
    return;
  }
  const guessed = unexplained.filter(({ meaning }) => meaning);
  const hint =
    guessed.length > 0 ? ` By the service's own words: ${some(guessed.map(guessText), mostTold)}.` : "";
  const codes = some(
    unexplained.map(({ code }) => String(code)),
    mostTold,
  );
  notes.warning(
    "statuses",
    `Seen: ${some(told, mostTold)}. Nobody explained ${codes}.${hint}`,
    'Ask the vendor what they mean, and write it into the profile: "statuses": { "2": "waiting" }.',
  );
}

function guessText({ code, meaning }: StatusSeen): string {
  return `${code} is ${meaning}`;
}

/** For a profile: the codes whose meaning the service's own words tell. */
export function statusTable(statuses: readonly StatusSeen[]): Record<string, KnownState> {
  const told = statuses.flatMap(({ code, state, meaning }) => {
    const known = state === "unknown" ? meaning : state;
    return known ? [[String(code), known] as const] : [];
  });
  return Object.fromEntries(told);
}
