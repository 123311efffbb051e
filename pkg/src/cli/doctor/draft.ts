// A profile to begin with: what was given or served, and what the checkup saw beside it.
import type { Profile } from "ocisign";
import { fieldOf, isText } from "../../foreign.ts";
import type { FieldForm } from "./field-form.ts";
import type { Paging } from "./list-form.ts";

export type ListName = "products" | "signings";
export type ReplyName = "product" | "signing";

export class Draft {
  #profile: Profile;
  #changes: string[] = [];

  constructor(given: Profile) {
    this.#profile = given;
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
    this.#profile = { ...this.#profile, lists: { ...lists, [name]: { ...lists?.[name], ...form } } };
    this.#changes.push(`lists.${name}`);
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
    this.#profile = { ...this.#profile, statuses: { ...table, ...this.#profile.statuses } };
    this.#changes.push("statuses");
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
