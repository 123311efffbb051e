// Who you are: one of the sandbox's people, or a pasted token. A token stays in memory only.
import { byId, explain, guarded, make, say } from "./dom.js";

/** @param onToken called with a token, or with a function that gives one */
export function createSignIn(service, onToken) {
  const form = byId("token-form");
  const field = byId("token");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    guarded(form.querySelector("button"), async () => {
      await onToken(field.value);
      field.value = "";
      byId("identity").textContent = "You use a pasted token.";
      say("");
    });
  });
  if (service.isSandbox) offerPeople(service, onToken).catch(explain);
}

async function offerPeople(service, onToken) {
  const buttons = byId("people-buttons");
  for (const { name, role } of await people(service)) {
    const button = make("button", name);
    button.type = "button";
    button.className = "quiet";
    button.title = role;
    button.addEventListener("click", () =>
      guarded(button, async () => {
        // A function, so that an expired token is replaced while a request is watched.
        await onToken(async () => (await people(service)).find((person) => person.name === name).token);
        byId("identity").textContent = `You are ${name}.`;
        say("");
      }),
    );
    buttons.append(button, " ");
  }
  byId("people").hidden = false;
}

async function people(service) {
  const reply = await fetch(`${service.baseUrl.replace(/\/$/, "")}/ocisign-sandbox/people`, {
    cache: "no-store",
  });
  if (!reply.ok)
    throw new Error(`The sandbox does not offer its people here (${reply.status}). Paste a token.`);
  return reply.json();
}
