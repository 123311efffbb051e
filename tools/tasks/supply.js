// What is known against the things that this project is built of. A source that cannot be reached is told, and its
// question counts as not asked, never as passed.
import { answerOf, inWords } from "../check/supply/answers.js";
import { crateQuestions, whyNoCopy } from "../check/supply/crates.js";
import { goDatabase, goQuestions } from "../check/supply/go.js";
import { npmQuestions } from "../check/supply/npm.js";
import { readOptions, refuse } from "../machine/options.js";
import { runSteps } from "../machine/steps.js";

const subjects = ["crates", "npm", "go"];
const options = readOptions(
  `Asks what is known against the crates, npm packages and Go modules that this project is built of:
licences, sources, advisories, signatures. Each answer names its source. A question whose source cannot
be reached is told as not asked.

  npm run supply [-- --strict --advisories --only crates,npm,go --advisory-db PATH]

  --advisories   asks for advisories alone, as CI does in each run
  --advisory-db  a clone of RustSec's repository on this machine, in place of the one on the network
  --go-database  where Go's database of vulnerabilities is, in place of ${goDatabase}
  --only         ${subjects.join(", ")}: these, and no others
  --strict       fails when a question was not asked, too
  --help         this text

It ends with 1 when something is found. tools/check/supply/accepted.js holds what concerns us in
nothing, until its day.`,
  {
    advisories: { type: "boolean" },
    "advisory-db": { type: "string" },
    "go-database": { type: "string", default: goDatabase },
    only: { type: "string", default: subjects.join(",") },
    strict: { type: "boolean" },
  },
);

/** @typedef {import("../check/supply/answers.js").Answer} Answer */

const wanted = readSubjects(options.only);
const mistake = options["advisory-db"] && (await whyNoCopy(options["advisory-db"]));
if (mistake) refuse(mistake);
const questions = [
  ...crateQuestions(options["advisory-db"]),
  ...npmQuestions,
  ...goQuestions(options["go-database"]),
].filter(({ about, isOfAdvisories }) => wanted.includes(about) && (isOfAdvisories || !options.advisories));

/** @type {Answer[]} */
const answers = [];
const failed = await runSteps(
  questions.map((question) => ({
    name: question.name,
    run: async (note) => {
      const answer = await answerOf(question, note);
      answers.push(answer);
      console.log(inWords(answer));
    },
  })),
  { keepGoing: true },
);
if (failed.length > 0) process.exitCode = 1;
conclude();

/** @param {string} text */
function readSubjects(text) {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !subjects.includes(name));
  if (unknown !== undefined) refuse(`there is no subject ${unknown}, only ${subjects.join(", ")}`);
  return names;
}

function conclude() {
  const count = (/** @type {Answer["state"]} */ state) => answers.filter((it) => it.state === state).length;
  const [found, unasked] = [count("found"), count("not-asked")];
  console.log(
    `${answers.length} questions: ${found} found something, ${count("nothing")} found nothing, ${unasked} not asked.`,
  );
  if (unasked > 0) console.log("What was not asked has not passed: ask it where its source can be reached.");
  if (found > 0) console.log(`To ask again: npm run supply -- ${process.argv.slice(2).join(" ")}`.trimEnd());
  if (found > 0 || (options.strict && unasked > 0)) process.exitCode = 1;
}
