// Reads all that a profile says, before anything is sent by it. A typing mistake must not pass: each field is known, and
// an error names the place. docs/profile.md describes the language, profile.schema.json says the same as a schema.
import { harmless, readPublicKey } from "../../core.ts";
import { fail, OcisignError, type OcisignErrorOf } from "../../error.ts";
import { type Fields, isList, isRecord, isText } from "../../foreign.ts";
import { pathOfElement, pathOfField } from "../../path.ts";
import type {
  ActingRouteName,
  ProductField,
  ReadingRouteName,
  SigningField,
  WholeProfile,
} from "../profile.ts";
import { foldedId } from "../same-id.ts";
import { countIn, exclude } from "./template.ts";

/** The fields that may stand elsewhere. */
const fields = {
  signing: [
    ...([
      "id",
      "status",
      "createdAt",
      "updatedAt",
      "requester",
      "requiredGroups",
      "requiredApprovals",
    ] as const),
    ...([
      "expiresAt",
      "approvals",
      "missingGroups",
      "history",
      "reason",
      "signature",
      "name",
      "idProductOperation",
    ] as const),
    ...(["description", "payload", "productId"] as const),
  ] satisfies readonly SigningField[],
  product: [
    ...(["id", "name", "description", "productType", "enabled", "state", "caInfo", "rndKeys"] as const),
    ...(["productOperations", "productConfigItems"] as const),
  ] satisfies readonly ProductField[],
};

const readingRoutes = ["products", "product", "signings", "signing"] satisfies readonly ReadingRouteName[];
const actingRoutes = [
  ...(["createProduct", "requestSigning", "approve", "reject", "withdraw"] as const),
] satisfies readonly ActingRouteName[];
const actingMethods = ["POST", "PUT", "PATCH"];

/** More of anything is a mistake. */
const most = { entries: 1000, characters: 1000, levels: 10 };

/** Names that filters have. */
const filters = ["status", "productId"];

/** @throws {OcisignError} `bad-profile`: the first thing that is wrong, by its place. */
export function checkProfile(profile: WholeProfile): void {
  const { $schema, routes, replies, lists, digests, publicKeyPath, keyTypes, names, keys } = profile;
  if ($schema !== undefined) text($schema, "profile.$schema");
  checkRoutes(routes, "profile.routes");
  for (const [at, reply, kind] of partsOf(replies, "profile.replies", ["signing", "product"])) {
    checkReply(reply, at, fields[kind]);
  }
  for (const [at, list, name] of partsOf(lists, "profile.lists", ["signings", "products"])) {
    checkList(list, at);
    checkConstants(routes[name], list, `profile.routes.${name}.query`);
  }
  if (digests !== undefined) checkDigests(digests, routes, "profile.digests");
  checkKeyPath(publicKeyPath, "profile.publicKeyPath");
  checkKeyTypes(keyTypes, "profile.keyTypes");
  for (const [at, table, kind] of partsOf(names, "profile.names", ["groups", "people"])) {
    checkTable(table, at, (id, place) => checkNamed(id, place, kind), checkName);
  }
  for (const [at, table] of partsOf(keys, "profile.keys", ["products", "operations"])) {
    checkTable(table, at, checkIdOf, checkKey);
  }
}

function checkRoutes(routes: Fields, at: string): void {
  for (const name of readingRoutes) checkRoute(routes[name], `${at}.${name}`, name, ["GET"], undefined);
  // Only a withdrawal may be missing.
  const acting = actingRoutes.filter((name) => name !== "withdraw" || routes[name] !== undefined);
  for (const name of acting) {
    const placeholders = decides(name) ? ["{id}", "{comment}", "{expect}"] : ["{body}"];
    checkRoute(routes[name], `${at}.${name}`, name, actingMethods, placeholders);
  }
  const all = [...readingRoutes, ...acting];
  for (const [index, name] of all.entries()) checkUnlike(routes, name, all.slice(0, index), `${at}.${name}`);
}

