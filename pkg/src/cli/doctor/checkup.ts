// Looks at a deployment from outside, by GET only: nothing is requested, decided or written at the service.
import {
  artifactOf,
  OcisignError,
  type Product,
  type Profile,
  registriesOf,
  type Signing,
  SigningClient,
} from "ocisign";
import { fieldOf, isList, isRecord, isText } from "../../foreign.ts";
import { keyFor } from "../../shown/product-key.ts";
import { withoutTrailing } from "../../trailing.ts";
import { Problem } from "../problem.ts";
import { openClient } from "../service.ts";
import type { Session } from "../session.ts";
import { Draft } from "./draft.ts";
import { idPlacesOfProducts, idPlacesOfRequests, productFieldsIn, requestFieldsIn } from "./field-form.ts";
import { type Finding, Findings, type Notes } from "./finding.ts";
import { keyPlacesIn } from "./key-place.ts";
import { type Kind, type ListSeen, lookAtList, lookAtOne, type Practice, pathOf } from "./lists.ts";
import { look } from "./look.ts";
import { judgeAnswer, judgeClock, judgeCors, judgeTls } from "./reachability.ts";
import { judgeRegistry, type KnownImage } from "./registry.ts";
import { judgeStatuses, statusesOf, statusTable } from "./statuses.ts";
import { judgeToken } from "./token.ts";
import { counted, some } from "./words.ts";

export interface Checkup {
  readonly findings: readonly Finding[];
  /** A profile to begin with. */
  readonly profile: Profile;
}

const products: Kind = {
  list: "products",
  one: "product",
  thing: "product",
  fieldsIn: productFieldsIn,
  idPlacesIn: idPlacesOfProducts,
  forbidden:
    "Ask for the right to list products. Or request with --product ID --operation ID --unread-product; ask the vendor for the ids.",
};

const requests: Kind = {
  list: "signings",
  one: "signing",
  thing: "request",
  fieldsIn: requestFieldsIn,
  idPlacesIn: idPlacesOfRequests,
  forbidden: "Ask for the right to list requests; a request can still be read by its id.",
};

/** Registries are looked at up to this number. */
const mostRegistries = 5;

/** @param origin that of a page which is to read the service, such as `https://portal.example` */
export async function checkUp(session: Session, origin: string | undefined): Promise<Checkup> {
  const findings = new Findings();
  // It refuses a wrong URL or profile, with the place that the setting comes from. It sends nothing with this token.
  const { profile: given } = await openClient(session, "none");
  const base = withoutTrailing((session.settings.url?.value ?? "").trim(), "/");
  const from: Readonly<Record<string, string>> = origin === undefined ? {} : { origin };
  const asking = { accept: "application/json", ...from };
  const front = await look(session, `${base}/${pathOf(given, "products")}`, asking);
  const service = findings.of("service");
  if (!judgeAnswer(front, service)) return { findings: findings.all, profile: given };
  judgeTls(front, service);
  judgeClock(front, service);
  const draft = new Draft(
    given,
    session.settings.profile ? given : await servedProfile(session, base, given),
  );
  const token = await tokenOf(session, findings);
  if (token === undefined) judgeCors(front, origin, service);
  else {
    findings.of("token").ok("source", `It comes from ${session.token.from}.`);
    judgeToken(token, findings.of("token"));
    const headers = { ...asking, authorization: `Bearer ${token}` };
    await lookInside({ session, base, draft, headers }, origin, findings);
  }
  return { findings: findings.all, profile: draft.profile };
}

/** A sandbox describes itself. Whatever else answers there is no profile, and is passed over. */
async function servedProfile(session: Session, base: string, otherwise: Profile): Promise<Profile> {
  const { value } = { value: undefined, ...(await look(session, `${base}/ocisign-profile`)) };
  if (!isRecord(value)) return otherwise;
  try {
    return new SigningClient({ baseUrl: base, token: "unused", profile: value }).profile;
  } catch {
    return otherwise;
  }
}

