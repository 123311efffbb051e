import { docs } from "./docs-steps.js";
import { setUp } from "./setup.js";
import { runSteps } from "./steps.js";

await setUp({});
const failed = await runSteps(docs, { keepGoing: true });
if (failed.length) process.exitCode = 1;
else console.log("\ntarget/docs/core/ocisign/index.html\ntarget/docs/package/index.html");
