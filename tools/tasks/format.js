import { run, runTool } from "../machine/command.js";
import { readOptions } from "../machine/options.js";
import { runSteps } from "../machine/steps.js";

readOptions(
  `Formats everything.

  npm run format`,
  {},
);

const failed = await runSteps([
  { name: "rustfmt", run: () => run("cargo", ["fmt", "--all"]) },
  { name: "biome", run: () => runTool("@biomejs/biome/bin/biome", ["check", "--write", "."]) },
]);
if (failed.length) process.exitCode = 1;
