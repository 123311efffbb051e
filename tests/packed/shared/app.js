// What a page offers to the test beside the documented snippet: the program, in the page and in a worker.
import * as ocisign from "ocisign";
import { program } from "./program.mjs";
import { startWorker } from "./start-worker.js";

const ask = (message) =>
  new Promise((resolve, reject) => {
    const worker = startWorker();
    worker.onmessage = ({ data }) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = (event) => reject(new Error(event.message ?? "the worker did not start"));
    worker.postMessage(message);
  });

globalThis.offered = { sign: (task) => program(ocisign, task), ask };
