// Gives a fresh sandbox what a person needs to try the page: an image in its registry, and a product for it.
import { SigningClient } from "ocisign";
import { pushImage } from "./image.js";
import { referenceProduct } from "./product.js";
import { Registry } from "./registry.js";

/** @param {import("./sandbox.js").Sandbox} sandbox @returns {Promise<{ image: string, product: string }>} the image, and the product's id */
export async function offerSomethingToSign({ base, registry, person }) {
  const client = new SigningClient({ baseUrl: base, token: person("requester").token });
  const isForUs = (/** @type {import("ocisign").Product} */ { productConfigItems }) =>
    productConfigItems?.some(({ value }) => value === registry.domain);
  const product =
    (await client.products()).find(isForUs) ??
    (await client.createProduct(referenceProduct(registry.domain)));
  const digest = await pushImage(new Registry(registry), "demo/hello");
  return { image: `${registry.domain}/demo/hello@${digest}`, product: product.id };
}
