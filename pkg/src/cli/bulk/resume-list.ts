// The command that goes on where a run of a list was stopped: the same one. What is done is not requested again, since
// the journal says it, or else the requests that carry the same batch id.
import { writeDuration } from "../duration.ts";
import { type Resume, resumeWith } from "../resume.ts";
import type { Session } from "../session.ts";
import { longFlag } from "../settings.ts";
import { couldBeSecret, shownPath } from "../withheld.ts";
import { shardText } from "./shard.ts";
import type { SignListOptions } from "./sign-list.ts";

/** @param batch the run's id, once there is one */
export function resumeList(
  session: Session,
  options: SignListOptions,
  batch: () => string | undefined,
): Resume {
  const said = () => {
    const words: string[] = [];
    const untold: string[] = [];
    const tell = (flag: string, value: string | undefined) => {
      if (value === undefined) return;
      if (couldBeSecret(value)) untold.push(flag);
      else words.push(flag, value);
    };
    const { settings } = session;
    for (const name of ["product", "operation"] as const) {
      const setting = settings[name];
      if (setting?.isFlag) tell(longFlag(name), setting.value);
    }
    const { name, description, metadata = [] } = options.details;
    tell("--name", name);
    tell("--description", description);
    for (const entry of metadata) tell("--metadata", `${entry.name}=${entry.value}`);
    tell("--shard", options.shard && shardText(options.shard));
    tell("--skip", options.skip && (options.skip.join(",") || "none"));
    tell("--concurrency", options.concurrency?.toString());
    for (const [flag, ms] of [
      ["--settle", options.settle],
      ["--patience", options.patience],
      ["--timeout", options.timeout],
    ] as const) {
      tell(flag, ms === undefined ? undefined : writeDuration(ms));
    }
    for (const file of options.report ?? []) tell("--report", file);
    if (options.journal === undefined) tell("--batch", batch());
    else tell("--journal", shownPath(options.journal));
    if (!options.mark) words.push("--no-mark");
    if (options.wait) words.push("--wait");
    if (options.keepGoing) words.push("--keep-going");
    if (options.mayBeUnread) words.push("--unread-product");
    const base = resumeWith(session, ["sign", ...options.named, ...words]);
    const input = options.named.includes("-") ? ["the same list on standard input"] : [];
    const more = [...input, ...untold];
    const addition = more.length > 0 ? `and ${more.join(" and ")}, given as before` : undefined;
    return { ...base, addition: [base.addition, addition].filter(Boolean).join("; ") || undefined };
  };
  return {
    lead: "What was requested stays so. The same command goes on where this one stopped:",
    get command() {
      return said().command;
    },
    get addition() {
      return said().addition;
    },
  };
}
