// What requests say, read once for each: a batch of hundreds is looked at again for each part of it, and for the receipt.
import type { Signing } from "ocisign";
import { type RequestView, viewOf } from "../../shown/request-view.ts";

const views = new WeakMap<Signing, RequestView>();

/** The same as `viewOf`. A request that was read for a batch is never changed. */
export function viewIn(signing: Signing): RequestView {
  const view = views.get(signing) ?? viewOf(signing);
  views.set(signing, view);
  return view;
}
