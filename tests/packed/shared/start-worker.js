// As bundlers find workers by themselves.
export const startWorker = () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
