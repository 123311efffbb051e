// The questions whose answers change while nothing here changes, as jobs of a run of the tests.
import { inShort } from "../reporters/counts.js";
import { answerOf, inWords } from "./answers.js";
import { crateQuestions } from "./crates.js";
import { goDatabase, goQuestions } from "./go.js";
import { npmQuestions } from "./npm.js";

/** @typedef {import("./answers.js").Answer} Answer */

/** @returns {import("../pool.js").Job[]} */
export function advisoryJobs() {
  const questions = [...crateQuestions(undefined), ...npmQuestions, ...goQuestions(goDatabase)];
  return questions
    .filter(({ isOfAdvisories }) => isOfAdvisories)
    .map((question) => ({
      name: question.name,
      // Go compiles on all processors.
      ...(question.about === "go" && { alone: "go" }),
      run: async () => outcomeOf(question, await answerOf(question, () => {})),
    }));
}

/** A question that was not asked is one that was left out. @param {import("./answers.js").Question} question @param {Answer} answer */
export function outcomeOf({ about }, answer) {
  const [found, unasked] = [answer.state === "found" ? 1 : 0, answer.state === "not-asked" ? 1 : 0];
  const again = `to ask again: npm run supply -- --advisories --only ${about}`;
  return {
    ...{ passed: 1 - found - unasked, failed: found, skipped: unasked },
    output: `${inWords(answer)}${found ? `\n  ${again}` : ""}\n`,
    ...(answer.state === "found" && { wrong: [`${again}; found: ${inShort(answer.found)}`] }),
  };
}
