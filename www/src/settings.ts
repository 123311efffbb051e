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
}

/** The file, as the page's operator writes it. */
interface SettingsFile extends Omit<Settings, "isSandbox" | "registries"> {
  /** Public keys that are pinned, before those of the profile. */
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
  const {
    baseUrl: base,
    registries = {},
    sandbox,
    keys,
    profile,
    ...others
  }: SettingsFile = await reply.json();
  const baseUrl = new URL(base, document.baseURI).href.replace(/\/$/, "");
  const pinned = keys ? { ...profile, keys: merged(keys, profile?.keys) } : profile;
  return { ...others, ...(pinned && { profile: pinned }), baseUrl, isSandbox: sandbox === true, registries };
}

/** Each key of the settings takes the place of the profile's for the same id. */
function merged(own: PinnedKeys, others: PinnedKeys | undefined): PinnedKeys {
  const parts = (["products", "operations"] as const).map((part) => {
    const taken = new Set(Object.keys(own[part] ?? {}).map((id) => id.toLowerCase()));
    const left = Object.entries(others?.[part] ?? {}).filter(([id]) => !taken.has(id.toLowerCase()));
    return [part, { ...Object.fromEntries(left), ...own[part] }];
  });
  return { ...own, ...Object.fromEntries(parts) };
}
