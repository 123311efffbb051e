// `npm run picture`: takes the picture of the page that the README shows, on a sandbox of its own: an approver before a
// decision, in light and in dark.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setUp } from "../build/set-up.js";
import { launchChromium } from "../machine/browser.js";
import { root } from "../machine/command.js";
import { readOptions } from "../machine/options.js";

readOptions(
  `Takes the pictures of the page that the README shows, on a sandbox of its own.

  npm run picture`,
  {},
);

const { sandbox: program } = await setUp({ sandbox: true, page: true });
// Only now are the packages and the module there that these need.
const { SigningClient } = await import("ocisign");
const { startSandbox } = await import("../../demo/sandbox.js");
const { offerSomethingToSign } = await import("../../demo/something-to-sign.js");

const data = mkdtempSync(join(tmpdir(), "ocisign-picture-"));
const sandbox = await startSandbox({
  program: /** @type {string} */ (program),
  data,
  args: ["--www", join(root, "www", "build")],
});
try {
  const id = await requests();
  const browser = await launchChromium();
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1440, height: 900 } });
    await page.goto(`${sandbox.url}#/requests/${id}?filter=open`);
    await page.getByRole("button", { name: "Approver one", exact: true }).click();
    await page.getByText("linux/amd64").first().waitFor();
    await page.getByText("The registry holds no signature of this digest.").waitFor();
    await page.screenshot({ path: join(root, "docs", `page-${colorScheme}.png`) });
    await page.close();
  }
  await browser.close();
} finally {
  await sandbox.stop();
  rmSync(data, { recursive: true, force: true });
}

/** A few requests, of which the first is looked at. @returns {Promise<string>} its id */
async function requests() {
  const { image, product } = await offerSomethingToSign(sandbox);
  const client = new SigningClient({ baseUrl: sandbox.base, token: sandbox.person("requester").token });
  /** @param {string} description @param {string} version */
  const ask = async (description, version) =>
    client.requestSigning({
      productId: product,
      artifact: image,
      name: `Release ${version}`,
      description,
      metadata: [
        { name: "Version", value: version },
        { name: "Build", value: `https://ci.example/builds/${version}` },
      ],
    });
  const { id } = await ask("Release 4.2, as agreed with the customer on Monday", "4.2.0");
  await ask("Mends the time zone of reports", "4.2.1");
  const other = await ask("First build with the new base image", "5.0.0-rc.1");
  const approver = new SigningClient({ baseUrl: sandbox.base, token: sandbox.person("approver-two").token });
  await approver.approve(other.id);
  return id;
}
