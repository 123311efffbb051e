/** What `<ocisign-approvals>` says. */
export const approvals = {};
