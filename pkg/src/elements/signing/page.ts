// What the parts of `<ocisign-signing>` know of the element that they are drawn for.
import type { RequestChange, Signing, SigningId } from "ocisign";
import type { NameSources } from "../../shown/names.ts";
import type { RequestView } from "../../shown/request-view.ts";
import type { OcisignElement } from "../base.ts";
import type { Watching } from "../controllers/watching.ts";
import type { Foresight } from "../model/foresight.ts";
import type { GroupNames, PeopleNames } from "../portal.ts";
import type { Callings } from "./called.ts";
import type { Desk } from "./desk.ts";
import type { Findings } from "./findings.ts";

/** A status, and when this page saw it first. */
export interface Sight {
  readonly code: number;
  readonly at: Date;
}

export interface SigningPage extends OcisignElement {
  readonly previousId: SigningId | undefined;
  readonly nextId: SigningId | undefined;
  /** The address of the request. */
  readonly href: string | undefined;
  readonly groupNames: GroupNames | undefined;
  readonly peopleNames: PeopleNames | undefined;
  /** Who is called by a name alone. */
  readonly callings: Callings;
  /** Where names for groups and people are found. */
  readonly names: NameSources;
  /** The number of values that are folded. */
  readonly folded: number;
  /** The reading that the person sees, and that a decision is bound to. */
  readonly shown: RequestView | undefined;
  /** The latest reading. */
  readonly now: RequestView | undefined;
  /** What changed in the request since it was shown. */
  readonly changes: readonly RequestChange[];
  readonly sights: readonly Sight[];
  readonly foresight: Foresight;
  readonly findings: Findings;
  readonly desk: Desk;
  readonly watching: Watching<Signing>;
  countFolded(): void;
  goToFolded(): void;
  showNow(): void;
}
