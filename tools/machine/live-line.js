// What is going on now: redrawn on a terminal, said now and then in a log.

const terminal = Boolean(process.stdout.isTTY) && !process.env.CI;
const drawEveryMs = 200;
const logEveryMs = 30_000;

/** @param {number} since by `performance.now()` */
export function elapsed(since) {
  return duration(performance.now() - since);
}

/** @param {number} ms */
export function duration(ms) {
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/**
 * @param {() => string} drawn what a terminal shows @param {() => string} logged what a log is told
 * @returns how to end it, and how to print beside it
 */
export function liveLine(drawn, logged) {
  const draw = () => {
    process.stdout.write(`\r\x1b[K${drawn().slice(0, (process.stdout.columns ?? 80) - 1)}`);
  };
  const erase = () => terminal && process.stdout.write("\r\x1b[K");
  const timer = terminal
    ? setInterval(draw, drawEveryMs)
    : setInterval(() => console.log(logged()), logEveryMs);
  if (terminal) draw();
  return {
    /** @param {string} text */
    print(text) {
      erase();
      console.log(text);
    },
    end() {
      clearInterval(timer);
      erase();
    },
  };
}