async function tokenOf(session: Session, findings: Findings): Promise<string | undefined> {
  try {
    return (await session.token.ask()).trim();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    findings.of("token").problem("given", error.message, error.fix);
    return undefined;
  }
}

async function lookInside(practice: Practice, origin: string | undefined, findings: Findings): Promise<void> {
  const { session } = practice;
  session.output.progress("Looking at products …");
  const listed = await lookAtList(practice, products, findings.of("products"));
  judgeCors(listed?.seen, origin, findings.of("service"));
  if (findings.all.some(({ point }) => point === "accepted")) return;
  const product = listed && (await lookAtOne(practice, products, listed.elements, findings.of("products")));
  session.output.progress("Looking at requests …");
  const asked = await lookAtList(practice, requests, findings.of("requests"));
  if (asked) await lookAtOne(practice, requests, asked.elements, findings.of("requests"));
  if (product !== undefined) judgeKey(practice, product, findings);
  await tryProfile(practice, listed, asked, findings);
}

/** Where the key stands, in a product as the service sent it. */
function judgeKey({ draft }: Practice, product: unknown, findings: Findings): void {
  const notes = findings.of("key");
  const places = keyPlacesIn(product);
  const [first] = places;
  if (!first) {
    const found = "The product shows no public key.";
    const fix =
      "Read it from the product's secrets with `ocisign key --client-key @FILE`, and pin it in the profile under keys.";
    notes.warning("place", found, fix);
    return;
  }
  const expected = draft.profile.publicKeyPath;
  const named = places.map(({ path }) => inOurNames(path, draft));
  if (!named.some((path) => path === expected)) draft.keyPath(named[0] ?? first.path);
  const { keyType, fingerprint } = first.key;
  notes.ok("place", `The first key, ${keyType} ${fingerprint}, stands at ${first.path}.`);
}

/** A profile follows its `publicKeyPath` in a product whose fields have our names already. */
function inOurNames(path: string, { profile }: Draft): string {
  const moved = Object.entries(profile.replies?.product?.fields ?? {});
  const [ours, theirs] = moved.find(([, theirs]) => path.startsWith(`${theirs}[]`)) ?? [];
  return ours && theirs ? ours + path.slice(theirs.length) : path;
}

/** The profile to begin with is worth something only if the library can work by it. */
async function tryProfile(
  { session, base, draft, headers }: Practice,
  listed: ListSeen | undefined,
  asked: ListSeen | undefined,
  findings: Findings,
): Promise<void> {
  const notes = findings.of("profile");
  const token = headers.authorization?.slice("Bearer ".length) ?? "";
  const client = new SigningClient({
    ...{ baseUrl: base, token, profile: draft.profile, fetch: session.network.fetch },
    ...{ timeoutMs: session.callTimeoutMs, retry: { attempts: 2 } },
  });
  const read = async <T>(what: string, work: () => Promise<T[]>): Promise<T[]> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof OcisignError) || session.signal.aborted) throw error;
      notes.problem(what, error.message, error.fix);
      return [];
    }
  };
  const { signal } = session;
  const all = listed ? await read("products", () => client.products({ signal })) : [];
  const signings = asked ? await read("requests", () => client.signings({}, { signal })) : [];
  noteUnreadable("products", all, notes);
  noteUnreadable("requests", signings, notes);
  if (asked) {
    const statuses = statusesOf(signings);
    judgeStatuses(statuses, asked.elements.length, findings.of("requests"));
    const table = statusTable(statuses);
    if (Object.keys(table).length > 0) draft.statuses(table);
  }
  if (draft.changes.length > 0) {
    const from = session.settings.profile ? "the profile" : "what is assumed";
    const found = `The service differs from ${from}, in ${some(draft.changes)}.`;
    notes.warning(
      "differs",
      found,
      "Get a profile that says so with --write-profile FILE, and look through it.",
    );
  }
  if (all.length > 0 || signings.length > 0) {
    const found = `${counted(all.length, "product")} and ${counted(signings.length, "request")} were read`;
    notes.ok("tried", draft.changes.length > 0 ? `By the profile that is suggested, ${found}.` : `${found}.`);
  }
  await judgeRegistries(session, draft.profile, all, signings, findings);
}