/** @param others names of routes, of which each is another call */
function checkUnlike(routes: Fields, name: string, others: readonly string[], at: string): void {
  const other = others.find((before) => isAlike(routes, before, name));
  if (other === undefined) return;
  const fix = "Give it another path, or decisions bodies that differ in a constant.";
  throw wrong(at, `is the same call as ${other}`, fix);
}

/** How requests for digests are written. They may be posted where those for images are. */
function checkDigests(digests: unknown, routes: Fields, at: string): void {
  const {
    route,
    names = {},
    encoding,
    hashes = {},
  } = only(digests, at, [...(["route", "names", "encoding", "hashes"] as const)]);
  if (route !== undefined) {
    checkRoute(route, `${at}.route`, "requestDigest", actingMethods, ["{body}"]);
    const others = Object.keys(routes).filter(
      (name) => name !== "requestSigning" && routes[name] !== undefined,
    );
    checkUnlike({ ...routes, requestDigest: route }, "requestDigest", others, `${at}.route`);
  }
  const { digest = "digest", hashAlgorithm = "hashAlgorithm" } = only(names, `${at}.names`, [
    ...(["digest", "hashAlgorithm"] as const),
  ]);
  text(digest, `${at}.names.digest`);
  if (hashAlgorithm !== null) text(hashAlgorithm, `${at}.names.hashAlgorithm`);
  const isTaken = digest === hashAlgorithm || [digest, hashAlgorithm].includes("artifactURI");
  if (isTaken) throw wrong(`${at}.names`, "has a name that is another field's", "Choose another.");
  if (encoding !== undefined) oneOf(encoding, `${at}.encoding`, ["base64", "hex"]);
  only(hashes, `${at}.hashes`, ["sha256", "sha384", "sha512"]);
  for (const [index, [, name, place]] of entriesOf(hashes, `${at}.hashes`).entries()) {
    text(name, place);
    const before = Object.values(object(hashes, at)).slice(0, index);
    if (before.includes(name))
      throw wrong(place, "is called as another is", "Give each hash a name of its own.");
  }
}

function checkRoute(
  route: unknown,
  at: string,
  name: string,
  methods: readonly string[],
  placeholders: readonly string[] | undefined,
): void {
  const takesId = decides(name) || name === "product" || name === "signing";
  if (!isRecord(route)) {
    if (checkPath(route, at, takesId) === 0 && takesId) throw withoutId(at);
    return;
  }
  only(route, at, ["method", "path", "query", ...(placeholders ? ["body"] : [])]);
  const { method, path, query, body } = route;
  if (method !== undefined) oneOf(method, `${at}.method`, methods);
  let ids = checkPath(path, `${at}.path`, takesId);
  if (query !== undefined) ids += checkQuery(query, `${at}.query`, takesId);
  if (body !== undefined && placeholders) ids += checkBody(body, `${at}.body`, placeholders);
  if (takesId && ids === 0) throw withoutId(at);
}

/**
 * Below the base: no scheme, no query, nothing encoded, and nothing that climbs up.
 *
 * @returns how often the id stands in it
 */
function checkPath(path: unknown, at: string, takesId: boolean): number {
  text(path, at);
  const parts = String(path).split("{id}");
  const segments = parts.join("0").replace(/\/$/, "").split("/");
  if (!segments.every((segment) => /^[\w.~:-]+$/.test(segment) && !/^\.\.?$/.test(segment))) {
    const fix = "Write segments of letters, digits, - . _ ~ and :, as in requests/{id}, without a query.";
    throw wrong(at, "is no path below baseUrl", fix);
  }
  if (parts.length > 2) throw wrong(at, "has {id} more than once", "Write it once.");
  if (parts.length === 2 && !takesId)
    throw wrong(at, "has {id}, but is about no one thing", "Leave {id} out.");
  return parts.length - 1;
}

function withoutId(at: string): OcisignErrorOf {
  return wrong(at, "has no {id}", "Write {id} where the id stands, as in requests/{id}.");
}

