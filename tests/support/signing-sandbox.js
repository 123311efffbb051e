// A sandbox with a product that two people approve and an image to sign, for all tests of a file.
import { after, before } from "node:test";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { clientsOf, productFor, testSandbox } from "./sandbox.js";

/** @type {Awaited<ReturnType<typeof testSandbox>>} */
export let sandbox;
/** The client of a role. @type {Awaited<ReturnType<typeof clientsOf>>} */
export let as;
/** @type {Registry} */
export let registry;
/** @type {import("ocisign").StoredProduct} */
export let product;
/** Its reference. @type {string} */
export let image;

before(async () => {
  sandbox = await testSandbox();
  as = await clientsOf(sandbox);
  registry = new Registry(sandbox.registry);
  product = await as("requester").createProduct(productFor(sandbox));
  image = `${sandbox.registry.domain}/team/app@${await pushImage(registry, "team/app")}`;
});
after(() => sandbox?.close());
