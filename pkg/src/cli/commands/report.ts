// `ocisign report`: what came of a list, from the journals of its parts.
import type { MergedRuns } from "../bulk/merge.ts";
import { command, several } from "../command.ts";
import { texts } from "../options.ts";
import type { Session } from "../session.ts";

export const report = command({
  name: "report",
  isRare: true,
  summary: "Tell what came of a list, from the journals of its runs.",
  argument: several("journal", "as --journal of `ocisign sign` wrote it; one for each part"),
  options: {
    report: texts("--report <file>", "what came of each image: .jsonl, .xml (JUnit) or .csv; repeatable"),
  },
  examples: [
    ["Tell what a run has done, also while it goes on.", "ocisign report images.journal"],
    [
      "Put the parts of a list together, for a CI and for a person.",
      "ocisign report *.journal --report images.xml --report images.csv",
    ],
  ],
  notes: "The exit code is that of the worst image, as for `ocisign sign --wait`.",
  async run(session: Session, options, journals): Promise<MergedRuns> {
    const { mergeJournals } = await import("../bulk/merge.ts");
    return mergeJournals(session, journals, options.report ?? []);
  },
  text: ({ summary }) => summary,
  json: ({ document }) => document,
  exit: ({ exit }) => exit,
});
