// Gives a fresh sandbox what a person needs to try the page: an image in its registry, and a product for it.
import { SigningClient } from "ocisign";
import { pushImage } from "./image.js";
import { referenceProduct } from "./product.js";
import { Registry } from "./registry.js";

/** @param {import("./sandbox.js").Sandbox} sandbox @returns {Promise<string>} the image */
export async function offerSomethingToSign({ base, registry, person }) {
  const client = new SigningClient({ baseUrl: base, token: person("requester").token });
  const isForUs = (/** @type {import("ocisign").Product} */ { productConfigItems }) =>
    productConfigItems?.some(({ value }) => value === registry.domain);
  if (!(await client.products()).some(isForUs)) await client.createProduct(referenceProduct(registry.domain));
  return `${registry.domain}/demo/hello@${await pushImage(new Registry(registry), "demo/hello")}`;
}
