// `ocisign watch`: tells what is new among the requests, and runs a program for each.
import { anyNumber, command } from "../command.ts";
import { findProduct } from "../find-product.ts";
import { choice, count, duration, flag, text, whichRequests } from "../options.ts";
import { exitCode, usage } from "../problem.ts";
import { checkPageUrl } from "../safe-url.ts";
import type { Session } from "../session.ts";
import * as settings from "../settings.ts";
import type { EventName } from "../watch/memory.ts";
import type { Program } from "../watch/programs.ts";
import type { Scope } from "../watch/scope.ts";

const names = ["new", "changed", "signed", "rejected", "failed"] as const satisfies EventName[];

/** A service that asks for more time than that before the next call is as good as away. */
const longestAskedMs = 3_600_000;

interface Watched {
  readonly told: number;
  /** How many programs failed. */
  readonly failed: number;
}

export const watch = command({
  name: "watch",
  summary: "Tell what is new among the requests that may need your review.",
  argument: anyNumber("program", "after `--exec --`: a program and its arguments"),
  options: {
    all: flag("--all", "all requests, not only those for your review", { conflicts: "mine" }),
    ...whichRequests,
    event: choice("--event <event>", "only this", names),
    since: text("--since <time>", "also requests made since then: 2h, 2026-11-29"),
    once: flag("--once", "look once, tell and end, as for cron"),
    stateFile: text("--state-file <file>", "remembers what was told, for the next start"),
    exec: flag("--exec", "run the program for each, with JSON on its input"),
    atOnce: count("--at-once <count>", "so many programs at a time (default: 4)"),
    execTimeout: duration("--exec-timeout <time>", "for one program (default: 30s)"),
  },
  settings: settings.page,
  examples: [
    ["", "ocisign watch --once --since 2h"],
    ["", "ocisign watch --once --state-file told.json --exec -- node notify.mjs"],
  ],
  async run(session, given, words): Promise<Watched> {
    const { all, mine, product, state, event, since, once, stateFile } = given;
    session.output.useLines();
    const program = programOf(words, given);
    const { sinceOf } = await import("../watch/since.ts");
    const from = sinceOf(since);
    if (once && stateFile === undefined && from === undefined) {
      const fix = "Add --state-file, which remembers what was told, or --since.";
      throw usage("--once would tell nothing: it does not know what is new.", fix);
    }
    if (session.settings.page) await checkPageUrl(session.settings.page);
    session.retry = { maxMs: longestAskedMs };
    const { StateFile } = await import("../watch/state-file.ts");
    const file = stateFile === undefined ? undefined : await StateFile.open(stateFile);
    try {
      const of = all ? "all" : mine ? "mine" : "review";
      return await follow(session, {
        ...{ of, product, state, once, program, file },
        events: event === undefined ? names : names.filter((name) => name === event),
        since: from,
        atOnce: given.atOnce ?? 4,
      });
    } finally {
      await file?.close();
    }
  },
  text: () => undefined,
  // Each event was told when it came.
  json: () => undefined,
  exit: ({ failed }) => (failed > 0 ? exitCode.error : exitCode.done),
});

interface Given {
  readonly exec: boolean;
  readonly atOnce: number | undefined;
  readonly execTimeout: number | undefined;
}

/** The program to run, word by word: no shell reads it. */
function programOf(words: readonly string[], { exec, atOnce, execTimeout }: Given): Program | undefined {
  const [name, ...args] = words;
  if (exec && (name === undefined || name === "")) {
    throw usage("--exec names no program.", "Write it as in --exec -- node notify.mjs.");
  }
  if (name === undefined) {
    const lone =
      atOnce !== undefined ? "--at-once" : execTimeout !== undefined ? "--exec-timeout" : undefined;
    if (lone) throw usage(`${lone} is for programs.`, "Add --exec, or leave it out.");
    return undefined;
  }
  if (!exec) throw usage("There is a program without --exec.", "Write it as in --exec -- node notify.mjs.");
  return { command: name, args, timeoutMs: execTimeout ?? 30_000 };
}

interface Wanted {
  readonly of: Scope["of"];
  readonly product: string | undefined;
  readonly state: string | undefined;
  readonly events: readonly EventName[];
  readonly since: number | undefined;
  readonly once: boolean;
  readonly program: Program | undefined;
  readonly atOnce: number;
  readonly file: import("../watch/state-file.ts").StateFile | undefined;
}

async function follow(session: Session, wanted: Wanted): Promise<Watched> {
  const { Looks } = await import("../watch/looks.ts");
  const { Memory } = await import("../watch/memory.ts");
  const { Patience } = await import("../watch/patience.ts");
  const { Watcher } = await import("../watch/scope.ts");
  const { Telling } = await import("../watch/telling.ts");
  const { watch } = await import("../watch/watch.ts");
  const { of, product, state, events, since, once, program, atOnce, file } = wanted;
  const client = await session.service();
  const patience = new Patience(session, !once);
  const productId =
    product === undefined ? undefined : (await patience.read(() => findProduct(session, product))).id;
  const looks = new Looks(client, productId === undefined ? {} : { productId });
  const watcher = new Watcher(session, of === "mine");
  const looked = await patience.read((signal) => looks.all(signal));
  const known = file?.read({
    service: session.settings.url?.value.trim() ?? "",
    watches: of,
    product: productId ?? null,
    state: state ?? null,
    person: of === "all" ? null : (watcher.me?.objectId ?? null),
  });
  const memory = known ?? new Memory();
  const page = session.settings.page?.value.trim();
  const telling = new Telling({ session, memory, file, program, atOnce, page });
  const scope = { of, productId, state };
  const isKnown = known !== undefined;
  await watch(
    { session, scope, events, watcher, once, since, isKnown, memory, file, telling },
    looks,
    looked,
    patience,
  );
  if (telling.failed > 0) session.output.note(`${telling.failed} of ${telling.told} programs failed.`);
  return { told: telling.told, failed: telling.failed };
}
