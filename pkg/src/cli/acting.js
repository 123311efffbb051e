// What acts at the service, and cannot be taken back when Ctrl-C comes while it is under way.

/**
 * @template T
 * @param {import("./session.js").Session} session @param {string} what such as `The approval`
 * @param {() => Promise<T>} act @returns {Promise<T>}
 */
export async function acting({ output, signal }, what, act) {
  try {
    return await act();
  } catch (error) {
    if (signal.aborted) {
      output.settle();
      output.note(`${what} was under way, and may have been taken: look with \`ocisign signings\`.`);
    }
    throw error;
  }
}
