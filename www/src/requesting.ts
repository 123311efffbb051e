// What the request form shows by the address, and what it says of it: `#/request?again=ID` begins with what another
// request said, and `#/request?batch=ID` shows what came of a list.
import { byId } from "./places.ts";
import { hashOf, type Route, routeOf } from "./route.ts";

export function followRequesting() {
  const form = byId("request");
  form.hrefOf = ({ id }) => hashOf("requests", id);
  form.hrefOfBatch = (batch) => hashOf("requests", undefined, { filter: "all", search: `batch:${batch}` });
  document.body.addEventListener("ocisign-batch", ({ detail: { batch } }) => {
    // It is the same view: no step back for it.
    if (routeOf(location.hash).view === "request")
      history.replaceState(null, "", hashOf("request", undefined, { batch }));
  });
  document.body.addEventListener("ocisign-request-again", ({ detail: { signing } }) => {
    location.hash = hashOf("request", undefined, { again: signing.id });
  });
}

export function showRequesting({ query }: Route) {
  const [again, batch] = [query.get("again"), query.get("batch")];
  Object.assign(byId("request"), { again: again ?? undefined, batch: batch ?? undefined });
}
