// `Link` (RFC 8288 §3). What follows the grammar is read; anything else is told apart from a header without a link:
// a next page that is written slightly wrong is still a next page.
import { FieldReader } from "./field-reader.ts";

export interface Link {
  /** A URL, or a relative one. */
  readonly target: string;
  /** In lower case; at least one. */
  readonly relations: readonly string[];
  /** Whether it speaks of another page than the one that was asked for. */
  readonly hasAnchor: boolean;
}

const space = " \t";
/** Of what a URI is made (RFC 3986 §2). */
const uri = /^[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]*$/;
/** A registered relation, or one that is a URI (RFC 8288 §2.1). */
const relation = /^[a-z][a-z0-9.-]*$|^[a-z][a-z0-9+.-]*:[!-~]+$/;

/** The links of a header, at least one; undefined when a part of it cannot be read. */
export function parseLinks(text: string): readonly Link[] | undefined {
  const reader = new FieldReader(text);
  const links: Link[] = [];
  for (;;) {
    // The elements of a list may be empty (RFC 9110 §5.6.1.2).
    reader.skip(`${space},`);
    if (reader.atEnd) return links.length > 0 ? links : undefined;
    const link = linkIn(reader);
    if (!link) return undefined;
    links.push(link);
  }
}

function linkIn(reader: FieldReader): Link | undefined {
  const target = reader.take("<") ? reader.until(">") : undefined;
  if (target === undefined || !uri.test(target)) return undefined;
  const parameters = parametersIn(reader);
  const relations = relationsIn(parameters?.get("rel"));
  return relations && { target, relations, hasAnchor: parameters?.has("anchor") === true };
}

/** The parameters up to the end of a link; undefined when one cannot be read, or `rel` stands twice. */
function parametersIn(reader: FieldReader): ReadonlyMap<string, string> | undefined {
  const parameters = new Map<string, string>();
  reader.skip(space);
  while (reader.take(";")) {
    reader.skip(space);
    const name = reader.token()?.toLowerCase();
    reader.skip(space);
    const isAssigned = name !== undefined && reader.take("=");
    if (isAssigned) reader.skip(space);
    const value = isAssigned ? reader.value() : "";
    if (value === undefined || (name === "rel" && parameters.has(name))) return undefined;
    if (name !== undefined && !parameters.has(name)) parameters.set(name, value);
    reader.skip(space);
  }
  return reader.atEnd || reader.sees(",") ? parameters : undefined;
}

function relationsIn(rel: string | undefined): readonly string[] | undefined {
  const relations = (rel ?? "").toLowerCase().split(/[ \t]/).filter(Boolean);
  return relations.length > 0 && relations.every((it) => relation.test(it)) ? relations : undefined;
}
