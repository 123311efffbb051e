// The command line against a service of several requests that are decided together.
import assert from "node:assert/strict";
import { shellIn } from "./cli.js";
import { fakeService, productOf } from "./fake-service.js";

/**
 * A shell that knows a service of some requests. Whoever approves is `me`.
 *
 * @param {any[]} requests
 * @param {(asking: import("./fake-service.js").Asking & { held: Map<string, any> }) =>
 *   import("./fake-service.js").Answer | undefined} [instead] answers in the service's place
 */
export async function against(requests, instead = () => undefined) {
  /** @type {Map<string, any>} */
  const held = new Map(requests.map((request) => [request.id, structuredClone(request)]));
  const service = await fakeService((asking) => {
    const own = instead({ ...asking, held });
    if (own) return own;
    const [, id, act] = asking.path.match(/imagesignings\/([^/?]+)(?:\/(\w+))?/) ?? [];
    const product = asking.path.match(/\/products\/([^/?]+)/)?.[1];
    if (product) return { body: { ...productOf("registry.example"), id: decodeURIComponent(product) } };
    if (!id) return { body: [...held.values()] };
    const request = held.get(decodeURIComponent(id));
    if (!request) return { status: 404, body: {} };
    if (act === "approve") request.approvals.push({ objectId: "me", name: "Me" });
    if (act === "reject") Object.assign(request, { status: 32, reason: JSON.parse(asking.body).comment });
    return { body: request };
  });
  const jwt = [{ alg: "none" }, { oid: "me" }].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  const shell = shellIn("batch-fake", { OCISIGN_URL: service.url, OCISIGN_TOKEN: `${jwt.join(".")}.x` });
  const profile = shell.file(
    "profile.json",
    JSON.stringify({ statuses: { 2: "waiting", 16: "signed", 32: "rejected" } }),
  );
  const posts = () => service.asked.filter(({ method }) => method === "POST");
  const close = () => {
    service.close();
    shell.remove();
  };
  return {
    ...shell,
    ...{ held, posts, close },
    args: (/** @type {string[]} */ ...args) => [...args, "--profile", profile],
  };
}

/** What is to be typed, as it is said where there is no terminal. @param {string} stderr */
export function wordsIn(stderr) {
  const [, words = ""] = stderr.match(/--confirm "(\d+ [0-9a-f]{8})"/) ?? assert.fail(stderr);
  return words;
}
