// The groups and people whose names stand side by side in a batch.
import type { Person } from "../../shown/person.ts";
import type { Named } from "../fragments/called.ts";
import type { Identity } from "../portal.ts";
import type { Arranged } from "./arranged.ts";

export function namedIn(arranged: Arranged | undefined, reader: Identity | undefined): Named {
  const groups: string[] = [];
  const people: Person[] = [];
  for (const { facts } of arranged?.rows ?? []) {
    for (const { shows, value } of facts.values()) {
      if (shows === "group") groups.push(value);
      if (shows === "person") people.push(value);
    }
  }
  return { groups, people, reader };
}
