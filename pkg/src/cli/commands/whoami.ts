// `ocisign whoami`: what the token says about who one is. The token itself is never shown.

import type { Profile } from "ocisign";
import { nameOf } from "../../shown/names.ts";
import { type Claims, claimsOf } from "../claims.ts";
import { command } from "../command.ts";
import type { Session } from "../session.ts";
import { aligned, type Row } from "../shown.ts";
import { relativeTime } from "../time.ts";

interface Group {
  readonly id: string;
  readonly name?: string | undefined;
}

interface Me extends Omit<Claims, "groups"> {
  /** Where the token comes from. */
  readonly tokenFrom: string;
  readonly groups: readonly Group[] | undefined;
}

export const whoami = command({
  name: "whoami",
  summary: "Show who the token says you are.",
  examples: [
    ["Your name, id and groups, and when the token expires.", "ocisign whoami"],
    ["The ids of your groups, for a program.", "ocisign whoami --json"],
  ],
  notes: `This reads the token, and asks no service: the signature of the token is not
verified, and the service may know more, or refuse it.`,
  async run(session): Promise<Me> {
    const claims = claimsOf(await session.token.ask());
    const names = await namesOf(session);
    const groups = claims.groups?.map((id): Group => ({ id, name: nameOf(names, "groups", id) }));
    const { from: tokenFrom } = session.token;
    return { ...claims, tokenFrom, name: claims.name ?? nameOf(names, "people", claims.objectId), groups };
  },
  text: (me) => aligned(rows(me)),
  json({ expiresAt, groups, ...me }) {
    const expired = expiresAt && expiresAt.getTime() <= Date.now();
    // Null, and not left out: a program has to see that they are unknown.
    return { ...me, groups: groups ?? null, expiresAt, expired, verified: false };
  },
  beside(me, { output }) {
    output.note("The token says so itself; its signature was not verified here.");
    if (isOver(me.expiresAt)) output.note("It has expired: get a new one.");
  },
});

/** The names of the profile, if there is one. Without a URL there is no service, and a token is read all the same. */
async function namesOf(session: Session): Promise<Profile["names"]> {
  if (!session.settings.url || !session.settings.profile) return undefined;
  return (await session.service()).profile.names;
}

function rows(me: Me): Row[] {
  const { name, account, objectId, groups, issuer, audience, expiresAt, validFrom } = me;
  return [
    ["name", name ?? "unknown: the token does not say"],
    ["account", account === name ? undefined : account],
    ["object id", objectId ?? "unknown: the token does not say", "exact"],
    ...groupRows(groups),
    ["issuer", issuer ?? "unknown: the token does not say", "exact"],
    ...(audience.length > 0 ? audience : [undefined]).map((one): Row => ["audience", one, "exact"]),
    ["valid", validFrom && validFrom.getTime() > Date.now() ? `only ${moment(validFrom)}` : undefined],
    ["expires", expiryText(expiresAt)],
    ["token from", me.tokenFrom],
  ];
}

function groupRows(groups: readonly Group[] | undefined): Row[] {
  if (groups === undefined) return [["groups", "unknown: the token does not list them"]];
  if (groups.length === 0) return [["groups", "none"]];
  return groups.map(({ id, name }) => {
    return name === undefined ? ["group", id, "exact"] : ["group", `${name} (${id})`];
  });
}

function expiryText(at: Date | undefined): string {
  if (!at) return "unknown: the token does not say";
  return isOver(at) ? `expired ${moment(at)}` : moment(at);
}

function isOver(at: Date | undefined): boolean {
  return at !== undefined && at.getTime() <= Date.now();
}

function moment(at: Date): string {
  return `${relativeTime(at)} (${at.toISOString()})`;
}
