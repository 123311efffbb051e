// What the page's bar knows of the person who is signed in.

/** Opens it, unless it is open. @param {import("playwright-core").Page} page */
export async function openPerson(page) {
  if (await page.locator("page-sign-in #person").isVisible()) return;
  await page.locator("page-sign-in .who").click();
  await page.locator("page-sign-in #person").waitFor();
}
