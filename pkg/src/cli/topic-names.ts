/** What `ocisign help` explains beside the commands. */
export const topicNames = [
  "certificates",
  "connection",
  "digests",
  "environment",
  "exit-codes",
  "lists",
  "output",
  "signing-in",
  "verifying",
] as const;
