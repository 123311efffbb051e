// The page: who you are, request, list, decide. Each part is a file of its own; this one connects them.
import init, { SigningClient } from "ocisign";
import { createDetail } from "./detail.js";
import { byId, explain, say } from "./dom.js";
import { createList } from "./list.js";
import { createRequestForm } from "./request-form.js";
import { findService } from "./service.js";
import { createSignIn } from "./sign-in.js";

try {
  await init(new URL("./ocisign.wasm", import.meta.url));
  await start();
} catch (error) {
  explain(error);
}

async function start() {
  const service = await findService();
  byId("sandbox-note").hidden = !service.isSandbox;

  const detail = createDetail({ profile: service.profile, onDecided: () => list.refresh() });
  const list = createList({ onOpen: (signing) => detail.open(signing) });
  const requestForm = createRequestForm({
    onRequested: async (signing) => {
      say("Requested. It now waits for its approvals.", "good");
      await list.refresh();
      detail.open(signing);
    },
  });

  createSignIn(service, async (token) => {
    const client = new SigningClient({ baseUrl: service.baseUrl, profile: service.profile, token });
    for (const part of [detail, list, requestForm]) part.use(client);
    await Promise.all([list.refresh(), requestForm.refresh()]);
    for (const id of ["request", "list"]) byId(id).hidden = false;
  });
}
