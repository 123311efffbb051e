// One strict check of an image reference, a call; and a wrong one, which throws.
import { createRequire } from "node:module";
import { parseReference } from "ocisign";
import { parsePlain } from "../contenders/plain-reference.js";
import { oneRegex } from "../contenders/regex-reference.js";
import { rows } from "../lib/tables.js";

const peer = createRequire(import.meta.url);

/** Many different images, so that nobody answers from memory. */
const images = Array.from({ length: 1000 }, (_, at) => {
  const hex = at.toString(16).padStart(4, "0").repeat(16);
  return `656666598317.dkr.ecr.eu-west-1.amazonaws.com/team/app-${at}:1.${at}@sha256:${hex}`;
});
const wrong = images.map((image) => image.replace("@sha256:", "@sha256:G"));

/** @type {import("../lib/topic.js").Topic} */
export const topic = {
  name: "references",
  title: "One image reference, checked strictly",
  async cases() {
    const { parseQualifiedName } = peer("@swimlane/docker-reference");
    const parseImage = peer("docker-parse-image");
    const every = (/** @type {(text: string) => unknown} */ parser) => () => {
      for (const image of images) parser(image);
    };
    const everyWrong = (/** @type {(text: string) => unknown} */ parser) => () => {
      for (const image of wrong) refused(parser, image);
    };
    const contender = (/** @type {string} */ name, /** @type {(text: string) => unknown} */ parser) => ({
      ...{ name, items: images.length, run: every(parser) },
      note: wrongVerdicts(parser),
    });
    return [
      {
        what: "a right one",
        ours: contender("ocisign", parseReference),
        beside: [
          { ...contender("plain JavaScript", parsePlain), aim: 2 },
          { ...contender("@swimlane/docker-reference", parseQualifiedName), aim: 4 },
          { ...contender("docker-parse-image", parseImage) },
          { ...contender("one regular expression", oneRegex), aim: 1 },
        ],
      },
      {
        what: "a wrong one, which throws",
        ours: { name: "ocisign", items: wrong.length, run: everyWrong(parseReference) },
        beside: [{ name: "plain JavaScript", items: wrong.length, run: everyWrong(parsePlain), aim: 0.8 }],
      },
    ];
  },
};

/** @param {(text: string) => unknown} parser @param {string} text */
function refused(parser, text) {
  try {
    parser(text);
  } catch {
    return;
  }
  throw new Error(`${text} was not refused`);
}

/** How many rows of the tables a parser judges otherwise: taken where it is wrong, or refused where it is right. */
function wrongVerdicts(/** @type {(text: string) => unknown} */ parser) {
  const all = rows();
  const differing = all.filter(({ text, verdict }) => takes(parser, text) !== verdict.startsWith("="));
  return `${differing.length} of ${all.length} rows judged wrongly`;
}

/** @param {(text: string) => unknown} parser @param {string} text */
function takes(parser, text) {
  try {
    return Boolean(parser(text));
  } catch {
    return false;
  }
}
