// Asking for one signature, with what the command line and the settings say.
import { acting } from "./acting.js";

/**
 * @param {import("./session.js").Session} session @param {import("../../index.js").Product} product
 * @param {import("../../index.js").ImageReference} artifact
 * @param {{ name?: string, description?: string, operation?: string, metadata?: { name: string, value: string }[] }} options
 */
export async function request(session, product, artifact, { name, description, operation, metadata }) {
  const client = await session.service();
  const input = {
    product,
    operation: operation ?? session.settings.operation?.value,
    artifact,
    name,
    description,
    metadata,
  };
  return acting(session, `The request for ${artifact.canonical}`, () =>
    client.requestSigning(input, { signal: session.signal }),
  );
}
