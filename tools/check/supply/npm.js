// Advisories of npm packages, and the signatures of the registry that they came from, by npm itself.
import { finish } from "../../machine/command.js";
import { npmCommand } from "../../machine/npm.js";
import { acceptedOn } from "./accepted.js";
import { answered, notAsked, reasonIn } from "./answers.js";

/** @typedef {import("./answers.js").Answer} Answer */

/** @type {import("./answers.js").Question[]} */
export const npmQuestions = [
  { name: "npm packages: advisories", about: "npm", isOfAdvisories: true, ask: askAudit },
  { name: "npm packages: signatures of the registry", about: "npm", ask: askSignatures },
];

/** For what is not there, npm would wait for more than a minute. */
const soon = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"];

/** @returns {Promise<Answer>} */
async function askAudit() {
  const told = await npmJson(["audit", "--json", ...soon]);
  if (!isRecord(told.reply) || !isRecord(told.reply.vulnerabilities)) return unreached(told);
  const known = acceptedOn(new Date()).map(({ id }) => id);
  const found = Object.values(told.reply.vulnerabilities).flatMap((it) => advisoriesIn(it, known));
  return answered("the registry's advisories for package-lock.json", [...new Set(found)].join("\n"));
}

/** @returns {Promise<Answer>} */
async function askSignatures() {
  const told = await npmJson(["audit", "signatures", "--json", ...soon]);
  if (!isRecord(told.reply) || !Array.isArray(told.reply.invalid)) return unreached(told);
  const { invalid, missing } = told.reply;
  const named = (/** @type {unknown} */ list, /** @type {string} */ what) =>
    (Array.isArray(list) ? list : []).map((it) => `${it.name}@${it.version} ${what}`);
  const found = [...named(invalid, "has a signature that is invalid"), ...named(missing, "has no signature")];
  return answered("the registry's keys and Sigstore", found.join("\n"));
}

/** @typedef {{ reply: unknown, output: string }} Told */

/** @param {string[]} args @returns {Promise<Told>} */
async function npmJson(args) {
  const [command, ...first] = npmCommand();
  const { stdout, output } = await finish(command, [...first, ...args]);
  try {
    return { reply: JSON.parse(stdout), output };
  } catch {
    return { reply: undefined, output };
  }
}

/** @param {Told} told */
function unreached({ reply, output }) {
  if (!isRecord(reply)) return notAsked(reasonIn(output));
  const error = isRecord(reply.error) ? reply.error.summary : undefined;
  return notAsked(reasonIn(String(reply.message || error || output)));
}

/** @param {unknown} vulnerability as npm lists one @param {string[]} known @returns {string[]} */
function advisoriesIn(vulnerability, known) {
  if (!isRecord(vulnerability) || !Array.isArray(vulnerability.via)) return [];
  // A text names another entry of the list.
  const own = vulnerability.via.filter(isRecord).map(({ name, range, severity, title, url }) => ({
    id: String(url).split("/").at(-1) ?? "",
    text: `${name} ${range}: ${title} (${severity}, ${url})`,
  }));
  return own.filter(({ id }) => !known.includes(id)).map(({ text }) => text);
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isRecord(value) {
  return typeof value === "object" && value !== null;
}
