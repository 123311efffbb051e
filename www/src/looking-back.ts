// The activity by the address: `#/activity?weeks=26&product=ID`, each left out where it is the default.
import { byId } from "./places.ts";
import { hashOf, type Route, routeOf } from "./route.ts";

const usual = 12;

export function followActivity() {
  document.body.addEventListener("ocisign-period", ({ detail: { weeks, product } }) => {
    // What is looked at is the same view: no step back for it.
    if (routeOf(location.hash).view !== "activity") return;
    const chosen = { weeks: weeks === usual ? undefined : weeks, product };
    history.replaceState(null, "", hashOf("activity", undefined, chosen));
  });
}

export function showActivity({ query }: Route) {
  const weeks = Number(query.get("weeks") ?? usual);
  // Another number than those that it offers counts as its default.
  Object.assign(byId("activity"), { weeks, product: query.get("product") ?? "" });
}
