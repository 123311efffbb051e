/** What `ocisign help` explains beside the commands. */
export const topicNames = [
  "connection",
  "environment",
  "exit-codes",
  "lists",
  "output",
  "verifying",
] as const;
