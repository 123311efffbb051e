/** What `<ocisign-request>` says. */
export const request = {};
