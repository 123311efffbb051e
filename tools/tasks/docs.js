import { setUp } from "../build/set-up.js";
import { docs } from "../check/docs.js";
import { readOptions } from "../machine/options.js";
import { runSteps } from "../machine/steps.js";

readOptions(
  `Makes the API reference of the core and of the package, in target/docs.

  npm run docs`,
  {},
);

await setUp({});
const failed = await runSteps(docs, { keepGoing: true });
if (failed.length) process.exitCode = 1;
else console.log("\ntarget/docs/core/ocisign/index.html\ntarget/docs/package/index.html");
