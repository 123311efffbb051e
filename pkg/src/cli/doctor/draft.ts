// A profile to begin with: what was given or served, and what the checkup saw beside it.
import { isDeepStrictEqual } from "node:util";
import type { Profile } from "ocisign";
import { fieldOf, isText } from "../../foreign.ts";
import type { FieldForm } from "./field-form.ts";
import type { Paging } from "./list-form.ts";

export type ListName = "products" | "signings";
export type ReplyName = "product" | "signing";

/** Parts of a profile without which the library misreads a service, or does not reach it. */
const forms = ["routes", "replies", "lists", "publicKeyPath"] as const;

export class Draft {
  #profile: Profile;
  #changes: string[];

  /** @param begun what the draft begins with, if the service has a profile of its own */
  constructor(given: Profile, begun: Profile = given) {
    this.#profile = begun;
    this.#changes = forms.filter((form) => !isDeepStrictEqual(given[form], begun[form]));
  }

  get profile(): Profile {
    return this.#profile;
  }

  /** What the checkup added, as paths of the profile. */
  get changes(): readonly string[] {
    return this.#changes;
  }

  /** All paths with a slash at their end, or all without: a service wants it either way. */
  slashes(wanted: boolean): void {
    const all = Object.entries(this.#profile.routes ?? {});
    const changed = all.map(([name, route]) => [
      name,
      isText(route) ? slashed(route, wanted) : withPath(route, wanted),
    ]);
    this.#profile = { ...this.#profile, routes: Object.fromEntries(changed) };
    this.#changes.push("routes");
  }

  list(name: ListName, items: string, paging: Paging | undefined): void {
    const form = { ...(items && { items }), ...(paging && { paging }) };
    if (Object.keys(form).length === 0) return;
    const { lists } = this.#profile;
    // What the profile says already counts: it was read by it.
    const whole = { ...form, ...lists?.[name] };
    this.#take({ lists: { ...lists, [name]: whole } }, `lists.${name}`);
  }

  fields(name: ReplyName, fields: FieldForm): void {
    if (Object.keys(fields).length === 0) return;
    const { replies } = this.#profile;
    const form = { ...replies?.[name], fields: { ...replies?.[name]?.fields, ...fields } };
    this.#profile = { ...this.#profile, replies: { ...replies, [name]: form } };
    this.#changes.push(`replies.${name}.fields`);
  }

  envelope(name: ReplyName, envelope: string): void {
    if (!envelope) return;
    const { replies } = this.#profile;
    this.#profile = { ...this.#profile, replies: { ...replies, [name]: { ...replies?.[name], envelope } } };
    this.#changes.push(`replies.${name}.envelope`);
  }

  keyPath(publicKeyPath: string): void {
    this.#profile = { ...this.#profile, publicKeyPath };
    this.#changes.push("publicKeyPath");
  }

  statuses(table: NonNullable<Profile["statuses"]>): void {
    this.#take({ statuses: { ...table, ...this.#profile.statuses } }, "statuses");
  }

  /** Of what the profile says already, nothing is a change. */
  #take(part: Partial<Profile>, path: string): void {
    const taken = { ...this.#profile, ...part };
    if (isDeepStrictEqual(taken, this.#profile)) return;
    this.#profile = taken;
    this.#changes.push(path);
  }
}

function withPath<Route>(route: Route, wanted: boolean): Route {
  const path = fieldOf(route, "path");
  return isText(path) ? { ...route, path: slashed(path, wanted) } : route;
}

function slashed(path: string, wanted: boolean): string {
  const bare = path.replace(/\/+$/, "");
  return wanted ? `${bare}/` : bare;
}
