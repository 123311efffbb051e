// A profile to begin with: what was given or served, and what the checkup saw beside it.
import { isDeepStrictEqual } from "node:util";
import { OcisignError, type Profile, SigningClient } from "ocisign";
import { fieldOf, isRecord, isText } from "../../foreign.ts";
import { withoutTrailing } from "../../trailing.ts";
import type { FieldForm } from "./field-form.ts";
import type { Paging } from "./list-form.ts";
import { valueAt } from "./places.ts";

export type ListName = "products" | "signings";
export type ReplyName = "product" | "signing";

export class Draft {
  readonly #known: Profile;
  readonly #begun: Profile;
  #profile: Profile;

  /** @param known what the program works by as long as nobody gives it another one */
  constructor(known: Profile, begun = known) {
    this.#known = known;
    this.#begun = begun;
    this.#profile = begun;
  }

  get profile(): Profile {
    return this.#profile;
  }

  /** Where a field stands, if it was said before anything was looked at. */
  told(name: ReplyName, field: string): string | undefined {
    const place = fieldOf(this.#begun.replies?.[name]?.fields, field);
    return isText(place) ? place : undefined;
  }

  /** What it says otherwise than what is known, as paths of the profile. What the checkup only saw again is none. */
  get changes(): readonly string[] {
    return compared.filter(
      (path) => !isDeepStrictEqual(saidAt(this.#known, path), saidAt(this.#profile, path)),
    );
  }

  /** All paths with a slash at their end, or all without: a service wants it either way. */
  slashes(wanted: boolean): void {
    const all = Object.entries(this.#profile.routes ?? {});
    const changed = all.map(([name, route]) => [
      name,
      isText(route) ? slashed(route, wanted) : withPath(route, wanted),
    ]);
    this.#take({ ...this.#profile, routes: Object.fromEntries(changed) });
  }

  list(name: ListName, items: string, paging: Paging | undefined): void {
    const form = { ...(items && { items }), ...(paging && { paging }) };
    if (Object.keys(form).length === 0) return;
    const { lists } = this.#profile;
    // What the profile says already counts: it was read by it.
    this.#take({ ...this.#profile, lists: { ...lists, [name]: { ...form, ...lists?.[name] } } });
  }

  fields(name: ReplyName, fields: FieldForm): void {
    if (Object.keys(fields).length === 0 || this.#takeFields(name, fields)) return;
    // Together they contradict each other, or what stays. Alone, most of them do not.
    for (const [field, path] of Object.entries(fields)) this.#takeFields(name, { [field]: path });
  }

  envelope(name: ReplyName, envelope: string): void {
    if (!envelope) return;
    const { replies } = this.#profile;
    this.#take({ ...this.#profile, replies: { ...replies, [name]: { ...replies?.[name], envelope } } });
  }

  keyPath(publicKeyPath: string): void {
    this.#take({ ...this.#profile, publicKeyPath });
  }

  statuses(table: NonNullable<Profile["statuses"]>): void {
    this.#take({ ...this.#profile, statuses: { ...table, ...this.#profile.statuses } });
  }

  #takeFields(name: ReplyName, fields: FieldForm): boolean {
    const { replies } = this.#profile;
    const form = { ...replies?.[name], fields: { ...replies?.[name]?.fields, ...fields } };
    return this.#take({ ...this.#profile, replies: { ...replies, [name]: form } });
  }

  /** A guess that makes no profile is dropped. */
  #take(profile: Profile): boolean {
    if (!isProfile(profile)) return false;
    this.#profile = profile;
    return true;
  }
}

/** Would a client take it? Nothing is sent. */
function isProfile(profile: Profile): boolean {
  try {
    return Boolean(new SigningClient({ baseUrl: "https://service.example", token: "none", profile }));
  } catch (error) {
    if (error instanceof OcisignError && error.code === "bad-profile") return false;
    throw error;
  }
}

/** The parts that a checkup may fill, in the order of the documentation. */
const compared = [
  ...["routes", "statuses", "replies.signing.envelope", "replies.signing.fields", "replies.product.envelope"],
  ...["replies.product.fields", "lists.signings", "lists.products", "publicKeyPath", "keyTypes"],
] as const;

/** An empty table says nothing. */
function saidAt(profile: Profile, path: string): unknown {
  const said = valueAt(profile, path);
  return isRecord(said) && Object.keys(said).length === 0 ? undefined : said;
}

function withPath<Route>(route: Route, wanted: boolean): Route {
  const path = fieldOf(route, "path");
  return isText(path) ? { ...route, path: slashed(path, wanted) } : route;
}

function slashed(path: string, wanted: boolean): string {
  const bare = withoutTrailing(path, "/");
  return wanted ? `${bare}/` : bare;
}
