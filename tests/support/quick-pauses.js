// Loaded before a program (`node --import`): its pauses between two looks take a hundredth of their time. Shorter and
// longer timers stay: they are limits, which a busy machine must not reach.
const real = globalThis.setTimeout;
// @ts-expect-error: the timers of Node have more than what is called here
globalThis.setTimeout = (act, ms = 0, ...given) => {
  const quick = ms >= 1500 && ms <= 20_000 ? ms / 100 : ms;
  return real(act, quick, ...given);
};
