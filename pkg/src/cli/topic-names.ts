/** What `ocisign help` explains beside the commands. */
export const topicNames = [
  "certificates",
  "connection",
  "environment",
  "exit-codes",
  "lists",
  "output",
] as const;
