// The list of signing requests with their states.
import { artifactOf } from "./artifact.js";
import { byId, guarded, make } from "./dom.js";

export function createList({ onOpen }) {
  let client;
  const refreshButton = byId("refresh");

  async function refresh() {
    const signings = await client.signings();
    byId("rows").replaceChildren(...signings.map((signing) => row(signing, onOpen)));
    byId("no-rows").hidden = signings.length > 0;
  }

  refreshButton.addEventListener("click", () => guarded(refreshButton, refresh));
  return {
    use(next) {
      client = next;
    },
    refresh,
  };
}

function row(signing, onOpen) {
  const open = make("button", "Open");
  open.type = "button";
  open.className = "quiet";
  open.addEventListener("click", () => onOpen(signing));
  const artifact = artifactOf(signing);
  open.setAttribute("aria-label", `Open ${artifact.text}`);
  const line = make(
    "tr",
    make("td", stateText(signing)),
    make("td", make("code", artifact.text)),
    make("td", signing.description ?? ""),
    make("td", open),
  );
  line.dataset.id = signing.id;
  return line;
}

/** A state in words; an unknown code is shown as it is. */
export function stateText(signing) {
  return signing.state === "unknown" ? `status ${signing.code}` : `${signing.state} (${signing.code})`;
}