function checkKeyPath(path: string, at: string): void {
  const steps = path === "" ? [] : path.split(".");
  if (steps.length <= most.levels && steps.every((step) => /^[\w$@-]+(\[\])?$/.test(step))) return;
  throw wrong(
    at,
    "is no path of a key",
    "Join names by dots, with [] after a list, as in tokenInfo[].publicKey; or write null.",
  );
}

/** @returns how often the id stands in it */
function checkQuery(query: unknown, at: string, takesId: boolean): number {
  const entries = entriesOf(query, at);
  for (const [name, value, place] of entries) {
    parameter(name, place);
    text(value, place);
    if (value !== "{id}" || !takesId) checkConstant(value, place, takesId ? ["{id}"] : []);
  }
  return entries.filter(([, value]) => value === "{id}").length;
}

/** @returns how often the id stands in it */
function checkBody(body: unknown, at: string, placeholders: readonly string[]): number {
  checkTemplate(body, at, placeholders, 0);
  const template = object(body, at);
  for (const placeholder of placeholders) {
    const count = countIn(template, placeholder);
    if (count > 1) throw wrong(at, `has ${placeholder} more than once`, "Write it once.");
    if (count === 0 && placeholder === "{body}") {
      throw wrong(
        at,
        "has no {body}",
        "Write {body} where all that is posted stands, or leave the template out.",
      );
    }
  }
  return countIn(template, "{id}");
}

function checkTemplate(template: unknown, at: string, placeholders: readonly string[], level: number): void {
  if (level > most.levels) throw wrong(at, "is nested too deeply", `Nest at most ${most.levels} objects.`);
  for (const [, part, place] of entriesOf(template, at)) {
    if (isRecord(part)) checkTemplate(part, place, placeholders, level + 1);
    else if (!isText(part) || !placeholders.includes(part)) checkConstant(part, place, placeholders);
  }
}

/** A placeholder that is misspelt, or stands in a list or a sentence, would be sent as it stands. */
function checkConstant(constant: unknown, at: string, placeholders: readonly string[]): void {
  if (isList(constant)) {
    for (const [index, part] of constant.entries())
      checkConstant(part, pathOfElement(at, index), placeholders);
  } else if (isRecord(constant)) {
    for (const [, part, place] of entriesOf(constant, at)) checkConstant(part, place, placeholders);
  } else if (isText(constant) && /[{}]/.test(constant)) {
    const known =
      placeholders.length > 0
        ? `Use ${placeholders.join(" or ")} as the whole value of a field.`
        : "Write it without braces.";
    throw wrong(at, "has braces, but is no placeholder of a field", known);
  }
}

const ours = { comment: "{comment}", expect: "{expect}" };

/** Would the service take the one for the other? */
function isAlike(routes: Fields, one: string, other: string): boolean {
  const [first, second] = [one, other].map((name) => {
    const route = routes[name];
    const { path = route, query = {}, method, body = ours }: Fields = isRecord(route) ? route : {};
    const acts = !readingRoutes.some((it) => it === name);
    return {
      at: [method ?? (acts ? "POST" : "GET"), String(path).replace(/\/$/, ""), JSON.stringify(query)].join(
        " ",
      ),
      body,
    };
  });
  if (!first || !second || first.at !== second.at) return false;
  const isPlaceholder = (part: unknown) => isText(part) && part.startsWith("{");
  if (!decides(one) || !decides(other)) return true;
  return !exclude(object(first.body, ""), object(second.body, ""), isPlaceholder);
}

/** Is it about one request that waits? */
export function decides(name: string): boolean {
  return name === "approve" || name === "reject" || name === "withdraw";
}

