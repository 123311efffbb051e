// Work that takes much memory: one piece at a time, however many platforms are compared side by side.
import { follow } from "../http/deadline.ts";
import { checkSignal } from "./signal.ts";

let last: Promise<unknown> = Promise.resolve();

/** Does a piece of work when all before it have ended, however they ended. The caller's signal ends the waiting, too. */
export function alone<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const mine = last.then(() => {
    checkSignal(signal);
    return work();
  });
  last = mine.catch(() => {});
  return new Promise((resolve, reject) => {
    const stop = () => {
      try {
        checkSignal(signal);
      } catch (error) {
        reject(error);
      }
    };
    const unfollow = follow(signal, stop);
    mine.then(resolve, reject).finally(unfollow);
  });
}
