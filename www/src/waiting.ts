// How many requests need the person's review, where it is seen without opening the page: in the title, in the icon and
// at the view's link.
import { byId } from "./places.ts";

let count = 0;
let title = "";

/** Names what is shown. */
export function titled(what: string) {
  title = what;
  const waiting = count > 0 ? `(${count.toLocaleString()}) ` : "";
  document.title = `${waiting}${title} – ocisign`;
}

export function showWaiting(review: number) {
  count = review;
  titled(title);
  byId("icon").href = review > 0 ? "icon-waiting.svg" : "icon.svg";
  const place = byId("review-count");
  place.hidden = review === 0;
  // More digits would push the other views away.
  place.textContent = review > 999 ? "999+" : String(review);
  const needs = review === 1 ? "1 request needs" : `${review.toLocaleString()} requests need`;
  byId("review-said").textContent = review > 0 ? `${needs} your review` : "";
}
