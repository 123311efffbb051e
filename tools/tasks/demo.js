import { demoOptions } from "../../demo/options.js";
import { setUp } from "../build/set-up.js";
import { root } from "../machine/command.js";

const options = demoOptions();
const { sandbox } = await setUp({ sandbox: true });
// Only now are the packages and the module there that it is made of.
const { demo } = await import("../../demo/demo.js");
try {
  console.log(JSON.stringify(await demo({ ...options, program: /** @type {string} */ (sandbox), root })));
} catch (error) {
  console.error(describe(error));
  process.exitCode = 1;
}

/** @param {any} error */
function describe(error) {
  return error.fix ? `${error.message} ${error.fix}` : error.message;
}
