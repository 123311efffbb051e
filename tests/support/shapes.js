// Shapes of services that differ from the sandbox, each in all that a profile can say: what one file of tests drives
// through the library, another drives through the command line or the page.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @typedef {Record<string, any>} Shape */

/** The one of the documentation. @type {Shape} */
export const documented = JSON.parse(
  readFileSync(new URL("../../docs/shape.example.json", import.meta.url), "utf8"),
);

/** Two decisions at one place, pages by number, keys beside the operations, and links of other words. @type {Shape} */
const numbered = {
  routes: {
    products: "v2/items/",
    product: "v2/items/{id}/detail",
    requestSigning: { method: "PATCH", path: "v2/jobs" },
    signings: { method: "GET", path: "v2/jobs" },
    signing: "v2/jobs/job-{id}",
    approve: {
      method: "PATCH",
      path: "v2/jobs/job-{id}:vote",
      body: { vote: { is: true }, why: { text: "{comment}" } },
    },
    reject: {
      method: "PATCH",
      path: "v2/jobs/job-{id}:vote",
      body: { vote: { is: false }, why: { text: "{comment}" } },
    },
  },
  statuses: {
    "-1": "new",
    0: "waiting",
    7: "approved",
    8: "signing",
    9: "signed",
    10: "rejected",
    11: "failed",
  },
  replies: {
    signing: {
      envelope: "result",
      fields: {
        id: "key",
        status: "phase",
        requester: "by",
        payload: "what.is.signed",
        name: "what.name",
        updatedAt: "t.u",
      },
    },
    product: { fields: { name: "about.name", productOperations: "ops", productConfigItems: "config" } },
  },
  lists: {
    signings: { items: "result.rows", paging: { page: "p", first: 0, limit: "n" } },
    products: { paging: { page: "p" } },
  },
  publicKeyPath: "keys[].spki",
  service: { largestPage: 2, requesterIsId: true, trailingSlash: "required", echo: false },
};

/** Swapped names, pages by how many to leave out, and no places for comment and expect. @type {Shape} */
const swapped = {
  routes: {
    approve: { method: "PUT", path: "imagesignings/{id}/yes", body: {} },
    reject: { path: "imagesignings/{id}/no", body: { reason: "{comment}" } },
  },
  replies: { signing: { fields: { name: "description", description: "name", id: "status", status: "id" } } },
  lists: {
    signings: { paging: { offset: "skip", limit: "take" } },
    products: { items: "d", paging: { offset: "$skip" } },
  },
  publicKeyPath: "productOperations[].keys[]",
  service: { largestPage: 3, trailingSlash: "refused" },
};

/** Pages by the header alone, with links of scheme and host. @type {Shape} */
const linked = {
  replies: { product: { envelope: "a.b.c.d", fields: { id: "a.b.c.d" } } },
  lists: {
    signings: { paging: { header: "Link", limit: "per_page" } },
    products: { items: "a.b", paging: { header: "Link" } },
  },
  keyTypes: { RSA2048: "rsa", secp256r1: "p256" },
  service: { largestPage: 1, absoluteLinks: true, trailingSlash: "either", lifeCycle: false },
};

/** The profiles that the documentation shows. @type {Shape[]} */
export const documentedProfiles = [
  ...readFileSync(new URL("../../docs/profile.md", import.meta.url), "utf8").matchAll(
    /```json\n([\s\S]*?)```/g,
  ),
].map(([, block]) => JSON.parse(block));

/** By name; `explained` is the example of docs/profile.md. @type {Record<string, Shape>} */
export const shapes = {
  ...{ documented, numbered, swapped, linked },
  explained: { ...documentedProfiles[0], service: { largestPage: 2, requesterIsId: true } },
};

/** Writes a shape to a file; `remove` takes it away. @param {unknown} shape */
export function shapeFile(shape) {
  const folder = mkdtempSync(join(tmpdir(), "ocisign-shape-"));
  const file = join(folder, "shape.json");
  writeFileSync(file, JSON.stringify(shape));
  return { file, args: ["--shape", file], remove: () => rmSync(folder, { recursive: true, force: true }) };
}
