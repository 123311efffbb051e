// A person as a service names one: by a name, by an object id alone, or by both.
import { fieldOf } from "../foreign.ts";
import { foldedId } from "../service/same-id.ts";
import { asText } from "./as-text.ts";
import { type NameSources, nameAmong } from "./names.ts";

export interface Person {
  /** What to show: the name, or else the id. */
  name: string;
  /** Who, for comparing. */
  objectId?: string;
}

/** An object id of Entra ID. */
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** An id is written without white space, in ASCII. */
const oneWord = /^[!-~]+$/;

/**
 * @param given an object with `name` and `objectId`, or one of the two alone: some services show the object id only. A
 *   name has no other use here than to be shown, so a text without white space may well be an id.
 */
export function personOf(given: unknown): Person | undefined {
  if (given === undefined || given === null || given === "") return undefined;
  if (typeof given === "string")
    return oneWord.test(given) ? { name: given, objectId: given } : { name: given };
  const [name, objectId] = [fieldOf(given, "name"), fieldOf(given, "objectId")];
  if (typeof objectId !== "string") return { name: asText(name) || asText(given) };
  return { name: asText(name) || objectId || asText(given), objectId };
}

/** What a person is called: as the service says, or else as the page or the profile does. */
export function personName({ name, objectId }: Person, names: NameSources): string {
  const isNamed = name !== "" && name !== objectId;
  return isNamed ? name : (nameAmong(names, "people", objectId ?? name) ?? name);
}

/** A person's id for comparing: UUIDs compare without case, other ids exactly. */
export function personKey(objectId: string): string {
  return uuid.test(objectId) ? foldedId(objectId) : objectId;
}

/** Is it the same person? Where an id is missing, it is unknown. */
export function isSamePerson(
  one: { readonly objectId?: unknown } | undefined,
  other: { readonly objectId?: unknown } | undefined,
): boolean {
  const [a, b] = [one?.objectId, other?.objectId];
  if (typeof a !== "string" || typeof b !== "string" || a === "") return false;
  return personKey(a) === personKey(b);
}

/** Does the service say by an id who it is? A text alone may as well be a name, unless it is a UUID. */
export function isKnownById(given: unknown): boolean {
  return typeof given === "string" ? uuid.test(given) : typeof fieldOf(given, "objectId") === "string";
}
