// Shows the view that the address names. All views stay on the page, so that what was typed is there on the way back.
import { visibleText } from "../../pkg/src/shown/hidden-characters.ts";
import { hideFailure, showFailure } from "./failure.ts";
import { showActivity } from "./looking-back.ts";
import { partFor } from "./parts.ts";
import { byId } from "./places.ts";
import { inQueue, noteQueue } from "./queue-address.ts";
import { showRequesting } from "./requesting.ts";
import { hashOf, idsIn, type Route, routeOf, type View } from "./route.ts";
import { titled } from "./waiting.ts";

const titles = {
  requests: "Requests",
  request: "Request a signature",
  verify: "Verify",
  batch: "Several requests",
  activity: "Activity",
};
/** Where one goes on reading. */
const landings = {
  requests: "queue",
  request: "request",
  verify: "verify",
  batch: "batch",
  activity: "activity",
  welcome: "welcome-title",
} as const;
/** What can be done without signing in. */
const open = new Set<View>(["verify"]);

interface Given {
  isSignedIn: () => boolean;
  /** Gives the trust file of the settings to the form that verifies. */
  giveTrust: () => Promise<void>;
}

export function createViews({ isSignedIn, giveTrust }: Given) {
  const sections = [...document.querySelectorAll<HTMLElement>("[data-view]")];
  const links = [...document.querySelectorAll<HTMLElement>("[data-leads-to]")];
  let shown = "";

  function show() {
    const route = routeOf(location.hash);
    noteQueue(route);
    const visible = isSignedIn() || open.has(route.view) ? route.view : "welcome";
    byId("welcome").hidden = visible !== "welcome";
    for (const section of sections) section.hidden = section.dataset.view !== visible;
    for (const link of links) mark(link, link.dataset.leadsTo === placeIn(route.view));
    if (visible === "welcome") showWelcome(route);
    if (visible === "requests") showRequests(route);
    if (visible === "batch") showBatch(route);
    if (visible === "request") showRequesting(route);
    if (visible === "activity") showActivity(route);
    titled(route.id ? `Request ${visibleText(route.id, "exact")}` : titles[route.view]);
    arrive(visible, route);
  }

  /** Whoever followed a link to a request should know that it is still there. */
  function showWelcome({ view, id }: Route) {
    byId("waits").hidden = id === undefined && view !== "batch";
    if (id !== undefined)
      byId("waits").textContent = `Sign in to open the signing request ${visibleText(id, "exact")}.`;
    if (view === "batch") byId("waits").textContent = "Sign in to decide about several signing requests.";
  }

  function showBatch({ query }: Route) {
    const ids = idsIn(query);
    Object.assign(byId("batch"), {
      ids: ids.length > 0 ? ids : undefined,
      batch: query.get("batch") ?? undefined,
    });
  }

  function showRequests({ id, query }: Route) {
    const side = byId("detail-side");
    if (id !== byId("detail").signingId) side.scrollTop = 0;
    side.parentElement?.toggleAttribute("data-open", id !== undefined);
    side.hidden = id === undefined;
    byId("detail").signingId = id;
    // For a colleague, who looks at a queue in another way.
    byId("detail").href = id === undefined ? undefined : new URL(hashOf("requests", id), location.href).href;
    Object.assign(byId("queue"), { current: id, ...viewIn(query) });
    showNeighbours();
    byId("back").href = inQueue();
  }

  /** Moves the focus of a person who follows a link; it stays where it is when the page opens. */
  async function arrive(visible: keyof typeof landings, { id, query }: Route) {
    const image = query.get("image");
    if (visible === "verify" && image !== null && image !== namedImage) byId("verify").reference = image;
    namedImage = image;
    // What was sent from the form is written into the address: that leads nowhere else.
    const several = visible === "batch" ? query.toString() : (query.get("again") ?? "");
    const place = `${visible}/${id ?? ""}/${several}`;
    const [isFirst, isSame] = [shown === "", shown === place];
    shown = place;
    if (isSame) return;
    const landing = byId(visible === "requests" && id !== undefined ? "detail" : landings[visible]);
    if (visible !== "welcome") await drawn(visible);
    // Meanwhile the person may have gone elsewhere.
    if (!isFirst && shown === place) landing.focus();
  }

  /** Ends when the view's part is there, or the page says why not. */
  async function drawn(view: View) {
    byId("starting").hidden = false;
    try {
      await partFor(view);
      if (view === "verify") await giveTrust();
      hideFailure();
    } catch (error) {
      shown = "";
      showFailure(error);
    }
    byId("starting").hidden = true;
  }

  return { show };
}

/** The image that the address names. */
let namedImage: string | null = null;

/** Writes the image into the address that stands in the field: that leads nowhere else. */
export function nameImage(image: string) {
  if (routeOf(location.hash).view !== "verify") return;
  namedImage = image;
  history.replaceState(null, "", hashOf("verify", undefined, { image }));
}

/** Tells the open request which ones stand beside it in the queue. */
export function showNeighbours() {
  const { id } = routeOf(location.hash);
  const queue = byId("queue");
  // Its part may still be on the way.
  if (id === undefined || !("next" in queue)) return;
  Object.assign(byId("detail"), { nextId: queue.next(id), previousId: queue.previous(id) });
}

/** The place in the bar that a view belongs to. */
function placeIn(view: View): View {
  return view === "batch" ? "requests" : view;
}

function mark(link: HTMLElement, isCurrent: boolean) {
  if (isCurrent) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}

/** What the address says of the queue. */
function viewIn(query: URLSearchParams) {
  const page = Number(query.get("page"));
  return {
    filter: query.get("filter") ?? "review",
    search: query.get("search") ?? "",
    sort: query.get("sort") ?? "age",
    group: query.get("group") ?? "",
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  };
}
