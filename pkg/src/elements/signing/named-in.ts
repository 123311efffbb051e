// The groups and people whose names stand side by side in one request.
import { mostCalled, type Named } from "../fragments/called.ts";
import type { SigningPage } from "./page.ts";

export function namedIn({ shown, now, identity }: SigningPage): Named {
  const { approvals = [], history = [] } = now ?? {};
  const few = approvals.slice(0, mostCalled);
  const groups = [shown?.required, now?.required, now?.missing, ...few.map((it) => it.groups)];
  return {
    groups: groups.flatMap((list) => list?.slice(0, mostCalled) ?? []),
    people: [
      shown?.requester,
      ...few.map(({ person }) => person),
      ...history.slice(0, mostCalled).map(({ by }) => by),
    ],
    reader: identity,
  };
}
