// `ocisign doctor`: does the service work as it is set up here? By GET only.
import type { Profile } from "ocisign";
import { visible } from "../../shown/visible.ts";
import { command } from "../command.ts";
import { type Finding, type Topic, topics, type Verdict } from "../doctor/finding.ts";
import { counted } from "../doctor/words.ts";
import { text } from "../options.ts";
import type { Output, Tone } from "../output.ts";
import { exitCode, usage } from "../problem.ts";
import { withoutSecrets } from "../secrets.ts";
import * as settings from "../settings.ts";
import { checkNew, writeNew } from "../write-new.ts";

interface Report {
  readonly findings: readonly Finding[];
  readonly profile: Profile;
  /** Where it was written to. */
  readonly written: string | undefined;
}

export const doctor = command({
  name: "doctor",
  summary: "Check a service and its registry from here, by reading only.",
  options: {
    origin: text(
      "--origin <url>",
      "origin of a page that is to use the service, such as https://portal.example",
    ),
    writeProfile: text("--write-profile <file>", "write a profile to begin with into this new file"),
  },
  settings: settings.registry,
  examples: [
    [
      "Look at a service for the first time.",
      "ocisign doctor --url https://app.laavat.io/acme/api/v1 -t @token",
    ],
    ["Begin a profile.", "ocisign doctor --write-profile profile.json"],
  ],
  notes: `It sends GET calls only: nothing is requested, decided or changed.
It ends with code 1 if it found a problem.`,
  async run(session, { origin, writeProfile }): Promise<Report> {
    if (writeProfile !== undefined) checkNew(writeProfile);
    const { checkUp } = await import("../doctor/checkup.ts");
    const { findings, profile } = await checkUp(session, origin && originOf(origin));
    session.output.settle();
    if (writeProfile !== undefined) writeNew(writeProfile, `${JSON.stringify(profile, null, 2)}\n`);
    return { findings: findings.map(clean), profile, written: writeProfile };
  },
  text: ({ findings }, output) => topics.flatMap((topic) => section(topic, findings, output)).join("\n"),
  beside({ findings, written }, { output }) {
    output.note(summaryOf(findings));
    if (written !== undefined) output.note(`The profile is in ${visible(written)}. Give it with --profile.`);
    else if (findings.some(isAdvice)) output.note("Add --write-profile FILE to get that profile.");
  },
  json: ({ findings, profile }) => ({ findings, profile }),
  exit: ({ findings }) => (findings.some(isProblem) ? exitCode.error : exitCode.done),
});

/** No page has another kind of origin (RFC 6454). */
function originOf(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin;
  throw usage("--origin is not the origin of a page.", "Write it as https://portal.example, without a path.");
}

/** Foreign words may hold anything. */
function clean({ point, found, fix, ...rest }: Finding): Finding {
  const words = { point: withoutSecrets(point), found: withoutSecrets(found) };
  return { ...rest, ...words, ...(fix !== undefined && { fix: withoutSecrets(fix) }) };
}

/** That the service differs from what the profile says. */
function isAdvice({ topic, point }: Finding): boolean {
  return topic === "profile" && point === "differs";
}

function isProblem({ verdict }: Finding): boolean {
  return verdict === "problem";
}

const marks: Readonly<Record<Verdict, readonly [string, Tone]>> = {
  ok: ["✓", "good"],
  warning: ["!", "unsure"],
  problem: ["✗", "bad"],
  unknown: ["-", "faint"],
};

const headings: Readonly<Record<Topic, string>> = {
  service: "Service",
  token: "Token",
  products: "Products",
  requests: "Requests",
  key: "Key",
  registry: "Registry",
  profile: "Profile",
};

function section(topic: Topic, findings: readonly Finding[], output: Output): string[] {
  const those = findings.filter((finding) => finding.topic === topic);
  if (those.length === 0) return [];
  return [output.paint("strong", headings[topic]), ...those.flatMap((finding) => lines(finding, output)), ""];
}

function lines({ verdict, point, found, fix }: Finding, output: Output): string[] {
  const [mark, tone] = marks[verdict];
  const first = `  ${output.paint(tone, mark)} ${visible(point)}: ${visible(found)}`;
  return fix === undefined ? [first] : [first, `      ${visible(fix)}`];
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (verdict: Verdict) => findings.filter((finding) => finding.verdict === verdict).length;
  const problems = count("problem");
  const warnings = count("warning");
  if (problems + warnings === 0) return "No problem was found.";
  return `${counted(problems, "problem")} and ${counted(warnings, "warning")} were found.`;
}
