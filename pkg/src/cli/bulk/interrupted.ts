// What the documents of a list say of a run that somebody stopped.
export const interrupted = {
  code: "interrupted",
  message: "Interrupted.",
  fix: "Run the same command again.",
};
