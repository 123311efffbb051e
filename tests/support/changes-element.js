// <ocisign-changes> on the stage, with a comparison of the test's own.
import { mount, useStage } from "./stage.js";

/** As it travels to a page: an error keeps what it says. @param {unknown} changes */
export const sendable = (changes) =>
  JSON.parse(
    JSON.stringify(changes, (_, value) =>
      value instanceof Error ? { ...value, message: value.message } : value,
    ),
  );

/** The element on a page of its own. */
export function useChanges() {
  const stage = useStage();

  /**
   * Shows a comparison.
   *
   * @param {import("./image-changes.js").ImageChanges} changes
   * @param {{ properties?: Record<string, unknown>, options?: Parameters<typeof stage.open>[0] }} [more]
   */
  async function show(changes, { properties = {}, options } = {}) {
    const { page, complaints } = options ? await stage.open(options) : await stage.openAgain();
    await mount(page, "ocisign-changes", { properties: { changes: sendable(changes), ...properties } });
    await page.locator('[part="summary"]').waitFor();
    return { page, complaints };
  }

  return { stage, show };
}
