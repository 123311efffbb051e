// What a page loads when it first compares two images: with a worker for what layers hold.
import { workerWith } from "../compare/layer/remote-engine.ts";

// Written so that bundlers see which file it is.
workerWith(() => new Worker(new URL("./compare-worker.js", import.meta.url), { type: "module" }));

export * from "./compare.ts";
