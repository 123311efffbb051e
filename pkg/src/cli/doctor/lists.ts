// A list of the service: may it be read, in which form does it come, and where do things stand in its elements?
import type { Profile } from "ocisign";
import { fieldOf, isList, isText } from "../../foreign.ts";
import { saidIn } from "../../service/said.ts";
import { isSameId } from "../../service/same-id.ts";
import { beginningOf } from "../secrets.ts";
import type { Session } from "../session.ts";
import { withoutUrlSecrets } from "../withheld.ts";
import type { Draft, ListName, ReplyName } from "./draft.ts";
import { envelopeIn, type FieldForm } from "./field-form.ts";
import type { Notes } from "./finding.ts";
import { listIn, type Paging, pagingIn } from "./list-form.ts";
import { look, type Seen } from "./look.ts";
import { probePaging } from "./paging-probe.ts";
import { valueAt } from "./places.ts";
import { counted } from "./words.ts";

/** What a checkup works with. */
export interface Practice {
  readonly session: Session;
  readonly base: string;
  readonly draft: Draft;
  /** With the token, and with the origin of a page if one was named. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A list that is looked at, and the words for it. */
export interface Kind {
  readonly list: ListName;
  readonly one: ReplyName;
  /** A product, a request. */
  readonly thing: string;
  fieldsIn(elements: readonly unknown[]): FieldForm;
  /** Where their ids may stand. */
  idPlacesIn(elements: readonly unknown[]): readonly string[];
  /** What to do if the service forbids to read it. */
  readonly forbidden: string;
}

/** What came of a list, if it could be read. */
export interface ListSeen {
  readonly seen: Seen;
  readonly elements: readonly unknown[];
}

export async function lookAtList(
  practice: Practice,
  kind: Kind,
  notes: Notes,
): Promise<ListSeen | undefined> {
  const seen = await answerOf(practice, kind, notes);
  if (!seen) return undefined;
  const { draft } = practice;
  const known = draft.profile.lists?.[kind.list];
  const form = known?.items === undefined ? listIn(seen.value) : undefined;
  const elements = form ? form.elements : valueAt(seen.value, known?.items ?? "");
  if (!isList(elements)) {
    const fix = `Write into the profile where the list stands: "lists": { "${kind.list}": { "items": "data.items" } }.`;
    const where = known?.items === undefined ? "where one is expected" : `at ${known.items}`;
    notes.problem("list", `The reply holds no list ${where}.`, fix);
    return undefined;
  }
  const items = form?.items ?? known?.items ?? "";
  const paging = known?.paging
    ? undefined
    : (pagingIn(seen) ?? (await probed(practice, kind, items, elements)));
  judgeForm(practice.draft, kind, { elements, items, paging }, notes);
  return { seen, elements };
}

/** What the reply does not tell is tried. */
function probed(
  { session, base, draft, headers }: Practice,
  kind: Kind,
  items: string,
  elements: readonly unknown[],
): Promise<Paging | undefined> {
  return probePaging(elements, async (query) => {
    const sight = await look(session, `${base}/${pathOf(draft.profile, kind.list)}?${query}`, headers);
    const list = sight.status === 200 ? valueAt(sight.value, items) : undefined;
    return isList(list) ? list : undefined;
  });
}

function judgeForm(draft: Draft, kind: Kind, { elements, items, paging }: Found, notes: Notes): void {
  draft.list(kind.list, items, paging);
  const fields = kind.fieldsIn(elements);
  const told = draft.profile.replies?.[kind.one]?.fields ?? {};
  draft.fields(kind.one, Object.fromEntries(Object.entries(fields).filter(([name]) => !(name in told))));
  const count = counted(elements.length, kind.thing);
  const where = items ? ` at ${items}` : "";
  const way = paging ?? draft.profile.lists?.[kind.list]?.paging;
  const pages = way ? `It comes in pages (${pagingText(way)}).` : "Nothing tells of further pages.";
  notes.ok("list", `The reply holds ${count}${where}. ${pages}`);
}

interface Found {
  readonly elements: readonly unknown[];
  readonly items: string;
  /** If the profile does not say it. */
  readonly paging: Paging | undefined;
}

function pagingText(paging: object): string {
  const entries: readonly (readonly [string, unknown])[] = Object.entries(paging);
  return entries.map(([name, value]) => `${name}: ${value}`).join(", ");
}

/** The reply to asking for a list; nothing if it is none that can be read, which is noted. */
async function answerOf(practice: Practice, kind: Kind, notes: Notes): Promise<Seen | undefined> {
  const path = pathOf(practice.draft.profile, kind.list);
  let sight = await look(practice.session, `${practice.base}/${path}`, practice.headers);
  if (sight.status === 404) {
    // With or without a slash at the end: the reference shows both.
    const other = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
    const again = await look(practice.session, `${practice.base}/${other}`, practice.headers);
    if (again.status !== undefined && again.status !== 404) {
      practice.draft.slashes(other.endsWith("/"));
      sight = again;
    }
  }
  if (sight.status === undefined) {
    notes.problem("list", `There was no answer: ${sight.why}.`, "Look at the network, and run this again.");
    return undefined;
  }
  if (sight.status === 200 && sight.value !== undefined) return sight;
  noteRefusal(sight, kind, path, notes);
  return undefined;
}

/** Of the service's words, in characters. */
const mostSaid = 300;

function noteRefusal(seen: Seen, kind: Kind, path: string, notes: Notes): void {
  const { status } = seen;
  const said = beginningOf(saidIn(seen.value) ?? "", mostSaid);
  const why = said ? ` It says: ${said}` : "";
  if (status === 401) {
    const fix =
      "Get a token for this service: compare its issuer and its audience with what the vendor told you.";
    notes.problem("accepted", `The service refuses the token (HTTP 401).${why}`, fix);
  } else if (status === 403) {
    notes.warning("list", `You may not list ${kind.thing}s (HTTP 403).${why}`, kind.forbidden);
  } else if (status === 404) {
    const fix = `Check --url; if the service has them elsewhere, write it into the profile: "routes": { "${kind.list}": "…" }.`;
    notes.problem("list", `There is nothing at ${path} (HTTP 404).${why}`, fix);
  } else if (status >= 300 && status < 400) {
    const to = withoutUrlSecrets(seen.header("location") ?? "an address that is not told");
    const fix = "Give the service's real URL with --url: a token is never sent along a redirect.";
    notes.problem("list", `The service redirects to ${to}.`, fix);
  } else if (status === 429) {
    const wait = seen.retryAfter === undefined ? "" : ` for ${seen.retryAfter} seconds`;
    notes.problem("list", `The service wants you to wait${wait} (HTTP 429).`, "Run this again later.");
  } else if (status === 200) {
    const found = `The service answers with ${seen.instead}.`;
    notes.problem("list", found, "Check --url: a sign-in page or a proxy may stand there.");
  } else {
    const fix = "Show this to those who run the service.";
    notes.problem("list", `The service answers HTTP ${status}.${why}`, fix);
  }
}

/** How many places of an id are tried. */
const mostTries = 6;

/** How a reply about one element looks: its envelope. By it, too, the place of the id is known. */
export async function lookAtOne(
  practice: Practice,
  kind: Kind,
  elements: readonly unknown[],
  notes: Notes,
): Promise<unknown> {
  const { draft } = practice;
  const given = draft.told(kind.one, "id");
  const likely = draft.profile.replies?.[kind.one]?.fields?.id ?? "id";
  const places = given ? [given] : [...new Set([likely, ...kind.idPlacesIn(elements)])].slice(0, mostTries);
  let first: Unread | undefined;
  for (const idPath of places) {
    const one = await readOne(practice, kind, elements, idPath);
    if (one && "found" in one) first ??= one;
    if (!one || "found" in one) continue;
    if (idPath !== likely) draft.fields(kind.one, { id: idPath });
    if (one.isNew) draft.envelope(kind.one, one.envelope);
    const where = one.envelope ? `; it stands at ${one.envelope}` : "";
    notes.ok("one", `One ${kind.thing} was read alone${where}.`);
    return valueAt(one.reply, one.envelope);
  }
  if (first) notes.problem("one", first.found, first.fix);
  else if (elements.length > 0) {
    const fix = `Write into the profile where it stands: "replies": { "${kind.one}": { "fields": { "id": "…" } } }.`;
    notes.problem("one", `The ${kind.thing}s show no id.`, fix);
  }
  return undefined;
}

/** One that was read, and where it stands in the reply. */
interface One {
  readonly reply: unknown;
  readonly envelope: string;
  /** If the profile does not say where. */
  readonly isNew: boolean;
}

/** Why one could not be read. */
interface Unread {
  readonly found: string;
  readonly fix: string;
}

async function readOne(
  { draft, session, base, headers }: Practice,
  kind: Kind,
  elements: readonly unknown[],
  idPath: string,
): Promise<One | Unread | undefined> {
  const id = elements.map((element) => valueAt(element, idPath)).find(isText);
  if (id === undefined) return undefined;
  const path = pathOf(draft.profile, kind.one).replace("{id}", encodeURIComponent(id));
  const sight = await look(session, `${base}/${path}`, headers);
  if (sight.status !== 200 || sight.value === undefined) {
    const what = sight.status === undefined ? sight.why : `HTTP ${sight.status}`;
    const fix = `Check the route in the profile: "routes": { "${kind.one}": "…/{id}" }.`;
    return { found: `The first ${kind.thing} of the list could not be read alone: ${what}.`, fix };
  }
  const known = draft.profile.replies?.[kind.one]?.envelope;
  const envelope = known ?? envelopeIn(sight.value, idPath, id);
  const shown = envelope === undefined ? undefined : valueAt(valueAt(sight.value, envelope), idPath);
  if (envelope !== undefined && isText(shown) && isSameId(shown, id)) {
    return { reply: sight.value, envelope, isNew: known === undefined };
  }
  const where = known ? ` at ${known}` : "";
  const fix = `Write into the profile where it stands: "replies": { "${kind.one}": { "envelope": "data" } }.`;
  return { found: `The reply about one ${kind.thing} does not show its id ${id}${where}.`, fix };
}

export function pathOf(profile: Profile, route: ListName | ReplyName): string {
  const given = profile.routes?.[route];
  const path = typeof given === "string" ? given : fieldOf(given, "path");
  return isText(path) ? path : "";
}
