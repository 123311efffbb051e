// Where a service says in a failed reply what was wrong.
import { isRecord, isText } from "../foreign.ts";

/** The service's own words in a reply, if it has any. They are foreign text. */
export function saidIn(reply: unknown): string | undefined {
  if (!isRecord(reply)) return undefined;
  return ["message", "error", "detail", "title"].map((key) => reply[key]).find(isText);
}
