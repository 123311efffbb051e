// Where id, status, requester, times and groups stand in elements that nobody described: by the names that services
// give to such things, and by what the values look like. A guess; whoever reads it compares it with the service.
import { type Fields, isRecord, isText } from "../../foreign.ts";
import { isSameId } from "../../service/same-id.ts";
import { placesIn, valueAt } from "./places.ts";

/** Our name for a field, what others call it, best first, and what its value looks like. */
interface Sought {
  readonly ours: string;
  readonly others: readonly string[];
  readonly fits: (value: unknown) => boolean;
  /** What is like this is it, whatever it is called. */
  readonly isIt?: (value: unknown) => boolean;
}

const isName = (value: unknown) => isText(value) && value.length > 0 && value.length <= 200;
const isTime = (value: unknown) => isText(value) && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value);
const isListOfTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
const isListOfObjects = (value: unknown) => Array.isArray(value) && value.every(isRecord);
const isPerson = (value: unknown) =>
  isName(value) || (isRecord(value) && (isName(value.objectId) || isName(value.name)));

/** As the reference posts it. */
const isPayload = (value: unknown) =>
  isRecord(value) && isListOfObjects(value.optionalParameters) && isText(value.name);
const isListOf = (isOne: (element: Fields) => boolean) => (value: unknown) =>
  isListOfObjects(value) && (value as readonly Fields[]).some(isOne);

const idsOfRequests = [
  ...["id", "requestid", "signingid", "imagesigningid", "signingrequestid", "uuid", "guid", "identifier"],
];
const idsOfProducts = ["id", "productid", "uuid", "guid", "identifier"];

const ofRequest: readonly Sought[] = [
  { ours: "payload", others: [], fits: isPayload, isIt: isPayload },
  {
    ours: "status",
    others: ["statuscode", "statecode", "statusid", "statusvalue", "state", "code"],
    fits: Number.isSafeInteger,
  },
  {
    ours: "requester",
    others: [
      ...["createdby", "requestedby", "submittedby", "requestor", "submitter", "requesterid", "requesteroid"],
      ...[
        "createdbyoid",
        "createdbyobjectid",
        "createdbyid",
        "createdbyname",
        "requestedbyoid",
        "requestedbyid",
      ],
      ...["useroid", "userobjectid", "userid", "owner", "author", "user"],
    ],
    fits: isPerson,
  },
  {
    ours: "createdAt",
    others: [
      "created",
      "createdon",
      "createdtime",
      "creationtime",
      "createtime",
      "requestedat",
      "submittedat",
    ],
    fits: isTime,
  },
  {
    ours: "updatedAt",
    others: [
      "updated",
      "updatedon",
      "changed",
      "changedat",
      "modified",
      "modifiedat",
      "lastmodified",
      "lastupdated",
    ],
    fits: isTime,
  },
  {
    ours: "reason",
    others: ["why", "rejectionreason", "failurereason", "statusreason", "errormessage", "statusmessage"],
    fits: isText,
  },
  { ours: "approvals", others: ["decisions", "approvers", "approvedby", "votes"], fits: isListOfObjects },
  {
    ours: "requiredGroups",
    others: ["approvalgroups", "rulegroups", "approvergroups", "requiredapprovals", "groups"],
    fits: isListOfTexts,
  },
  {
    ours: "missingGroups",
    others: ["pendinggroups", "opengroups", "remaininggroups", "ruleopen", "rulemissing", "rulepending"],
    fits: isListOfTexts,
  },
  { ours: "history", others: ["log", "events", "timeline", "audit", "statushistory"], fits: isListOfObjects },
  { ours: "name", others: ["title", "displayname", "requestname"], fits: isName },
  { ours: "description", others: ["comment", "purpose", "note"], fits: isText },
  { ours: "productId", others: ["product", "idproduct"], fits: isName },
];

const ofProduct: readonly Sought[] = [
  { ours: "name", others: ["title", "displayname", "productname"], fits: isName },
  {
    ours: "enabled",
    others: ["isenabled", "active", "isactive"],
    fits: (value) => typeof value === "boolean",
  },
  { ours: "state", others: ["lifecycle", "lifecyclestate", "productstate"], fits: isName },
  {
    ours: "productOperations",
    others: ["operations", "signingoperations"],
    fits: isListOfObjects,
    isIt: isListOf(({ operationType }) => isText(operationType)),
  },
  {
    ours: "productConfigItems",
    others: ["configitems", "configuration", "config"],
    fits: isListOfObjects,
    isIt: isListOf(({ name }) => name === "RegistryURL"),
  },
];

/** Our name, and the path at which it stands. Names that stand where we expect them are left out. */
export type FieldForm = Readonly<Record<string, string>>;

