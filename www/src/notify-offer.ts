// Offers notifications in the person's panel, once somebody is signed in.
import { byId } from "./places.ts";
import type { Settings } from "./settings.ts";

let isOffered = false;

export async function offerNotifications({ groupNames, peopleNames, profile }: Settings) {
  if (isOffered) return;
  isOffered = true;
  try {
    await import("./notify.ts");
  } catch {
    // The page works without; the next sign-in tries again.
    isOffered = false;
    return;
  }
  const names = [{ groups: groupNames, people: peopleNames }, profile?.names];
  const notify = document.createElement("page-notify");
  byId("sign-in").append(Object.assign(notify, { slot: "more", queue: byId("queue"), names }));
}
