// A list of the service: may it be read, in which form does it come, and where do things stand in its elements?
import type { Profile } from "ocisign";
import { fieldOf, isList, isText } from "../../foreign.ts";
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
    notes.problem("list", "The reply holds no list where one is expected.", fix);
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
  const pages = paging ? ` It comes in pages (${pagingText(paging)}).` : "";
  notes.ok("list", `The reply holds ${count}${where}.${pages}`);
}

interface Found {
  readonly elements: readonly unknown[];
  readonly items: string;
  /** If the profile does not say it. */
  readonly paging: Paging | undefined;
}

function pagingText(paging: Paging): string {
  return Object.entries(paging)
    .map(([name, value]) => `${name}: ${value}`)
    .join(", ");
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

function noteRefusal(seen: Seen, kind: Kind, path: string, notes: Notes): void {
  const { status } = seen;
  const said = wordsIn(seen.value);
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
    const what = seen.isPage ? "a page of HTML" : "something that is not JSON";
    notes.problem(
      "list",
      `The service answers with ${what}.`,
      "Check --url: a sign-in page or a proxy may stand there.",
    );
  } else {
    const fix = "Show this to those who run the service.";
    notes.problem("list", `The service answers HTTP ${status}.${why}`, fix);
  }
}

/** How a reply about one element looks: its envelope. */
export async function lookAtOne(
  practice: Practice,
  kind: Kind,
  elements: readonly unknown[],
  notes: Notes,
): Promise<unknown> {
  const { draft, session, base, headers } = practice;
  const idPath = draft.profile.replies?.[kind.one]?.fields?.id ?? "id";
  const id = elements.map((element) => valueAt(element, idPath)).find(isText);
  if (id === undefined) return undefined;
  const path = pathOf(draft.profile, kind.one).replace("{id}", encodeURIComponent(id));
  const sight = await look(session, `${base}/${path}`, headers);
  if (sight.status !== 200 || sight.value === undefined) {
    const what = sight.status === undefined ? sight.why : `HTTP ${sight.status}`;
    const fix = `Check the route in the profile: "routes": { "${kind.one}": "…/{id}" }.`;
    notes.problem("one", `The first ${kind.thing} of the list could not be read alone: ${what}.`, fix);
    return undefined;
  }
  const known = draft.profile.replies?.[kind.one]?.envelope;
  const envelope = known ?? envelopeIn(sight.value, idPath, id);
  if (envelope === undefined) {
    const fix = `Write into the profile where it stands: "replies": { "${kind.one}": { "envelope": "data" } }.`;
    notes.problem("one", `The reply about one ${kind.thing} does not show its id ${id}.`, fix);
    return undefined;
  }
  if (known === undefined) draft.envelope(kind.one, envelope);
  notes.ok("one", `One ${kind.thing} was read alone${envelope ? `; it stands at ${envelope}` : ""}.`);
  return valueAt(sight.value, envelope);
}

export function pathOf(profile: Profile, route: ListName | ReplyName): string {
  const given = profile.routes?.[route];
  const path = typeof given === "string" ? given : fieldOf(given, "path");
  return isText(path) ? path : "";
}

/** The service's own words, if it has any. */
function wordsIn(reply: unknown): string | undefined {
  const said = ["message", "error", "detail", "title"].map((name) => fieldOf(reply, name)).find(isText);
  return said?.slice(0, 300);
}
