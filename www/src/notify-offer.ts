// Offers notifications in the person's panel, once somebody is signed in.
import { byId } from "./places.ts";
import type { Settings } from "./settings.ts";

let offered: HTMLElement | undefined;

export async function offerNotifications({ groupNames, peopleNames, profile }: Settings) {
  if (offered) return;
  offered = document.createElement("page-notify");
  try {
    await import("./notify.ts");
  } catch {
    // The page works without; the next sign-in tries again.
    offered = undefined;
    return;
  }
  const names = [{ groups: groupNames, people: peopleNames }, profile?.names];
  byId("sign-in").append(Object.assign(offered, { slot: "more", queue: byId("queue"), names }));
}
