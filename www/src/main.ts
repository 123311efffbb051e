// The page: the four elements, the person who is signed in, and the address. This file connects them.
import init, { SigningClient } from "ocisign";
import { showFailure } from "./failure.ts";
import { byId } from "./places.ts";
import { registrySourceOf } from "./registries.ts";
import { hashOf, routeOf } from "./route.ts";
import { Session } from "./session/session.ts";
import "./session/sign-in.ts";
import { readSettings, type Settings } from "./settings.ts";
import { createViews } from "./views.ts";
import { showWaiting } from "./waiting.ts";

const elements = ["queue", "detail", "request", "verify"] as const;

// Not awaited here: the parts of the page import from this module, and wait until it has run.
void open();

async function open() {
  try {
    const [settings] = await Promise.all([readSettings(), init(new URL("./ocisign.wasm", import.meta.url))]);
    byId("starting").hidden = true;
    start(settings);
  } catch (error) {
    byId("starting").hidden = true;
    showFailure(error);
  }
}

function start(settings: Settings) {
  const session = new Session();
  const views = createViews({ isSignedIn: () => session.state !== "signed-out" });
  byId("sandbox-note").hidden = !settings.isSandbox;
  byId("views").hidden = false;
  byId("queue").hrefOf = ({ id }) => hashOf("requests", id, Object.fromEntries(routeOf(location.hash).query));
  const { groupNames, peopleNames } = settings;
  Object.assign(byId("detail"), { groupNames, peopleNames });
  Object.assign(byId("queue"), { groupNames, peopleNames });
  const registry = registrySourceOf(settings);
  for (const id of elements) byId(id).registry = registry;
  followEvents();

  const speakFor = (it: Session) => setClient(clientOf(settings, it));
  session.addEventListener("change", () => {
    for (const id of elements) byId(id).identity = session.identity;
    if (session.state === "signed-out") setClient(undefined);
    else if (!byId("queue").client) speakFor(session);
    views.show();
    // Once all who listen to this change have heard of it: to move the element ends its listening for a moment.
    queueMicrotask(() => placeSignIn(session));
  });
  // A client speaks for one person only: what one has begun must never be sent as another.
  session.addEventListener("changed-person", () => speakFor(session));
  addEventListener("hashchange", views.show);
  Object.assign(byId("sign-in"), { session, settings });
  placeSignIn(session);
  views.show();
  document.documentElement.toggleAttribute("data-usable", true);
}

/** The ways to sign in stand below what can be done without; who is signed in stands in the bar. */
function placeSignIn({ state }: Session) {
  const isOut = state === "signed-out";
  const place = byId(isOut ? "sign-in-place" : "person-place");
  byId("sign-in-place").hidden = !isOut;
  if (byId("sign-in").parentElement !== place) place.append(byId("sign-in"));
}

function clientOf({ baseUrl, profile }: Settings, session: Session) {
  return new SigningClient({ baseUrl, profile, token: session.tokenSource(), fetch: session.fetch() });
}

function setClient(client: SigningClient | undefined) {
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