function noteUnreadable(what: string, list: readonly unknown[], notes: Notes): void {
  const unreadable: unknown = fieldOf(list, "unreadable");
  if (!isList(unreadable) || unreadable.length === 0) return;
  const error = fieldOf(unreadable[0], "error");
  const why = error instanceof Error ? error.message : "";
  const found = `${unreadable.length} of them cannot be read. The first: ${why}`;
  const fix = "Correct the places of its fields in the profile, or show this to those who run the service.";
  if (list.length === 0) notes.problem(what, found, fix);
  else notes.warning(what, found, fix);
}

async function judgeRegistries(
  session: Session,
  profile: Profile,
  all: readonly Product[],
  signings: readonly Signing[],
  findings: Findings,
): Promise<void> {
  const images = imagesOf(signings);
  const named = new Set(all.flatMap(registriesOf).filter(isText));
  const domains = new Set([...named, ...images.keys()]);
  const notes = findings.of("registry");
  if (domains.size === 0) notes.unknown("registry", "No product or request names a registry.");
  const own = ownRegistry(session, named, notes);
  for (const domain of [...domains].slice(0, mostRegistries)) {
    session.output.progress(`Looking at ${domain} …`);
    const newest = images.get(domain);
    const image = newest && { ...newest, pem: pemOf(newest, all, profile, findings.of("key")) };
    await judgeRegistry(session, { domain, isOwn: domain === own }, image, notes);
  }
  const others = [...domains].slice(mostRegistries);
  if (others.length > 0) notes.unknown("others", `Not looked at: ${some(others)}.`);
}

/**
 * The registry that settings are for: the one that products name. A request names any registry, and whoever made it would
 * get the password.
 */
function ownRegistry({ settings }: Session, named: ReadonlySet<string>, notes: Notes): string | undefined {
  const [first] = named;
  if (named.size === 1) return first;
  const given = settings.registryUsername ?? settings.registryUrl;
  if (given) {
    const names = named.size === 0 ? "none" : `${named.size}: ${some([...named])}`;
    const found = `${given.from} is for one registry, and products name ${names}. It was not used.`;
    notes.unknown("given", found, "Verify an image of that registry with `ocisign verify`.");
  }
  return undefined;
}

/** The newest image of a registry, and whose key signs it. */
interface Newest extends Omit<KnownImage, "pem"> {
  readonly productId: string | undefined;
  readonly operation: string | undefined;
}

/** By registry, the image of the newest request that is signed; without one, of the newest. */
function imagesOf(signings: readonly Signing[]) {
  const found = new Map<string, Newest>();
  for (const signing of signings) {
    const artifact = artifactOf(signing);
    if (artifact.state !== "image") continue;
    const { reference } = artifact;
    const isSigned = signing.state === "signed";
    const known = found.get(reference.registry);
    if (known && (known.isSigned || !isSigned)) continue;
    const { productId, idProductOperation: operation } = signing;
    found.set(reference.registry, { reference, isSigned, productId, operation });
  }
  return found;
}

/** The key that the request's image has to be signed with, if one is known. One that differs from its pin is none. */
function pemOf(
  { productId, operation }: Newest,
  all: readonly Product[],
  profile: Profile,
  notes: Notes,
): string | undefined {
  const product = all.find(({ id }) => id === productId);
  if (!product) return undefined;
  try {
    return keyFor({ product, productId, operation, profile }).key.pem;
  } catch (error) {
    if (!(error instanceof OcisignError)) throw error;
    if (error.code === "key-mismatch") notes.problem("pinned", error.message, error.fix);
    return undefined;
  }
}
