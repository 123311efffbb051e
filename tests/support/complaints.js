/**
 * Whatever a page complains about from now on: errors, and what the console and the Content-Security-Policy say.
 *
 * @param {import("playwright-core").Page} page @param {string[]} [complaints] where they are noted
 */
export function complaintsOf(page, complaints = []) {
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // Browsers report every 404, and a registry says so that there is no signature yet.
    if (message.type() === "error" && !/status of 404/.test(message.text())) complaints.push(message.text());
  });
  return complaints;
}
