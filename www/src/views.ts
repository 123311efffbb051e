// Shows the view that the address names. All views stay on the page, so that what was typed is there on the way back.
import { visibleText } from "../../pkg/src/shown/hidden-characters.ts";
import { hideFailure, showFailure } from "./failure.ts";
import { partFor } from "./parts.ts";
import { byId } from "./places.ts";
import { hashOf, type Route, routeOf, type View } from "./route.ts";
import { titled } from "./waiting.ts";

const titles = { requests: "Requests", request: "Request a signature", verify: "Verify" };
/** Where one goes on reading. */
const landings = {
  requests: "queue",
  request: "request",
  verify: "verify",
  welcome: "welcome-title",
} as const;
/** What can be done without signing in. */
const open = new Set<View>(["verify"]);

export function createViews({ isSignedIn }: { isSignedIn: () => boolean }) {
  const sections = [...document.querySelectorAll<HTMLElement>("[data-view]")];
  const links = [...document.querySelectorAll<HTMLElement>("[data-leads-to]")];
  let shown = "";

  function show() {
    const route = routeOf(location.hash);
    const visible = isSignedIn() || open.has(route.view) ? route.view : "welcome";
    byId("welcome").hidden = visible !== "welcome";
    for (const section of sections) section.hidden = section.dataset.view !== visible;
    for (const link of links) mark(link, link.dataset.leadsTo === route.view);
    if (visible === "welcome") showWelcome(route);
    if (visible === "requests") showRequests(route);
    titled(route.id ? `Request ${visibleText(route.id, "exact")}` : titles[route.view]);
    arrive(visible, route);
  }

  /** Whoever followed a link to a request should know that it is still there. */
  function showWelcome({ id }: Route) {
    byId("waits").hidden = id === undefined;
    if (id !== undefined)
      byId("waits").textContent = `Sign in to open the signing request ${visibleText(id, "exact")}.`;
  }

  function showRequests({ id, query }: Route) {
    const side = byId("detail-side");
    if (id !== byId("detail").signingId) side.scrollTop = 0;
    side.parentElement?.toggleAttribute("data-open", id !== undefined);
    side.hidden = id === undefined;
    byId("detail").signingId = id;
    Object.assign(byId("queue"), { current: id, ...viewIn(query) });
    byId("back").href = hashOf("requests", undefined, Object.fromEntries(query));
  }

  /** Moves the focus of a person who follows a link; it stays where it is when the page opens. */
  async function arrive(visible: keyof typeof landings, { id, query }: Route) {
    const image = query.get("image");
    const place = `${visible}/${id ?? ""}/${image ?? ""}`;
    const [isFirst, isSame] = [shown === "", shown === place];
    shown = place;
    if (isSame) return;
    if (visible === "verify" && image !== null) byId("verify").reference = image;
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
      hideFailure();
    } catch (error) {
      shown = "";
      showFailure(error);
    }
    byId("starting").hidden = true;
  }

  return { show };
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
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  };
}
