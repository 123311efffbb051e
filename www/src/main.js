// The page: the four elements, whoever is signed in, and the address. This file connects them.
import init, { SigningClient } from "ocisign";
import "ocisign/elements";
import { registriesOf } from "./registries.js";
import { hashOf, routeOf } from "./route.js";
import { findService } from "./service.js";
import { Session } from "./session/session.js";
import "./session/sign-in.js";
import { byId, createViews } from "./views.js";

const elements = ["queue", "detail", "request", "verify"];

try {
  const [service] = await Promise.all([findService(), init(new URL("./ocisign.wasm", import.meta.url))]);
  start(service);
} catch (error) {
  const { message, fix = "Reload the page; if it stays, tell those who run it." } = /** @type {any} */ (
    error
  );
  byId("failure").textContent = `${message} ${fix}`;
  byId("failure").hidden = false;
} finally {
  byId("starting").hidden = true;
}

/** @param {import("./service.js").Service} service */
function start(service) {
  const session = new Session();
  const views = createViews({ isSignedIn: () => session.state !== "signed-out" });
  byId("sandbox-note").hidden = !service.isSandbox;
  byId("views").hidden = false;
  byId("queue").hrefOf = (/** @type {import("ocisign").Signing} */ { id }) =>
    hashOf("requests", id, Object.fromEntries(routeOf(location.hash).query));
  byId("detail").groupNames = service.groupNames;
  const registry = registriesOf(service);
  for (const id of elements) byId(id).registry = registry;
  followEvents();

  const speakFor = (/** @type {Session} */ it) => setClient(clientOf(service, it));
  session.addEventListener("change", () => {
    for (const id of elements) byId(id).identity = session.identity;
    if (session.state === "signed-out") setClient(undefined);
    else if (!byId("queue").client) speakFor(session);
    views.show();
  });
  // A client speaks for one person only: what one has begun must never be sent as another.
  session.addEventListener("changed-person", () => speakFor(session));
  addEventListener("hashchange", views.show);
  Object.assign(byId("sign-in"), { session, service });
  views.show();
  document.documentElement.toggleAttribute("data-usable", true);
}

/** @param {import("./service.js").Service} service @param {Session} session */
function clientOf({ baseUrl, profile }, session) {
  return new SigningClient({ baseUrl, profile, token: session.tokenSource() });
}

/** @param {SigningClient | undefined} client */
function setClient(client) {
  for (const id of elements) byId(id).client = client;
}

function followEvents() {
  document.body.addEventListener("ocisign-open", ({ detail }) => {
    location.hash = hashOf("requests", detail.id);
  });
  document.body.addEventListener("ocisign-view", ({ detail }) => {
    const { filter, search, sort, page } = detail;
    const { id } = routeOf(location.hash);
    // No step back for every letter that is searched.
    history.replaceState(
      null,
      "",
      hashOf("requests", id, { filter, search, sort, page: page > 1 ? page : undefined }),
    );
  });
}
