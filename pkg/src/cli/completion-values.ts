// Completes what only the service knows: ids of requests and names of products. Somebody waits for the key that was
// pressed: the time is short, and whatever fails completes nothing. A message would end up in the command line.
import type { Complete, RootCommand } from "@bomb.sh/tab";
import type { Fetch, SigningClient } from "ocisign";
import { bounded } from "../http/bounded.ts";
import { visible } from "../shown/visible.ts";
import { keep, kept } from "./completion-cache.ts";
import { printedBy } from "./completion-script.ts";
import { Output } from "./output.ts";
import { type Flags, readSettings } from "./read-settings.ts";
import { openService } from "./service.ts";
import { Session } from "./session.ts";
import { isSettingName, type Settings, settingNames, settings } from "./settings.ts";

const longestWaitMs = 3000;
/** More than that is no choice. */
const most = 100;

/** A completion, and what it is. */
export interface Value {
  readonly value: string;
  readonly description: string;
  /** Of a request: nothing can be decided any more. */
  readonly final?: boolean;
}

export type Wanted = "open requests" | "requests" | "products";

/** Where which values stand: by command, then option or argument. */
const places: readonly (readonly [command: string, kind: "options" | "arguments", name: string, Wanted])[] = [
  ["approve", "arguments", "id", "open requests"],
  ["reject", "arguments", "id", "open requests"],
  ["withdraw", "arguments", "id", "open requests"],
  ["status", "arguments", "id", "requests"],
  ["imagesigning approve", "options", "id", "open requests"],
  ["imagesigning reject", "options", "id", "open requests"],
  ["imagesigning get", "options", "id", "requests"],
  ["products", "arguments", "product", "products"],
  ...["sign", "key", "verify", "bundle", "signings", "watch", "imagesigning add"].map(
    (command) => [command, "options", "product", "products"] as const,
  ),
];

/** Asks the service for the values that the words on the command line call for, if they call for any. */
export async function askFor(root: RootCommand, words: readonly string[]): Promise<void> {
  let wanted: Wanted | undefined;
  handle(root, (kind) => {
    wanted = kind;
  });
  printedBy(() => root.parse([...words]));
  const values = wanted === undefined ? [] : await valuesOf(wanted, words);
  handle(root, (_, complete) => {
    for (const { value, description } of values) complete(value, description);
  });
}

/** Ends the program once all is written: a token command may go on without the shell that started it. */
export function leave(): void {
  process.stdout.write("", () => process.exit());
}

function handle(root: RootCommand, handler: (wanted: Wanted, complete: Complete) => void): void {
  for (const [command, kind, name, wanted] of places) {
    const place = root.commands.get(command)?.[kind].get(name);
    if (place) place.handler = (complete: Complete) => handler(wanted, complete);
  }
}

async function valuesOf(wanted: Wanted, words: readonly string[]): Promise<readonly Value[]> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), longestWaitMs);
  try {
    const settings = await readSettings(flagsIn(words), configIn(words), process.env);
    // Standard input is the terminal's, where somebody types.
    if (settings.token?.value === "@-") return [];
    const list = wanted === "products" ? "products" : "requests";
    const all = kept(settings, list) ?? keep(settings, list, await ask(settings, words, list, ending.signal));
    const fitting = wanted === "open requests" ? all.filter(({ final }) => !final) : all;
    const typed = words.at(-1)?.replace(/^--[\w-]+=/, "") ?? "";
    return fitting.filter(({ value }) => value.startsWith(typed)).slice(0, most);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}

async function ask(
  settings: Settings,
  words: readonly string[],
  list: "requests" | "products",
  signal: AbortSignal,
): Promise<readonly Value[]> {
  const session = new Session({
    ...{ output: new Output(false), signal, settings, config: configIn(words) },
    callTimeoutMs: longestWaitMs,
    mayRenew: false,
  });
  const { network, token } = session;
  const { OcisignError } = await import("ocisign");
  const plain: Fetch = async (url, init) => bounded(await fetch(url, init), init.method, OcisignError);
  const own = network.fetch ?? plain;
  // A key that is pressed must never act, whatever a profile says about reading.
  const onlyGets: Fetch = async (url, init) => {
    if (init.method !== "GET") throw new Error("Completion sends nothing but GET.");
    return own(url, init);
  };
  const readOnly = {
    fetch: onlyGets,
    registryFetch: onlyGets,
    mayKnow: (url: string) => network.mayKnow(url),
    close: () => network.close(),
  };
  const client = await openService({
    settings,
    network: readOnly,
    token,
    signal,
    callTimeoutMs: longestWaitMs,
  });
  const stopped = new Promise<never>((_, reject) => signal.addEventListener("abort", reject));
  const asking = list === "products" ? productValues(client, signal) : requestValues(client, signal);
  return Promise.race([asking, stopped]);
}

async function requestValues(client: SigningClient, signal: AbortSignal): Promise<Value[]> {
  const { viewOf } = await import("../shown/request-view.ts");
  const signings = await client.signings({}, { signal });
  return signings
    .filter(({ id }) => isPlain(id))
    .map((signing) => {
      const { image, name, description } = viewOf(signing);
      const words = [signing.state, image?.repository, description || name].filter(Boolean).join(", ");
      return { value: signing.id, description: short(words), final: signing.final };
    });
}

/** By name, if the name says which one; by id, for one who types an id. */
async function productValues(client: SigningClient, signal: AbortSignal): Promise<Value[]> {
  const products = await client.products({ signal });
  const names = products.map(({ name }) => String(name ?? ""));
  const isClear = (name: string) => isPlain(name) && names.filter((other) => other === name).length === 1;
  const named = names.filter(isClear).map((name) => ({ value: name, description: "product" }));
  const ids = products.filter(({ id }) => isPlain(id));
  return [...named, ...ids.map(({ id, name }) => ({ value: id, description: short(String(name ?? "")) }))];
}

/** A text that no shell takes for anything else, and that hides nothing. */
function isPlain(text: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{N} ._+,()/-]{0,99}$/u.test(text) && visible(text) === text;
}

function short(text: string): string {
  const shown = visible(text);
  return shown.length > 60 ? `${shown.slice(0, 59)}…` : shown;
}

/** The settings among the words that were typed so far. */
function flagsIn(words: readonly string[]): Flags {
  const found = settingNames.map((name) => {
    const [long = "", short] = settings[name].flags.match(/-[\w-]+/g)?.reverse() ?? [];
    return [name, valueIn(words, long, short)] as const;
  });
  return Object.fromEntries(found.filter(([name, value]) => isSettingName(name) && value !== undefined));
}

function configIn(words: readonly string[]): string | undefined {
  return valueIn(words, "--config");
}

/** The last one counts. The word that is being typed is none yet. */
function valueIn(words: readonly string[], ...flags: (string | undefined)[]): string | undefined {
  const done = words.slice(0, -1);
  const at = done.findLastIndex((word, index) => flags.includes(word) && index < done.length - 1);
  const joined = done.findLast((word) =>
    flags.some((flag) => flag?.startsWith("--") && word.startsWith(`${flag}=`)),
  );
  return at >= 0 ? done[at + 1] : joined?.slice(joined.indexOf("=") + 1);
}
