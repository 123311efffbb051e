// One service has one name here, however its URL is spelled.

import { withoutTrailing } from "../../trailing.ts";
import { usage } from "../problem.ts";
import type { Setting } from "../settings.ts";

/** @throws {Problem} `usage` when it is no URL of a service */
export function serviceOf({ value, from }: Setting): string {
  const service = spelled(value);
  if (service !== undefined) return service;
  throw usage(`${from} is not a URL.`, "Write it as in https://app.laavat.io/<CustomerName>/api/v1.");
}

/** The name of an issuer, however its URL is spelled. */
export function issuerOf({ value }: Setting): string {
  const text = value.trim();
  return URL.canParse(text) ? new URL(text).href : text;
}

/** Nothing if it is no URL: whoever calls the service says so. */
export function spelled(value: string): string | undefined {
  const text = value.trim();
  return URL.canParse(text) ? withoutTrailing(new URL(text).href, "/") : undefined;
}
