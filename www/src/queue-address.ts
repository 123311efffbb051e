// Addresses of the queue and its requests, with the queue as the person left it last, whatever was shown since.
import { hashOf, type Route } from "./route.ts";

let left: Readonly<Record<string, string>> = {};

/** Keeps in mind how the queue is looked at. */
export function noteQueue({ view, query }: Route) {
  if (view === "requests") left = Object.fromEntries(query);
}

/** @param id of a request; without it, of the queue itself */
export function inQueue(id?: string) {
  return hashOf("requests", id, left);
}
