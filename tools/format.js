import { run, runTool } from "./command.js";
import { runSteps } from "./steps.js";

const failed = await runSteps([
  { name: "rustfmt", run: () => run("cargo", ["fmt", "--all"]) },
  { name: "biome", run: () => runTool("@biomejs/biome/bin/biome", ["check", "--write", "."]) },
]);
process.exitCode = failed.length ? 1 : 0;
