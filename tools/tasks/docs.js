import { setUp } from "../build/set-up.js";
import { docs } from "../check/docs.js";
import { runSteps } from "../machine/steps.js";

await setUp({});
const failed = await runSteps(docs, { keepGoing: true });
if (failed.length) process.exitCode = 1;
else console.log("\ntarget/docs/core/ocisign/index.html\ntarget/docs/package/index.html");
