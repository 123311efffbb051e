// What settings.json beside the page says: where the service is, and how this deployment differs.
import type { Profile } from "ocisign";
import type { GroupNames } from "ocisign/elements";
import type { OidcSettings } from "./session/oidc.ts";

export interface Settings {
  baseUrl: string;
  profile?: Profile;
  isSandbox: boolean;
  /** What people call the groups. */
  groupNames?: GroupNames;
  /** How the page reaches registries, by their domain. */
  registries: Readonly<Record<string, { url?: string }>>;
  oidc?: OidcSettings;
}

/** The file, as the page's operator writes it. */
interface SettingsFile extends Omit<Settings, "isSandbox" | "registries"> {
  registries?: Settings["registries"];
  sandbox?: boolean;
}

/** Reads `settings.json` beside the page, so that the same page can be put in front of any deployment. */
export async function readSettings(): Promise<Settings> {
  // As index.html asks for it beforehand; servers say how long it may be kept.
  const reply = await fetch("settings.json");
  if (!reply.ok)
    throw new Error(`The page could not read its settings: settings.json answered ${reply.status}.`);
  const { baseUrl: base, registries = {}, sandbox, ...others }: SettingsFile = await reply.json();
  const baseUrl = new URL(base, document.baseURI).href.replace(/\/$/, "");
  return { ...others, baseUrl, isSandbox: sandbox === true, registries };
}
