// What settings.json beside the page says: where the service is, and how this deployment differs.
import type { PinnedKeys, Profile } from "ocisign";
import type { GroupNames, PeopleNames } from "ocisign/elements";
import type { OidcSettings } from "./session/oidc.ts";

export interface Settings {
  baseUrl: string;
  profile?: Profile;
  isSandbox: boolean;
  /** What people call the groups. */
  groupNames?: GroupNames;
  /** What people call each other, by object ids. */
  peopleNames?: PeopleNames;
  /** How the page reaches registries, by their domain. */
  registries: Readonly<Record<string, { url?: string }>>;
  oidc?: OidcSettings;
  /** A trust file for the form that verifies: its address, read against the page's own, or what it holds. */
  trust?: string | object;
}

/** The file, as the page's operator writes it. */
interface SettingsFile extends Omit<Settings, "isSandbox" | "registries"> {
  /** Public keys that are pinned here. They take the place of the profile's. */
  keys?: PinnedKeys;
  registries?: Settings["registries"];
  sandbox?: boolean;
}

/** Reads `settings.json` beside the page, so that the same page can be put in front of any deployment. */
export async function readSettings(): Promise<Settings> {
  // As index.html asks for it beforehand; servers say how long it may be kept.
  const reply = await fetch("settings.json");
  if (!reply.ok)
    throw new Error(`The page could not read its settings: settings.json answered ${reply.status}.`);
  const { baseUrl: base, registries = {}, sandbox, keys, ...others }: SettingsFile = await reply.json();
  const baseUrl = new URL(base, document.baseURI).href.replace(/\/$/, "");
  const settings = { ...others, baseUrl, isSandbox: sandbox === true, registries };
  return keys ? { ...settings, profile: withKeys(others.profile, keys) } : settings;
}

/** The profile, with the keys that the settings pin. The client checks both, since it reads the profile. */
function withKeys(profile: Profile | undefined, { products, operations }: PinnedKeys): Profile {
  const pinned = profile?.keys;
  const keys = {
    products: merged(pinned?.products, products),
    operations: merged(pinned?.operations, operations),
  };
  return { ...profile, keys };
}

/** Ids compare without case: one that both have, in whatever spelling, is that of the settings. */
function merged(before: Readonly<Record<string, string>> = {}, own: Readonly<Record<string, string>> = {}) {
  const named = new Set(Object.keys(own).map((id) => id.toLowerCase()));
  const kept = Object.entries(before).filter(([id]) => !named.has(id.toLowerCase()));
  return { ...Object.fromEntries(kept), ...own };
}
