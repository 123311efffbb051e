/** What `ocisign help` explains beside the commands. */
export const topicNames = [
  "connection",
  "digests",
  "environment",
  "exit-codes",
  "lists",
  "output",
  "verifying",
] as const;
