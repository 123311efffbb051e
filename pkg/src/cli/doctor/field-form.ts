// Where id, status, requester, times and groups stand in elements that nobody described: by the names that services
// give to such things, and by what the values look like. A guess; whoever reads it compares it with the service.
import { type Fields, isRecord, isText } from "../../foreign.ts";
import { placesIn, valueAt } from "./places.ts";

/** Our name for a field, what others call it, best first, and what its value looks like. */
interface Sought {
  readonly ours: string;
  readonly others: readonly string[];
  readonly fits: (value: unknown) => boolean;
}

const isName = (value: unknown) => isText(value) && value.length > 0 && value.length <= 200;
const isTime = (value: unknown) => isText(value) && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value);
const isListOfTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
const isListOfObjects = (value: unknown) => Array.isArray(value) && value.every(isRecord);
const isPerson = (value: unknown) =>
  isName(value) || (isRecord(value) && (isName(value.objectId) || isName(value.name)));

const ofRequest: readonly Sought[] = [
  {
    ours: "id",
    others: ["requestid", "signingid", "imagesigningid", "signingrequestid", "uuid", "guid", "identifier"],
    fits: isName,
  },
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
  { ours: "id", others: ["productid", "uuid", "guid", "identifier"], fits: isName },
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
  },
  { ours: "productConfigItems", others: ["configitems", "configuration", "config"], fits: isListOfObjects },
];

/** Our name, and the path at which it stands. Names that stand where we expect them are left out. */
export type FieldForm = Readonly<Record<string, string>>;

export function requestFieldsIn(elements: readonly unknown[]): FieldForm {
  return fieldsIn(elements, ofRequest);
}

export function productFieldsIn(elements: readonly unknown[]): FieldForm {
  return fieldsIn(elements, ofProduct);
}

/** What elements look like is seen in the first of them. */
const mostElements = 50;

function fieldsIn(elements: readonly unknown[], all: readonly Sought[]): FieldForm {
  const samples = elements.filter(isRecord).slice(0, mostElements);
  const paths = [...new Set(samples.flatMap((sample) => [...placesIn(sample)].map(({ path }) => path)))];
  const taken = new Set<string>();
  const form: Record<string, string> = {};
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
  { ours, others, fits }: Sought,
  taken: ReadonlySet<string>,
): string | undefined {
  const names = [ours.toLowerCase(), ...others];
  const ranked = paths
    .filter((path) => path !== "" && path !== ours && !taken.has(path) && !path.startsWith("payload"))
    .flatMap((path) => {
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

/** What a path may be called: its last name, and that with the one before it. */
function namesOf(path: string): string[] {
  const names = path.split(".").map((name) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, ""));
  return [names.slice(-1).join(""), names.slice(-2).join("")];
}

function fitsAll(samples: readonly Fields[], path: string, fits: Sought["fits"]): boolean {
  const values = samples.map((sample) => valueAt(sample, path)).filter((value) => value !== undefined);
  const present = values.filter((value) => value !== null);
  return present.length > 0 && present.every(fits);
}

/** Where an object with this id stands in a reply about one; undefined if it is not there. */
export function envelopeIn(reply: unknown, idPath: string, id: unknown): string | undefined {
  for (const { path, value } of placesIn(reply)) {
    if (isRecord(value) && valueAt(value, idPath) === id) return path;
  }
  return undefined;
}
