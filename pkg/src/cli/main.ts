// The program's first file. It says its version and its help at once: they are texts that the build wrote (pages.ts).
// All else is loaded for what needs it.
import { readFileSync } from "node:fs";
import { version } from "../../package.json";
import { type Pages, pageFor } from "./page-for.ts";

const words = process.argv.slice(2);
const text = textFor(words);
if (text === undefined) {
  const { keepCompiled } = await import("./compile-cache.ts");
  keepCompiled();
  const { run } = await import("./run.ts");
  process.exitCode = await run(process.argv);
} else {
  process.stdout.on("error", sayUnwritten);
  process.stdout.write(text);
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
  // The build wrote it.
  return JSON.parse(readFileSync(new URL("./pages.json", import.meta.url), "utf8")) as Pages;
}

async function sayUnwritten(error: unknown): Promise<void> {
  const { failToWrite } = await import("./interruption.ts");
  failToWrite(error);
}
