// The file that a page loads when it first compares images. Layers are read in a worker, so that the page goes on
// answering; a bundler finds the worker's file by this very form.
import { workerWith } from "../compare/layer/remote-engine.ts";

workerWith(() => new Worker(new URL("./compare-worker.js", import.meta.url), { type: "module" }));

export * from "./compare.ts";
