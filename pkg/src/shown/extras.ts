// Which fields of a request are drawn by name, and what is left over. A page or a command line draws each left-over
// field by its path, so that a person sees every field, known or not.
import { liveParts, type Signing } from "ocisign";
import { isRecord } from "../foreign.ts";
import { pathOfElement, pathOfField } from "../path.ts";
import { spelledOut } from "./as-text.ts";
import { dateOf } from "./date.ts";

/** A field that no place shows by name. */
export interface Extra {
  /** Where it stands, such as `payload.ticket`. */
  readonly path: string;
  /** A text as it is, anything else as JSON; a text that looks like JSON, too, so that it does not pass for a value. */
  readonly text: string;
}

/** What of a value is left over once it was drawn by name. */
type Leftover = (path: string, value: unknown) => Extra[];

/** Drawn whole, whatever it is. */
const whole: Leftover = () => [];

/** Drawn if it is a text. Where it is none, its name alone would not tell `1` from `"1"`. */
const text: Leftover = (path, value) => (typeof value === "string" ? [] : unknown(path, value));

/** Drawn if it is a time. */
const time: Leftover = (path, value) => (dateOf(value) ? [] : unknown(path, value));

/** A name, or an object with a name and an id. */
const person: Leftover = (path, value) =>
  isRecord(value) ? record({ name: text, objectId: text })(path, value) : text(path, value);

const payload = record({
  name: text,
  metadata: list(record({ name: text, value: text })),
  optionalParameters: list(record({ artifactURI: text })),
});

/** A person, perhaps with what the approval says. */
const approval: Leftover = (path, value) =>
  isRecord(value)
    ? record({ name: text, objectId: text, groups: list(text), at: time, comment: text })(path, value)
    : text(path, value);

const step = record({ status: whole, at: time, by: person, comment: text });

/** What `RequestView` reads by name. */
const drawn: { readonly [field: string]: Leftover } = {
  ...{ id: whole, status: whole, code: whole, state: whole, final: whole },
  ...{ name: text, description: text, productId: text, idProductOperation: text },
  ...{ payload, requester: person, createdAt: text, updatedAt: text },
  ...{ requiredGroups: list(text), missingGroups: list(text) },
  ...{ approvals: list(approval), history: list(step), reason: text },
};

/** The fields that a decision is bound to, and that no other place shows by name. */
export function extrasOf(signing: Signing): Extra[] {
  return leftIn(signing, (part) => !liveParts.includes(part));
}

/** The same of what moves by itself. */
export function liveExtrasOf(signing: Signing): Extra[] {
  return leftIn(signing, (part) => liveParts.includes(part));
}

function leftIn(signing: Signing, isMeant: (part: string) => boolean): Extra[] {
  return record(drawn)("", Object.fromEntries(Object.entries(signing).filter(([part]) => isMeant(part))));
}

function record(fields: { readonly [name: string]: Leftover }): Leftover {
  return (path, value) => {
    if (!isRecord(value)) return unknown(path, value);
    return Object.entries(value).flatMap(([name, field]) => {
      const leftover = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return (leftover ?? unknown)(pathOfField(path, name), field);
    });
  };
}

function list(element: Leftover): Leftover {
  return (path, value) => {
    if (!Array.isArray(value)) return unknown(path, value);
    // An element that is missing makes its neighbours stand elsewhere, so it is shown even if it is null.
    return value.flatMap((one: unknown, index) =>
      one === null ? [extra(pathOfElement(path, index), one)] : element(pathOfElement(path, index), one),
    );
  };
}

/** Null stands for nothing. */
function unknown(path: string, value: unknown): Extra[] {
  return value === undefined || value === null ? [] : [extra(path, value)];
}

function extra(path: string, value: unknown): Extra {
  return { path, text: spelledOut(value) };
}
