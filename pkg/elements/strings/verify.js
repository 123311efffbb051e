/** What `<ocisign-verify>` says. */
export const verify = {};
