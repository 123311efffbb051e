// What the parts of `<ocisign-batch>` know of the element that they are drawn for.
import type { ShownBatch, SigningId } from "ocisign";
import type { NameSources } from "../../shown/names.ts";
import type { OcisignElement } from "../base.ts";
import type { ComparedDetail } from "../events.ts";
import type { Foresight } from "../model/foresight.ts";
import type { GroupNames, PeopleNames } from "../portal.ts";
import type { Arranged, Row } from "./arranged.ts";
import type { Block } from "./blocks.ts";
import type { Run } from "./run.ts";
import type { Selection } from "./selection.ts";
import type { Turns } from "./turns.ts";

/** What is decided about all of them. */
export type Decision = "approve" | "reject";

/** What the person has typed. */
export interface Draft {
  readonly words: string;
  readonly comment: string;
  readonly reason: string;
}

export interface BatchPage extends OcisignElement {
  /** Where names for groups and people are found. */
  readonly names: NameSources;
  readonly groupNames: GroupNames | undefined;
  readonly peopleNames: PeopleNames | undefined;
  readonly selection: Selection;
  readonly run: Run;
  readonly decision: Decision;
  readonly draft: Draft;
  /** Something was missing when the person wanted to go on: from now on it is pointed out. */
  readonly isInsisting: boolean;
  /** The comment on an approval is asked for. */
  readonly isCommenting: boolean;
  /** What is decided about, with what all of it has in common. */
  readonly arranged: Arranged | undefined;
  /** Rows that are drawn so far: a page of hundreds comes in steps. */
  readonly drawn: number;
  /** What the person saw of the changes of each since the last signed version, by their keys. */
  readonly compared: ReadonlyMap<string, ComparedDetail>;
  /** Which rows are drawn next. */
  readonly turns: Turns;
  /** The number of values that are folded, so that the person cannot have read them whole. */
  readonly folded: number;
  /** Rows whose fields the person has opened at least once, by their keys. */
  readonly opened: ReadonlySet<string>;
  /** Rows whose fields are shown now. */
  readonly expanded: ReadonlySet<string>;
  foresightOf(row: Row): Foresight;
  /** Why the person cannot decide so about it. */
  blockOf(row: Row): Block | undefined;
  type(typed: Partial<Draft>): void;
  turn(decision: Decision): void;
  comment(): void;
  insist(): void;
  leaveOut(keys: readonly string[]): void;
  takeIn(keys: readonly string[]): void;
  toggle(key: string): void;
  openRequest(id: SigningId): void;
  readAgain(): void;
  /** Begins with the requests that are not decided, and reads them anew. */
  reviewOthers(ids: readonly SigningId[]): void;
  goToUnopened(): void;
  goToFolded(): void;
  decide(): void;
  goOn(): void;
  showWaiting(): void;
  close(): void;
  /** Another selection was asked for while this one was sent. */
  readonly hasOther: boolean;
}

/** What a decision is about, once it is read and its hash is known. */
export function partOf({ selection }: BatchPage): ShownBatch | undefined {
  return selection.part;
}
