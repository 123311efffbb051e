// The trust file that the settings name, for the form that verifies. It is read when that is first shown.
import { byId } from "./places.ts";
import type { Settings } from "./settings.ts";

/** @returns what gives it to the form, once: from then on it is the person's */
export function trustGiver({ trust }: Settings): () => Promise<void> {
  let isGiven = trust === undefined;
  return async () => {
    if (isGiven || trust === undefined) return;
    const [{ readTrust }, file] = await Promise.all([import("ocisign/trust"), fileOf(trust)]);
    const policy = readTrust(file.content, { called: file.called });
    isGiven = true;
    const form = byId("verify");
    // Meanwhile the person may have given a key.
    if (!form.publicKey && !form.trust) form.trust = policy;
  };
}

/** The object in the settings, or the text of the file that they name. */
async function fileOf(trust: string | object): Promise<{ called: string; content: string | object }> {
  if (typeof trust !== "string") return { called: "settings.json: trust", content: trust };
  const reply = await fetch(new URL(trust, document.baseURI));
  if (reply.ok) return { called: trust, content: await reply.text() };
  throw new Error(
    `The page could not read the trust file of its settings: ${trust} answered ${reply.status}.`,
  );
}
