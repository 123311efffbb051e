// By the address of what was built.
export const startWorker = () => new Worker("/dist/worker.js", { type: "module" });