function checkReply(reply: Fields, at: string, known: readonly string[]): void {
  only(reply, at, ["envelope", "fields"]);
  if (reply.envelope !== undefined) dotted(reply.envelope, `${at}.envelope`);
  if (reply.fields === undefined) return;
  only(reply.fields, `${at}.fields`, known);
  const moved = entriesOf(reply.fields, `${at}.fields`).map(([name, path, place]) => ({
    name,
    place,
    steps: dotted(path, place),
  }));
  for (const [index, { steps, place }] of moved.entries()) {
    const other = moved.slice(0, index).find((before) => meet(before.steps, steps));
    if (other) throw wrong(place, `is at or in the place of ${other.name}`, "Choose another place.");
    const stays = known.find((name) => name === steps[0] && !moved.some((field) => field.name === name));
    if (stays)
      throw wrong(
        place,
        `is at or in the place of ${stays}, which stays`,
        "Choose another place, or move that one, too.",
      );
  }
}

function meet(one: readonly string[], other: readonly string[]): boolean {
  return one.slice(0, other.length).every((step, index) => step === other[index]);
}

function checkList(list: Fields, at: string): void {
  only(list, at, ["items", "paging"]);
  const items = list.items === undefined ? undefined : dotted(list.items, `${at}.items`);
  if (list.paging !== undefined) checkPaging(object(list.paging, `${at}.paging`), `${at}.paging`, items);
}

function checkPaging(paging: Fields, at: string, items: readonly string[] | undefined): void {
  only(paging, at, ["limit", "offset", "page", "first", "next", "header"]);
  const { limit, offset, page, first, next, header } = paging;
  for (const [name, value] of Object.entries({ limit, offset, page })) {
    if (value === undefined) continue;
    parameter(value, `${at}.${name}`);
    if (filters.includes(String(value)))
      throw wrong(`${at}.${name}`, "is the name of a filter", "Choose another.");
  }
  if (first !== undefined && first !== 0 && first !== 1) {
    throw wrong(`${at}.first`, "is neither 0 nor 1", "Write the number of the first page.");
  }
  if (first !== undefined && page === undefined)
    throw wrong(at, "has first, but no page", "Add page, or leave first out.");
  if (header !== undefined) oneOf(header, `${at}.header`, ["Link"]);
  if ([offset, page, next, header].filter((way) => way !== undefined).length !== 1) {
    throw wrong(
      at,
      "says in no way, or in several, how one asks for more",
      "Give exactly one of offset, page, next and header.",
    );
  }
  if (limit !== undefined && (limit === offset || limit === page)) {
    throw wrong(at, "calls two parameters by one name", "Rename one of them.");
  }
  if (next === undefined) return;
  const steps = dotted(next, `${at}.next`);
  if (!items)
    throw wrong(`${at}.next`, "has no object to stand in", "Say with items where the elements stand.");
  if (meet(items, steps))
    throw wrong(`${at}.next`, "is at or in the place of items", "Choose another place.");
}

/** What is always sent could not be another value on each page. */
function checkConstants(route: unknown, { paging = {} }: Fields, at: string): void {
  const { limit, offset, page }: Fields = object(paging, at);
  const query: Fields = isRecord(route) && isRecord(route.query) ? route.query : {};
  const taken = [limit, offset, page].filter(isText).find((name) => Object.hasOwn(query, name));
  if (taken !== undefined)
    throw wrong(placeOf(at, taken), "is a parameter by which the list pages", "Leave it out.");
}

function checkKeyTypes(keyTypes: WholeProfile["keyTypes"], at: string): void {
  const spelled = Object.entries(keyTypes);
  for (const [index, [name, spelling]] of spelled.entries()) {
    if (spelling === "") throw wrong(`${at}.${name}`, "is empty", "Fill it, or leave it out.");
    const other = spelled.slice(0, index).find(([, before]) => before === spelling);
    if (other)
      throw wrong(`${at}.${name}`, `is called as ${other[0]} is`, "Give each type a name of its own.");
  }
}

function checkTable(
  table: Fields,
  at: string,
  checkId: (id: string, place: string) => void,
  check: (value: unknown, place: string) => void,
): void {
  const seen = new Set<string>();
  for (const [id, value, place] of entriesOf(table, at)) {
    checkId(id, place);
    check(value, place);
    if (seen.has(foldedId(id)))
      throw wrong(place, "is there twice: ids compare without case", "Leave one of them out.");
    seen.add(foldedId(id));
  }
}

