import { changeWords } from "../../shown/changes/words.ts";

/** What `<ocisign-changes>` says, and what it says of what differs. */
export const changes = {
  ...changeWords,

  // What is compared.
  title: "What changed",
  nothingGiven: "Nothing to compare was given.",
  looking: "Looking for the version that was signed last…",
  comparing: "Comparing with the version that was signed last…",
  comparingThem: "Comparing…",
  since: "Since",
  sinceThat: "since",
  signedVersion: "the last signed version",
  signed: (time: string) => `signed ${time}`,
  approvedBy: "approved by",
  digestEnds: (end: string) => `…${end}`,
  verified: "last version verified",
  otherVerified: "other image verified",
  notVerified: "other image not verified",
  notVerifiedAdvice:
    "Nothing proves that this was signed. It may be anything, so the same content on both sides proves nothing.",
  passedOver: (count: number) =>
    count === 1
      ? "One newer request says that it was signed, but its signature does not verify. It was passed over."
      : `${count} newer requests say that they were signed, but their signatures do not verify. They were passed over.`,
  unchecked: (count: number) =>
    count === 1
      ? "One newer request says that it was signed, and its signature could not be looked for. It was passed over."
      : `${count} newer requests say that they were signed, and their signatures could not be looked for. They were passed over.`,
  none: "There is no earlier signed version of this repository to compare with.",
  alone: "The image itself:",
  lookFailed: "This page could not look for the version that was signed last.",
  compareFailed: "This page could not compare the images.",
  noImage: "The request names no image, so there is nothing to compare.",

  // What is shown.
  mustSee: "Look at this",
  onlyOn: (platforms: string) => `only on ${platforms}`,
  details: "All changes",
  describes: "What it is",
  same: "The same",
  before: "before",
  after: "now",
  unknownAdvice: "What is unknown may differ.",
  showPlatform: (platform: string, summary: string) => `${platform}: ${summary}`,

  // What a person can do.
  readPackages: (size: string) => `Read the packages in the layers (${size})`,
  readingPackages: "Reading the packages in the layers…",
  readFiles: (size: string) => `Read the files too (${size})`,
  readingFiles: "Reading the files of the layers that differ…",
  again: "Look again",
  stop: "Stop",
  compareWith: "Compare with another image",
  other: "Image to compare with",
  otherHint: "As registry/repository@sha256:… or registry/repository:tag.",
  compare: "Compare",
  withLast: "Compare with the version that was signed last",
  compared: (summary: string) => `Compared: ${summary}`,
};
