// A registered client of a product: a person whose public key the secrets document is encrypted to.
import { createPublicKey } from "node:crypto";

/**
 * Registers the public half of a private key for a person and a product, and approves it.
 *
 * @param {import("../../demo/sandbox.js").Sandbox} sandbox
 * @param {{ productId: string, role: string, key: import("node:crypto").KeyObject }} client
 */
export async function registerClient(sandbox, { productId, role, key }) {
  const post = async (/** @type {string} */ by, /** @type {string} */ path, /** @type {object} */ body) => {
    const { token } = sandbox.person(by);
    const reply = await fetch(`${sandbox.base}/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
    return reply.json();
  };
  const { objectId } = sandbox.person(role);
  const publicKey = { ...createPublicKey(key).export({ format: "jwk" }), use: "enc" };
  const registration = { name: "production PC", productId, clientUser: objectId, publicKey };
  const { id } = await post("requester", "registrations/clients", registration);
  await post("admin", `registrations/clients/${id}/approve`, {});
}