function checkNamed(id: string, at: string, kind: string): void {
  checkIdOf(id, at);
  if (kind === "groups" && !/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)) {
    throw wrong(at, "is named by no UUID", "Give the group by its UUID.");
  }
}

function checkIdOf(id: string, at: string): void {
  if (!/^[!-~]{1,200}$/.test(id))
    throw wrong(at, "is named by no id", "Give the id as the service shows it.");
}

function checkName(name: unknown, at: string): void {
  text(name, at);
  if (String(name).trim() === "" || /\p{Cc}/u.test(String(name))) {
    throw wrong(at, "is no name", "Write it as text on one line.");
  }
}

/** A key of another kind would only be found when it is needed. */
function checkKey(key: unknown, at: string): void {
  if (!isText(key) || key.length > 20_000)
    throw wrong(at, "is no public key", "Give PEM, or base64 of a SubjectPublicKeyInfo.");
  try {
    readPublicKey(key);
  } catch (error) {
    if (!(error instanceof OcisignError)) throw error;
    throw new OcisignError("bad-profile", `${at} is no public key: ${error.message}`, error.fix);
  }
}

/** The known parts of an object that are there. */
function partsOf<Name extends string>(
  whole: unknown,
  at: string,
  known: readonly Name[],
): [at: string, part: Fields, name: Name][] {
  if (whole === undefined) return [];
  const parts = only(whole, at, known);
  return known.flatMap((name) =>
    parts[name] === undefined ? [] : [[`${at}.${name}`, object(parts[name], `${at}.${name}`), name]],
  );
}

function object(value: unknown, at: string): Fields {
  if (isRecord(value)) return value;
  throw wrong(at, "is no object", "Write { … }.");
}

/** An object without other fields than these. */
function only(value: unknown, at: string, known: readonly string[]): Fields {
  const whole = object(value, at);
  const unknown = Object.keys(whole).find((name) => !known.includes(name));
  if (unknown === undefined) return whole;
  throw wrong(placeOf(at, unknown), "is unknown", `Use only ${known.join(", ")}.`);
}

function entriesOf(value: unknown, at: string): [name: string, value: unknown, at: string][] {
  const entries = Object.entries(object(value, at));
  if (entries.length > most.entries) throw wrong(at, "is too long", `Give at most ${most.entries} entries.`);
  return entries.map(([name, part]) => [name, part, placeOf(at, name)]);
}

/** A name is somebody's: whatever is none as we know them is shown as foreign words are. */
function placeOf(at: string, name: string): string {
  return pathOfField(at, /^[\w$@.-]{1,60}$/.test(name) ? name : harmless(name));
}

function text(value: unknown, at: string): void {
  if (!isText(value)) throw wrong(at, "is no text", 'Write "…".');
  if (value === "") throw wrong(at, "is empty", "Fill it, or leave it out.");
  if (value.length > most.characters)
    throw wrong(at, "is too long", `Write at most ${most.characters} characters.`);
}

function oneOf(value: unknown, at: string, known: readonly string[]): void {
  if (!isText(value) || !known.includes(value)) {
    throw wrong(at, "is another word than it may be", `Use ${known.join(" or ")}.`);
  }
}

/** Names within each other. */
function dotted(value: unknown, at: string): readonly string[] {
  text(value, at);
  const steps = String(value).split(".");
  if (steps.length <= most.levels && steps.every((step) => /^[\w$@-]+$/.test(step))) return steps;
  throw wrong(
    at,
    "is no path in JSON",
    `Join at most ${most.levels} names of letters, digits, _ - $ and @ by dots.`,
  );
}

/** The name of a parameter of a query. */
function parameter(value: unknown, at: string): void {
  text(value, at);
  if (/^[\w.$[\]-]{1,100}$/.test(String(value))) return;
  throw wrong(at, "is no name of a parameter", "Use letters, digits and _ - . $ [ ].");
}

function wrong(at: string, what: string, fix: string): OcisignErrorOf {
  return fail("bad-profile", `${at} ${what}.`, fix);
}
