// The choices that this page keeps from one visit to the next: of keys and of notifications. None of them is a secret.

/** What was kept in this place. */
export function kept(place: string): string | null {
  return storage()?.getItem(place) ?? null;
}

/** Keeps a choice; without one, what was kept is forgotten. */
export function keep(place: string, choice: string | undefined) {
  try {
    if (choice === undefined) storage()?.removeItem(place);
    else storage()?.setItem(place, choice);
  } catch {
    // A full storage: the choice lasts until the page is left.
  }
}

/** A browser may refuse it: then a choice lasts until the page is left. */
function storage() {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
