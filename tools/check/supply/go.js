// Vulnerabilities of the Go modules that our own tests are built of, by Go's own program and database. What tests compile
// of others (cosign, Kyverno, …) is in their care: nothing of it ships, and nothing asks for it here.
import { dirname } from "node:path";
import { finish, run, which } from "../../machine/command.js";
import { govulncheck, needGoTool, programOf } from "../../machine/go.js";
import { answered, notAsked, reasonIn } from "./answers.js";

/** Go's own. */
export const goDatabase = "https://vuln.go.dev";

/** The end of govulncheck that says that it found something. */
const foundSome = 3;

/** @typedef {import("./answers.js").Answer} Answer */

/** @param {string} database its address @returns {import("./answers.js").Question[]} */
export function goQuestions(database) {
  return [
    {
      name: "Go modules of our tests: vulnerabilities",
      about: "go",
      isOfAdvisories: true,
      ask: (note) => ask(database, note),
    },
  ];
}

/** @param {string} database @param {(text: string) => void} note @returns {Promise<Answer>} */
async function ask(database, note) {
  if (!which("go")) return notAsked("go is missing: install Go from https://go.dev/dl");
  const unreachable = await whyUnreachable(database);
  if (unreachable) return notAsked(`${database} could not be read: ${unreachable}`);
  await needGoTool(govulncheck, { onLine: note, background: true });
  const { stdout } = await run("git", ["ls-files", "*go.mod"]);
  const found = [];
  for (const module of stdout.split("\n").filter(Boolean)) {
    note(module);
    const args = ["-db", database, "-C", dirname(module), "./..."];
    const { code, output } = await finish(programOf(govulncheck), args);
    if (code === foundSome) found.push(`${module}:\n${output.trim()}`);
    else if (code !== 0) return notAsked(`govulncheck could not read ${module}: ${reasonIn(output)}`);
  }
  return answered(database, found.join("\n\n"));
}

/** @param {string} database @returns {Promise<string | undefined>} */
async function whyUnreachable(database) {
  try {
    const { ok, status } = await fetch(`${database}/index/db.json`, { signal: AbortSignal.timeout(20_000) });
    return ok ? undefined : `it answered ${status}`;
  } catch (error) {
    const { cause, message } = /** @type {Error & { cause?: Error }} fetch throws nothing else */ (error);
    return cause?.message || message;
  }
}
