// What is told of a list that cannot be used as it is.
import type { Product } from "ocisign";
import { visible } from "../../shown/visible.ts";
import type { Output } from "../output.ts";
import { Problem } from "../problem.ts";
import { couldBeSecret, shownReference, withheld } from "../withheld.ts";
import { isOfReference, type WrongLine } from "./entries.ts";
import { type ImageList, mostTold } from "./image-list.ts";

/**
 * @param verb what the command does with the others: `requests`, `verifies`
 * @throws {Problem} when it names nothing, or when lines are wrong that may not be passed over
 */
export async function checkList(list: ImageList, keepGoing: boolean, verb = "requests"): Promise<void> {
  if (list.isEmpty) {
    throw new Problem(
      "bad-file",
      `${list.name} names no image.`,
      "Write one image a line; # begins a comment.",
    );
  }
  if (list.wrong.some(({ text }) => couldBeSecret(text))) {
    const what = `${list.name} could hold a secret: line ${list.wrong[0]?.line} does not name an image.`;
    throw new Problem("bad-file", what, "Name a file that lists images, one a line. Nothing was sent.");
  }
  if (list.wrongCount > 0 && !keepGoing) throw await notImages(list, verb);
}

async function notImages({ name, wrong, wrongCount }: ImageList, verb: string): Promise<Problem> {
  const told = await Promise.all(wrong.map(async (line) => ({ line, all: await allWrong(line) })));
  const shown = told.map(({ line, all }) => {
    const mark = all.shown?.replace(/^/gm, "  ");
    const lines = [visible(all.message), ...(mark ? [mark] : []), `  ${visible(all.fix)}`];
    return `${name}:${line.line}:${line.offset + 1}: ${lines.join("\n")}`;
  });
  const lines = told.map(({ line, all: { problems } }) => {
    return { ...line, text: shownReference(line.text) ?? withheld, problems };
  });
  const what = `${counted(wrongCount, "line")} of ${name} ${wrongCount === 1 ? "does" : "do"} not name an image.`;
  const fix = `Correct these lines, then start again. Nothing was sent. --keep-going ${verb} the others.`;
  return new Problem("bad-reference", what, fix, { shown: withRest(shown, wrongCount), lines });
}

/** All mistakes of a line; of one that is no text, the place alone. */
async function allWrong(line: WrongLine) {
  if (!isOfReference(line)) return { ...line, shown: undefined, problems: undefined };
  const { allOf, problemsOf } = await import("../reference-problems.ts");
  const { parseReference } = await import("ocisign");
  return allOf(problemsOf(line.text, { ...line, taken: "no" }, parseReference), line.text);
}

/** @throws {Problem} when the product does not sign for the registry of an image */
export async function checkRegistries(list: ImageList, product: Product): Promise<void> {
  const { told, count } = await list.registries.elsewhere(product);
  const [first] = told;
  if (!first) return;
  const shown = told.map(({ line, refused }) => `${list.name}:${line}: ${visible(refused.message)}`);
  const lines = told.map(({ line, reference, refused: { code, message, fix } }) => {
    return { line, reference, code, message, fix };
  });
  const what = `${counted(count, "image")} of ${list.name} cannot be signed with this product.`;
  const fix = `${first.refused.fix} Nothing was sent. --keep-going requests the others.`;
  throw new Problem(first.refused.code, what, fix, { shown: withRest(shown, count), lines });
}

function withRest(shown: readonly string[], count: number): string {
  const more = count - shown.length;
  return [...shown, ...(more > 0 ? [`… and ${counted(more, "more line")}`] : [])].join("\n");
}

/** So many are told one by one: a list that was joined from others may repeat all of itself. */
const mostRepetitions = 20;

export function tellRepetitions({ repeated, repeatedCount }: ImageList, output: Output, what: string): void {
  const told = repeated.slice(0, Math.min(mostRepetitions, mostTold));
  for (const { line, first } of told)
    output.note(`Line ${line} repeats line ${first}; the image is ${what} once.`);
  const more = repeatedCount - told.length;
  if (more > 0)
    output.note(`${counted(more, "more line")} ${more === 1 ? "repeats" : "repeat"} an earlier one.`);
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
