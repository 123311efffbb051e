// The program's start. It says its version and its help at once: they are texts that the build wrote (pages.ts). All else
// is loaded for what needs it.
import { version } from "../../package.json";
import { keepCompiled } from "./compile-cache.ts";
import { type Pages, pageFor } from "./page-for.ts";

const words = process.argv.slice(2);
const text = textFor(words);
if (text === undefined) {
  keepCompiled();
  // Where nothing is left that could go on, Node ends without a word, and well. That is no success.
  const isNoSuccess = () => {
    process.exitCode = 1;
  };
  process.once("beforeExit", isNoSuccess);
  program()
    .run(process.argv)
    .then((exitCode) => {
      process.off("beforeExit", isNoSuccess);
      process.exitCode = exitCode;
    });
} else {
  process.stdout.on("error", (error: unknown) => program().failToWrite(error));
  process.stdout.write(text);
}

function program(): typeof import("./run.ts") {
  return require("./run.cjs");
}

function textFor([first, ...more]: readonly string[]): string | undefined {
  if (first === undefined) return undefined;
  if (more.length === 0 && (first === "--version" || first === "-V")) return `${version}\n`;
  const { isTTY, columns = 80 } = process.stdout;
  // A narrow terminal has lines of its own.
  if (isTTY && columns < 80) return undefined;
  return pageFor(words, readPages);
}

function readPages(): Pages {
  return require("./pages.json");
}
