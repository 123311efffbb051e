// Loaded before a program (`node --import`): the clock on its wall jumps, a day on and two days back, by turns, as when
// somebody sets it or a machine wakes. What measures durations, `performance.now`, goes on as it does.
const day = 86_400_000;
const real = Date.now.bind(Date);
let looks = 0;
Date.now = () => {
  looks += 1;
  return real() + (Math.floor(looks / 5) % 2 === 0 ? day : -day);
};
