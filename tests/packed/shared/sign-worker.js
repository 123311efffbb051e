// The program in a worker, beside the documented snippet: a task is an object, what that one reads is text.
import * as ocisign from "ocisign";
import { program } from "./program.mjs";
import start from "./start.js";

const ready = start();
addEventListener("message", async (event) => {
  if (typeof event.data !== "object") return;
  event.stopImmediatePropagation();
  await ready;
  const report = await program(ocisign, event.data).catch((error) => ({
    failed: `${error.message} ${error.fix}`,
  }));
  postMessage(report);
});
