// Runs the blocks for pipelines as their runners do: the steps as the YAML says them, each input put where it stands.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { root } from "../../tools/machine/command.js";
import { observed } from "./cli.js";

/** What GitHub knows of the action's folder. */
const actionFolder = join(root, "ci", "github");

export const readAction = () => parse(readFileSync(join(actionFolder, "action.yml"), "utf8"));

/** The inputs and the job of the component. */
export function readComponent() {
  const text = readFileSync(join(root, "ci", "gitlab", "templates", "sign.yml"), "utf8");
  const [head, pipeline] = parseAllDocuments(text).map((document) => document.toJS());
  return { inputs: head.spec.inputs, pipeline };
}

/**
 * The steps of the action that run, with their environment. It evaluates the little that the action uses, and throws for
 * the rest.
 *
 * @param {Record<string, string>} given
 */
export function stepsOf(given) {
  const { inputs, runs } = readAction();
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, { default: usual = "", required }]) => {
      if (required && given[name] === undefined) throw new Error(`the input ${name} is missing`);
      return [name, given[name] ?? usual];
    }),
  );
  for (const name of Object.keys(given)) if (!(name in inputs)) throw new Error(`there is no input ${name}`);
  const filled = (/** @type {string} */ text) =>
    text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, expression) => {
      const [, name = ""] = expression.match(/^inputs\.([\w-]+)$/) ?? [];
      if (!(name in values)) throw new Error(`not evaluated here: ${expression}`);
      return values[name];
    });
  const runsIf = (/** @type {string | undefined} */ condition) => {
    if (condition === undefined) return true;
    const [, name = ""] = condition.match(/^inputs\.([\w-]+) != ''$/) ?? [];
    if (!(name in values)) throw new Error(`not evaluated here: ${condition}`);
    return values[name] !== "";
  };
  return runs.steps
    .filter((/** @type {any} */ step) => runsIf(step.if))
    .map((/** @type {any} */ { env, ...step }) => ({
      ...step,
      env: Object.fromEntries(
        Object.entries(env).map(([name, text]) => [name, filled(/** @type {string} */ (text))]),
      ),
    }));
}

/** The outputs of the action, as its `outputs` read those of the step. @param {string} written to GITHUB_OUTPUT */
export function outputsOf(written) {
  const lines = written.split("\n").filter(Boolean);
  const set = Object.fromEntries(lines.map((line) => [line.split("=", 1)[0], line.replace(/^[^=]*=/, "")]));
  return Object.fromEntries(
    Object.entries(readAction().outputs).map(([name, { value }]) => {
      const [, output = ""] = value.match(/^\$\{\{ steps\.ensure\.outputs\.(\w+) \}\}$/) ?? [];
      return [name, set[output] ?? ""];
    }),
  );
}

/**
 * The one job of the component. GitLab fills the inputs in, then the runner expands variables in those of the job.
 *
 * @param {Record<string, unknown>} given @param {Record<string, string>} ofPipeline
 */
export function jobOf(given, ofPipeline) {
  const { inputs, pipeline } = readComponent();
  for (const name of Object.keys(given)) if (!(name in inputs)) throw new Error(`there is no input ${name}`);
  const inputOf = (/** @type {string} */ name) => {
    if (!(name in inputs)) throw new Error(`there is no input ${name}`);
    const value = given[name] ?? inputs[name].default;
    if (value === undefined) throw new Error(`the input ${name} is missing`);
    return value;
  };
  const [job] = Object.values(filledIn(pipeline, inputOf));
  const expanded = (/** @type {string} */ text) =>
    text.replaceAll(/\$(\w+)/g, (_, name) => ofPipeline[name] ?? "");
  const variables = Object.fromEntries(
    Object.entries(job.variables).map(([name, variable]) => [
      name,
      typeof variable === "string" ? expanded(variable) : variable.value,
    ]),
  );
  return { ...job, variables, script: [...job.before_script, ...job.script].join("\n") };
}

/** @param {any} value @param {(name: string) => unknown} inputOf @returns {any} */
function filledIn(value, inputOf) {
  if (typeof value === "string") {
    const [, whole] = value.match(/^\$\[\[ inputs\.([\w-]+) \]\]$/) ?? [];
    if (whole !== undefined) return inputOf(whole);
    return value.replaceAll(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name) => String(inputOf(name)));
  }
  if (Array.isArray(value)) return value.map((one) => filledIn(one, inputOf));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [filledIn(key, inputOf), filledIn(one, inputOf)]),
  );
}

/**
 * Runs a script in a process group of its own, so that all of it can be killed, as a runner that goes away does.
 *
 * @param {string} script @param {string} cwd @param {Record<string, string | undefined>} env
 */
export function runScript(script, cwd, env) {
  const words = ["--noprofile", "--norc", "-eo", "pipefail", "-c", script];
  const child = spawn("bash", words, {
    cwd,
    env: { PATH: process.env.PATH, ...env, GITHUB_ACTION_PATH: actionFolder },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  return { ...observed(child), kill: () => process.kill(-(child.pid ?? 0), "SIGKILL") };
}