export function requestFieldsIn(elements: readonly unknown[]): FieldForm {
  return fieldsIn(elements, ofRequest, idPlacesOfRequests(elements));
}

export function productFieldsIn(elements: readonly unknown[]): FieldForm {
  return fieldsIn(elements, ofProduct, idPlacesOfProducts(elements));
}

/** Where the id of a request may stand, the likeliest place first. Which of them it is, the service tells when asked. */
export function idPlacesOfRequests(elements: readonly unknown[]): readonly string[] {
  return idPlacesIn(elements, idsOfRequests);
}

/** The same for products. */
export function idPlacesOfProducts(elements: readonly unknown[]): readonly string[] {
  return idPlacesIn(elements, idsOfProducts);
}

/** By its name, the nearest first: an object within the element may be another thing, and have an id of its own. */
function idPlacesIn(elements: readonly unknown[], names: readonly string[]): readonly string[] {
  const samples = samplesOf(elements);
  const ranked = pathsIn(samples).flatMap((path) => {
    const rank = Math.min(...namesOf(path).map((name) => rankIn([...names, "…id"], name)));
    const isNamed = rank < names.length || /id$/i.test(path);
    const values = samples.map((sample) => valueAt(sample, path));
    return path !== "" && values.every(isId) && areDistinct(values) && (isNamed || values.every(isUuid))
      ? [{ path, rank: path === "id" ? -1 : depthOf(path) * 100 + (isNamed ? rank : 50) }]
      : [];
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ path }) => path);
}

const isId = (value: unknown) => isText(value) && /^[!-~]{1,200}$/.test(value);
const isUuid = (value: unknown) => isText(value) && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value);

function areDistinct(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}

function depthOf(path: string): number {
  return path.split(".").length;
}

/** What elements look like is seen in the first of them. */
const mostElements = 50;

function samplesOf(elements: readonly unknown[]): readonly Fields[] {
  return elements.filter(isRecord).slice(0, mostElements);
}

function pathsIn(samples: readonly Fields[]): readonly string[] {
  return [...new Set(samples.flatMap((sample) => [...placesIn(sample)].map(({ path }) => path)))];
}

function fieldsIn(
  elements: readonly unknown[],
  all: readonly Sought[],
  [id = "id"]: readonly string[],
): FieldForm {
  const samples = samplesOf(elements);
  const paths = pathsIn(samples);
  const taken = new Set<string>(["payload", id]);
  const form: Record<string, string> = id === "id" ? {} : { id };
  for (const sought of all) {
    if (samples.some((sample) => sought.fits(sample[sought.ours]))) continue;
    const path = bestOf(paths, samples, sought, taken);
    if (path === undefined) continue;
    taken.add(path);
    form[sought.ours] = path;
  }
  return form;
}

function bestOf(
  paths: readonly string[],
  samples: readonly Fields[],
  { ours, others, fits, isIt }: Sought,
  taken: ReadonlySet<string>,
): string | undefined {
  const names = [ours.toLowerCase(), ...others];
  const isTaken = (path: string) => [...taken].some((other) => `${path}.`.startsWith(`${other}.`));
  const free = paths.filter((path) => path !== "" && path !== ours && !isTaken(path));
  const sure = isIt && free.find((path) => fitsAll(samples, path, isIt));
  if (sure !== undefined) return sure;
  const ranked = free.flatMap((path) => {
    const rank = Math.min(...namesOf(path).map((name) => rankIn(names, name)));
    return rank < names.length && fitsAll(samples, path, fits) ? [{ path, rank }] : [];
  });
  // `paths` has the outermost first, and sorting keeps that among equals.
  return ranked.sort((a, b) => a.rank - b.rank)[0]?.path;
}

function rankIn(names: readonly string[], name: string): number {
  const rank = names.indexOf(name);
  return rank < 0 ? names.length : rank;
}

/** What a path may be called: its last name, and that with the one before it. An id stands for what it is the id of. */
function namesOf(path: string): string[] {
  const names = path.split(".").map((name) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, ""));
  const [last = "", before] = names.toReversed();
  const isOfIt = before !== undefined && /^(id|oid|objectid)$/.test(last);
  return [last, names.slice(-2).join(""), ...(isOfIt ? [before] : [])];
}

function fitsAll(samples: readonly Fields[], path: string, fits: Sought["fits"]): boolean {
  const values = samples.map((sample) => valueAt(sample, path)).filter((value) => value !== undefined);
  const present = values.filter((value) => value !== null);
  return present.length > 0 && present.every(fits);
}

/** Where an object with this id stands in a reply about one; undefined if it is not there. */
export function envelopeIn(reply: unknown, idPath: string, id: string): string | undefined {
  for (const { path, value } of placesIn(reply)) {
    const shown = valueAt(value, idPath);
    if (isText(shown) && isSameId(shown, id)) return path;
  }
  return undefined;
}
