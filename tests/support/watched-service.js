// A service whose list of requests a test changes while the command line watches it, and a shell that knows it.
import { shellIn } from "./cli.js";
import { fakeService, productOf, signingOf } from "./fake-service.js";

export const me = { name: "Ann Approver", objectId: "2a94c7e3-5b60-4d18-8f2c-71e3b5d6a922" };
export const requester = { name: "Rik Requester", objectId: "3b94c7e3-5b60-4d18-8f2c-71e3b5d6a922" };
export const group = "b716abb1-2e3b-47a9-bca5-a3669faa50a6";
export const otherGroup = "c716abb1-2e3b-47a9-bca5-a3669faa50a6";
export const productId = "e1ec8ea5-b569-4da7-8a70-6eb910dad8ac";

/** A token that says who one is; nothing checks it. @param {object} claims */
export function tokenOf(claims) {
  const encoded = Buffer.from(JSON.stringify(claims)).toString("base64url");
  return `e30.${encoded}.c2lnbmF0dXJlLW9mLW5vYm9keQ`;
}

export const token = tokenOf({ oid: me.objectId, name: me.name, groups: [group] });

/** The n-th image. @param {number | string} n */
export const imageOf = (n) => `registry.example/team/app${n}:1.2@sha256:${"ab".repeat(32)}`;

/** The same as it is signed, without the tag. @param {number | string} n */
export const signedAs = (n) => imageOf(n).replace(":1.2@", "@");

/** A request that waits for this person's group and another. @param {number | string} n @param {object} [changes] */
export function waiting(n, changes = {}) {
  return signingOf(imageOf(n), {
    id: `request-${n}`,
    productId,
    requester,
    requiredGroups: [group, otherGroup],
    missingGroups: [group, otherGroup],
    createdAt: "2026-11-29T08:00:00Z",
    ...changes,
  });
}

const statuses = { 2: "waiting", 4: "approved", 16: "signed", 32: "rejected", 64: "failed" };
export const profile = {
  statuses,
  names: { groups: { [group]: "Release managers" }, people: {} },
};

/**
 * @param {import("node:test").TestContext} t
 * @param {(asking: import("./fake-service.js").Asking) => import("./fake-service.js").Answer | undefined} [instead]
 */
export async function watchedService(t, instead = () => undefined) {
  /** @type {any[]} */
  const list = [];
  const service = await fakeService((asking) => {
    const given = instead(asking);
    if (given) return given;
    const url = new URL(asking.path, "http://x");
    const product = { ...productOf("registry.example"), id: productId, name: "OCI SIGN" };
    if (url.pathname.endsWith("/products")) return { body: [product] };
    if (url.pathname.endsWith(`/products/${productId}`)) return { body: product };
    const offset = Number(url.searchParams.get("offset") ?? 0);
    const limit = Number(url.searchParams.get("limit") ?? list.length);
    return { body: list.slice(offset, offset + limit) };
  });
  const shell = shellIn("watch", {
    OCISIGN_URL: service.url,
    OCISIGN_TOKEN: token,
    OCISIGN_PROFILE: "profile.json",
    NODE_OPTIONS: `--import ${new URL("quick-pauses.js", import.meta.url)}`,
  });
  shell.file("profile.json", JSON.stringify(profile));
  t.after(() => {
    service.close();
    shell.remove();
  });
  return {
    ...shell,
    service,
    /** The requests, newest first. */
    list,
    /** Another one. @param {number | string} n @param {object} [changes] */
    add: (n, changes) => void list.unshift(waiting(n, changes)),
    /** @param {number | string} n @param {object} changes */
    change(n, changes) {
      const at = list.findIndex(({ id }) => id === `request-${n}`);
      list[at] = { ...list[at], ...changes };
    },
  };
}

/** The documents of `--json`, one a line. @param {{ stdout: string }} said @returns {any[]} */
export function eventsIn({ stdout }) {
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
