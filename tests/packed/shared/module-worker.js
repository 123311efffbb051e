// Loads a module that the page compiled.
import init, { parseReference } from "/node_modules/ocisign/dist/browser.js";

addEventListener("message", async ({ data: { module, text } }) => {
  await init(module);
  postMessage(parseReference(text).canonical);
});
