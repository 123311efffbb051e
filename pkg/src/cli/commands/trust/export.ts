// `ocisign trust export`: a trust file as the policy of Kyverno and others.
import type { TrustExport } from "ocisign/trust";
import { command, optional } from "../../command.ts";
import { flag, requiredText, text, texts } from "../../options.ts";
import { Problem, usage } from "../../problem.ts";
import * as settings from "../../settings.ts";
import { readTrustFile } from "../../trust-file.ts";
import { shownPath } from "../../withheld.ts";
import { writeFiles } from "../../write-files.ts";

interface Exported extends TrustExport {
  readonly to: string;
  /** The folder that the files were written into. */
  readonly folder: string | undefined;
}

export const exportPolicies = command({
  name: "export",
  summary: "Write a trust file as the policy of a cluster, or of podman.",
  argument: optional("file", "the trust file (default: what --trust or OCISIGN_TRUST names)"),
  options: {
    to: requiredText(
      "--to <consumer>",
      "kyverno, policy-controller, containers (podman, CRI-O, …) or ratify",
    ),
    output: text("--output <folder>", "write the files into it; what is there of the same names is replaced"),
    repository: texts("--repository <name>", "only for this registry/repository; may be repeated"),
    lossy: flag("--lossy", "write it also if it refuses images that the trust file admits"),
  },
  settings: [...settings.trust],
  examples: [
    [
      "Let a cluster admit what the trust file admits.",
      "ocisign trust export trust.json --to kyverno > kyverno.yaml",
    ],
    [
      "Write policy.json and registries.d for podman.",
      "ocisign trust export trust.json --to containers --output containers",
    ],
  ],
  notes: "Without --lossy, nothing is written that means less than the trust file.",
  async run(session, { to, output, repository, lossy }, file): Promise<Exported> {
    const { consumers, exportTrust } = await import("ocisign/trust");
    const consumer = consumers.find((name) => name === to);
    if (!consumer)
      throw usage(`--to ${JSON.stringify(to)} is no consumer.`, `Write one of ${consumers.join(", ")}.`);
    const given = file === undefined ? session.settings.trust : { value: file, from: "FILE" };
    if (!given) throw usage("No trust file is given.", "Name one, or set OCISIGN_TRUST.");
    const trust = await readTrustFile(given.value, given.from);
    const exported = exportTrust(trust, { to: consumer, repositories: repository });
    if (exported.notExpressed.length > 0 && !lossy) throw refusal(consumer, trust.called, exported);
    if (output === undefined && exported.files.length > 1) {
      throw usage(
        `For ${consumer} there are ${exported.files.length} files.`,
        "Name a folder with --output.",
      );
    }
    if (output !== undefined) writeFiles(output, exported.files);
    return { ...exported, to: consumer, folder: output };
  },
  text({ files, folder }) {
    if (folder === undefined) return files[0]?.text.trimEnd();
    return files.map(({ path }) => `${shownPath(folder) ?? "the folder"}/${path}`).join("\n");
  },
  beside({ to, notExpressed, limits, until }, { output }) {
    for (const loss of notExpressed) output.note(`Not expressed: ${loss}`);
    for (const limit of limits) output.note(`Note: ${limit}`);
    if (until !== undefined && !limits.some((limit) => limit.includes(until))) {
      output.note(`At ${until} a key begins or ceases to count; ${to} is told.`);
    }
  },
});

function refusal(to: string, called: string, { notExpressed }: TrustExport): Problem {
  const fix =
    "Name the repositories with --repository, or change the rules. Or give --lossy: then it refuses more than ocisign does.";
  return new Problem("not-expressed", `${to} cannot be told all that ${called} says.`, fix, {
    shown: notExpressed.join("\n"),
    problems: notExpressed.map((message) => ({ message })),
  });
}
