// The page: the elements, the person who is signed in, and the address. This file connects them.
import init, { SigningClient } from "ocisign";
import type { ApprovalsView } from "ocisign/elements";
import { showFailure } from "./failure.ts";
import { followActivity } from "./looking-back.ts";
import { offerNotifications } from "./notify-offer.ts";
import { byId } from "./places.ts";
import { inQueue, noteQueue } from "./queue-address.ts";
import { registrySourceOf } from "./registries.ts";
import { hashOf, listOf, routeOf } from "./route.ts";
import { Session } from "./session/session.ts";
import "./session/sign-in.ts";
import { followRequesting } from "./requesting.ts";
import { readSettings, type Settings } from "./settings.ts";
import { keepShortcuts } from "./shortcuts.ts";
import { trustGiver } from "./trust.ts";
import { createViews, nameImage, showNeighbours } from "./views.ts";
import { showWaiting } from "./waiting.ts";

const elements = ["queue", "detail", "batch", "request", "verify", "activity"] as const;

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
  const isSignedIn = () => session.state !== "signed-out";
  const views = createViews({ isSignedIn, giveTrust: trustGiver(settings) });
  byId("sandbox-note").hidden = !settings.isSandbox;
  byId("views").hidden = false;
  byId("queue").hrefOf = ({ id }) => inQueue(id);
  const { groupNames, peopleNames } = settings;
  for (const id of ["queue", "detail", "batch", "activity"] as const)
    Object.assign(byId(id), { groupNames, peopleNames });
  const registry = registrySourceOf(settings);
  for (const id of elements) byId(id).registry = registry;
  followEvents();
  followRequesting();
  followActivity();

  const speakFor = (it: Session) => setClient(clientOf(settings, it));
  session.addEventListener("change", () => {
    for (const id of elements) byId(id).identity = session.identity;
    if (session.state === "signed-out") setClient(undefined);
    else if (!byId("queue").client) {
      speakFor(session);
      void offerNotifications(settings);
    }
    views.show();
    // Once all who listen to this change have heard of it: to move the element ends its listening for a moment.
    queueMicrotask(() => placeSignIn(session));
  });
  // A client speaks for one person only: what one has begun must never be sent as another.
  session.addEventListener("changed-person", () => speakFor(session));
  addEventListener("hashchange", views.show);
  keepShortcuts();
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
  const { body } = document;
  for (const chosen of ["ocisign-open", "ocisign-next", "ocisign-previous"] as const) {
    body.addEventListener(chosen, ({ detail }) => {
      location.hash = inQueue(detail.id);
    });
  }
  body.addEventListener("ocisign-review", ({ detail }) => {
    location.hash = hashOf("batch", undefined, { ids: listOf(detail.ids) });
  });
  body.addEventListener("ocisign-close", () => {
    location.hash = inQueue();
  });
  body.addEventListener("ocisign-count", ({ detail }) => showWaiting(detail.review));
  body.addEventListener("ocisign-order", showNeighbours);
  body.addEventListener("ocisign-image", ({ detail }) => nameImage(detail.image));
  body.addEventListener("ocisign-view", ({ detail }) => noteView(detail));
}

/** What a person chose of the queue, in the address. */
function noteView({ page, ...view }: ApprovalsView) {
  const route = routeOf(location.hash);
  if (route.view !== "requests") return;
  const query = { ...view, page: page > 1 ? page : undefined };
  // No step back for every letter that is searched.
  history.replaceState(null, "", hashOf("requests", route.id, query));
  noteQueue(routeOf(location.hash));
  showNeighbours();
}
