// From a request to a verified signature, as people go through the page.
import { approve } from "./page.js";

/**
 * One requests, two approve. It ends when the requester's page shows the signature verified.
 *
 * @param {ReturnType<typeof import("./page.js").usePage>} on @param {number} signedCode the service's code for signed
 */
export async function signThroughPage(on, signedCode) {
  const requester = await on.open({ name: "Requester" });
  const { page } = requester;
  await page.getByRole("navigation").getByRole("link", { name: "Request a signature" }).click();
  await page.getByLabel("Image, or a list of images").fill(on.image);
  await page.getByText("linux/amd64").waitFor();
  await page.getByLabel("Why").fill("for the release");
  await page.getByRole("button", { name: "Request signature" }).click();
  await page
    .getByRole("link", { name: "Open the request" })
    .or(page.getByRole("button", { name: "Open the request" }))
    .click();
  await page.waitForURL(/#\/requests\//);
  const id = decodeURIComponent(new URL(page.url()).hash.split("/")[2] ?? "");
  await page.getByText("You cannot approve this: you requested it yourself.").waitFor();

  /** @type {string[]} */
  const complaints = [];
  for (const name of ["Approver one", "Approver two"]) {
    const approver = await on.open({ name });
    await approver.page
      .getByRole("link", { name: /Open.*team\/app/ })
      .first()
      .click();
    await approver.page.getByText("for the release").last().waitFor();
    await approve(approver.page, on.image);
    complaints.push(...approver.complaints);
  }

  const detail = page.locator("ocisign-signing");
  await detail.getByText(`signed (${signedCode})`).first().waitFor();
  await detail.getByText("Verified", { exact: true }).first().waitFor();
  return { id, complaintsOf: { approvers: complaints, requester: requester.complaints } };
}
