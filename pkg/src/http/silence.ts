// What to do when there is no answer. A browser does not tell why; a loader for another runtime says what fits there.
let fixOf = (_why: string): string =>
  "Check the service's address and the network; the service has to allow this page (CORS), and the page the service (CSP).";

/** Says it in another way. @param own takes what the platform said */
export function adviseWith(own: (why: string) => string): void {
  fixOf = own;
}

export function adviceOn(why: string): string {
  return fixOf(why);
}
