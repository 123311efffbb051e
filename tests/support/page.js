// Our own page in Chromium, on a sandbox, for one person at a time. Whatever it complains about, a test can ask for.
import { fileURLToPath } from "node:url";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { useBrowser, useSandbox, useWhileTesting } from "./browser.js";
import { audience, clientId, startIssuer } from "./issuer.js";
import { productFor } from "./sandbox.js";

/** @typedef {import("playwright-core").Page} Page */

/** Where the page is built. */
export const www = fileURLToPath(new URL("../../www/build", import.meta.url));

/**
 * The set-up of a test file about the page: a browser, and the page on a sandbox with a product and an image. People
 * sign in as one of the sandbox's, with a token, or at an issuer.
 *
 * @param {{ args?: () => string[] }} [more] more arguments of the sandbox, read when it starts
 */
export function usePage({ args = () => [] } = {}) {
  const { newContext, newPage } = useBrowser();
  const issuer = useWhileTesting(
    () => startIssuer(),
    ({ close }) => close(),
  );
  const started = useSandbox(() => [
    ...args(),
    ...["--www", www, "--oidc-issuer", issuer().url],
    ...["--oidc-audience", audience, "--oidc-client-id", clientId],
  ]);
  const given = useWhileTesting(
    async () => {
      const { sandbox, as } = started();
      const product = await as("requester").createProduct(productFor(sandbox));
      const digest = await pushImage(new Registry(sandbox.registry), "team/app");
      return { product, image: `${sandbox.registry.domain}/team/app@${digest}` };
    },
    () => {},
  );

  /**
   * Opens the page.
   *
   * @param {{ name?: string, hash?: string, context?: import("./browser.js").ContextOptions }} [options] `name` of a
   *   person of the sandbox, who is signed in
   */
  async function open({ name, hash = "", context } = {}) {
    const { page, complaints } = await newPage(context);
    await page.goto(`${started().sandbox.url}${hash}`);
    await page.locator("[data-usable]").waitFor();
    if (name) await signInAs(page, name);
    return { page, complaints };
  }

  /** Requests a signature. @param {Partial<import("ocisign").SigningRequestInput>} [more] */
  const ask = (more) =>
    started()
      .as("requester")
      .requestSigning({ product: given().product, artifact: given().image, ...more });

  return {
    get sandbox() {
      return started().sandbox;
    },
    get product() {
      return given().product;
    },
    get image() {
      return given().image;
    },
    get issuer() {
      return issuer();
    },
    /** @param {string} role */
    as: (role) => started().as(role),
    ...{ open, ask, newContext, newPage },
  };
}

/** @param {Page} page @param {string} name */
export async function signInAs(page, name) {
  await page.getByRole("button", { name, exact: true }).click();
  await page.getByText(`You are ${name}.`).waitFor();
}

/**
 * Decides in the detail that is open: types the end of the digest, and approves.
 *
 * @param {Page} page @param {string} image
 */
export async function approve(page, image) {
  await page.getByLabel("Type the last 8 characters of the digest").fill(image.slice(-8));
  await page.getByRole("button", { name: /^Approve sha256/ }).click();
  await page.getByRole("heading", { name: "Approval recorded" }).waitFor();
}
