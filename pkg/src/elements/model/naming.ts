// Where an element finds names for groups and people: in what its page gave it, then in the profile of its client.
import type { Names, SigningClient } from "ocisign";
import { fieldOf } from "../../foreign.ts";
import type { NameSources } from "../../shown/names.ts";
import type { GroupNames, PeopleNames } from "../portal.ts";

/** What of an element says names. */
export interface Naming {
  readonly client: SigningClient | undefined;
  readonly groupNames?: GroupNames | undefined;
  readonly peopleNames?: PeopleNames | undefined;
}

export function namesFor({ client, groupNames, peopleNames }: Naming): NameSources {
  const ofPage = { groups: groupNames, people: peopleNames };
  // A portal may pass a client of its own make; `nameOf` reads whatever stands here.
  return [ofPage, fieldOf(fieldOf(client, "profile"), "names") as Names | undefined];
}
