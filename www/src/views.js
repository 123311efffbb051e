// Shows the view that the address names. All views stay on the page, so that what was typed is there on the way back.
import { visibleText } from "../../pkg/src/elements/text/hidden-characters.ts";
import { hashOf, routeOf } from "./route.js";

/** @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

const titles = { requests: "Requests", request: "Request a signature", verify: "Verify" };
/** Where one goes on reading. */
const landings = { requests: "queue", request: "request", verify: "verify", welcome: "welcome-title" };
/** What can be done without signing in. */
const open = new Set(["verify"]);

/** @param {{ isSignedIn: () => boolean }} session */
export function createViews({ isSignedIn }) {
  const sections = [...document.querySelectorAll("[data-view]")].map((it) => /** @type {HTMLElement} */ (it));
  const links = [...document.querySelectorAll("[data-leads-to]")].map(
    (it) => /** @type {HTMLElement} */ (it),
  );
  let shown = "";

  function show() {
    const route = routeOf(location.hash);
    const visible = isSignedIn() || open.has(route.view) ? route.view : "welcome";
    byId("welcome").hidden = visible !== "welcome";
    for (const section of sections) section.hidden = section.dataset.view !== visible;
    for (const link of links) mark(link, link.dataset.leadsTo === route.view);
    if (visible === "requests") showRequests(route);
    document.title = `${route.id ? `Request ${visibleText(route.id, "exact")}` : titles[route.view]} – ocisign`;
    arrive(visible, route);
  }

  /** @param {import("./route.js").Route} route */
  function showRequests({ id, query }) {
    const section = byId("detail-side").parentElement;
    section.toggleAttribute("data-open", id !== undefined);
    byId("detail-side").hidden = id === undefined;
    byId("detail").signingId = id;
    Object.assign(byId("queue"), { current: id, ...viewIn(query) });
    byId("back").href = hashOf("requests", undefined, Object.fromEntries(query));
  }

  /** Whoever follows a link by keyboard goes on reading there; nobody is moved when the page opens. @param {keyof typeof landings} visible @param {import("./route.js").Route} route */
  function arrive(visible, { id, query }) {
    const place = `${visible}/${id ?? ""}/${query.get("image") ?? ""}`;
    const [isFirst, isSame] = [shown === "", shown === place];
    shown = place;
    if (isSame) return;
    if (visible === "verify" && query.has("image")) byId("verify").reference = query.get("image");
    if (!isFirst) byId(visible === "requests" && id !== undefined ? "detail" : landings[visible]).focus();
  }

  return { show };
}

/** @param {HTMLElement} link @param {boolean} isCurrent */
function mark(link, isCurrent) {
  if (isCurrent) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}

/** What the address says of the queue. @param {URLSearchParams} query */
function viewIn(query) {
  const page = Number(query.get("page"));
  return {
    filter: query.get("filter") ?? "mine",
    search: query.get("search") ?? "",
    sort: query.get("sort") ?? "age",
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  };
}
