/** What `<ocisign-signing>` says. */
export const signing = {};
