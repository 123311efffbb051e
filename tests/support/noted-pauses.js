// Loaded before a program (`node --import`): it takes a hundredth of its longer pauses, and tells each on standard error.
const real = globalThis.setTimeout;
// @ts-expect-error: the timers of Node have more than what is called here
globalThis.setTimeout = (act, ms = 0, ...given) => {
  if (ms < 1500 || ms > 30_000) return real(act, ms, ...given);
  process.stderr.write(`pause ${ms}\n`);
  return real(act, ms / 100, ...given);
};
