import { byName } from "./by-name.ts";

/** What `<ocisign-signing>` says. */
export const signing = {
  // The head.
  untitled: "Signing request",
  requestId: "Request",
  noRequest: "No request is chosen.",
  idOfRequest: "the request's id",
  asked: (time: string) => `requested ${time}`,
  lastLook: (time: string) => `Last look at ${time}.`,
  ended: "This is final; nothing more will change.",
  nowIs: (state: string) => `The request is now: ${state}.`,
  hasApproved: (name: string) => `${name} has approved.`,
  reason: "Reason",

  // What will be signed.
  subject: "What will be signed",
  /** Once it is final. */
  subjects: byName({
    signed: "What was signed",
    rejected: "What was requested",
    failed: "What was requested",
  }),
  registry: "Registry",
  repository: "Repository",
  digest: "Digest",
  theDigest: "the digest",
  theReference: "the image",
  theBase64: "the base64",
  reference: "Image",
  tag: "Tag",
  tagIsANote: "A note only. The signature binds the digest, whatever the tag points at.",
  ecr: "Amazon ECR",
  ecrOf: (account: string, region: string) => `account ${account}, region ${region}`,
  image: "In the registry",
  encoded: "As the service holds it, in base64",
  decoded: "Decoded",
  empty: "nothing",
  noArtifact: "The request names no image. There is nothing that could be approved.",
  severalArtifacts:
    "The request names several things to sign, and only one is expected. Which one would be signed is not certain.",
  unreadableArtifact: "The image cannot be read from the request.",
  otherBase64:
    "The base64 is not in its canonical form: it has line breaks, or lacks its padding. It means the same image.",
  otherText:
    "The text is not in its canonical form: it has a tag, or upper-case letters. What is signed is the reference above.",
  punycode:
    "Parts that begin with xn-- stand for letters outside of ASCII, which may look like those of another name. Compare the registry letter by letter.",
  matchUnknown: "Whether this is the product's registry is not known, since the product could not be read.",
  matchReading: "Comparing with the product's registry…",
  describing: "Asking the registry what it is…",
  notDescribed: "The registry could not be asked what the image is.",
  notThere: "The registry says that there is no such image.",

  // Who and why.
  origin: "Who requests it, and why",
  requester: "Requester",
  nobody: "The service does not say who.",
  description: "Reason given",
  noDescription: "No reason was given.",
  payloadName: "Payload",
  created: "Requested",
  updated: "Last change",
  metadata: "Metadata",
  noMetadata: "none",
  metadataName: "Name",
  metadataValue: "Value",
  furtherRows: "Further rows",
  extras: "Fields that this page does not know",
  everything: "Everything the service sent, as JSON",

  // The product.
  product: "Product and key",
  productName: "Product",
  operation: "Operation",
  keyType: "Key type",
  fingerprint: "Key fingerprint",
  theFingerprint: "the key's fingerprint",
  readingProduct: "Reading the product…",
  noProduct: "The request does not say for which product it is, so its key and its registry are not known.",
  productUnread: "The product could not be read, so its key and its registry are not known.",
  productDisabled: "The product is switched off.",
  keyUnread: "The product's key cannot be told.",
  noOperation: "The product does not list this operation.",

  // Signatures on the digest.
  earlier: "Earlier signatures on this digest",
  proof: "Verification in the registry",
  verifying: "Looking for signatures in the registry…",
  noneYet: "The registry holds no signature of this digest.",
  found: (count: number) =>
    count === 1
      ? "The registry holds one signature of this digest."
      : `The registry holds ${count} signatures.`,
  foundOther: "None of them was made with this product's key.",
  foundOwn: "The image is signed already. That does not decide this request.",
  notLookedFor: "Signatures cannot be looked for.",
  needsKey: "That needs the product's key.",
  needsImage: "That needs an image.",
  unreachable: "Whether there are signatures could not be found out. It says nothing about the image.",
  proved: (outcome: string) => `Verification in the registry: ${outcome}.`,
  verifyAgain: "Verify again",
  details: "Details",

  // Approvals.
  approvals: "Approvals",
  nobodyYet: "Nobody has approved yet.",
  missing: "Still missing",
  noneMissing: "No approval is missing.",
  missingUnknown: "The service does not say which groups have to approve.",
  ruleSays: "By the product's rule these groups approve",
  unknownPerson: "somebody whom the service does not name",

  // May you decide?
  decision: "Your decision",
  nothingToDecide: (state: string) => `There is nothing to decide any more. State: ${state}.`,
  obstacles: byName({
    "own-request": "You cannot approve this: you requested it yourself.",
    "already-approved": "You have approved this already. Each person approves once.",
    "not-an-approver": "You cannot approve this: you are in none of the groups that have to approve it.",
    "group-already-approved":
      "Your approval is not needed: your groups have approved already, and others are missing.",
  }),
  mayApprove: "You may approve this.",
  notSaid: "Whether you may approve is not known here. The service decides by who you are.",
  leaves: (groups: string) =>
    `After your approval these groups are still missing: ${groups}. Nothing is signed before that.`,
  isLast: "This is the last approval.",
  mayBeLast: "This may be the last approval.",
  /** Before the fingerprint, before the digest, and before the registry: one sentence, over three rows. */
  theKey: "With it the HSM key",
  theKeyUnknown: "the product's, which could not be read",
  signs: "signs at once",
  pushed: "and the signature is pushed to",
  noWayBack: "That cannot be taken back.",

  // Approving.
  tail: "Type the last 8 characters of the digest",
  tailHint:
    "They are marked in the digest under “What will be signed”. The whole digest, from elsewhere, works too.",
  tailWrong: "These are not the last 8 characters of this digest. Compare before you go on.",
  comment: "Comment (optional)",
  approve: "Approve this image",
  approveThis: (digest: string) => `Approve ${digest}`,
  sending: "Sending…",
  /** Why approving is not ready. */
  needsTail: "The last 8 characters of the digest are to be typed.",
  isFolded: "Long values are folded. Show all of each first: whoever approves has to have seen them.",
  showFolded: "Go to the next one",
  hasChanged: "The request changed. Look at it as it is now first.",
  noReference: "The request does not name one image that could be signed. It can only be rejected.",
  mismatch: "The image is not in the product's registry. It can only be rejected.",
  stillReading: "The product is still being read.",

  // Rejecting.
  reject: "Reject…",
  rejectTitle: "Reject this request",
  rejectReason: "Why is it rejected?",
  rejectHint: "Required. The requester reads it. A rejection is final.",
  rejectNow: "Reject the request",
  reasonMissing: "Say why: the requester has to know.",
  back: "Back, without rejecting",

  // After sending.
  nothingTaken: "Nothing was decided. What you typed is still here.",
  /** */
  doubt: {
    approve: "It is not known whether your approval was taken.",
    reject: "It is not known whether your rejection was taken.",
  },
  doubtAdvice:
    "It is not sent again by itself. What the service shows is looked at live on this page: wait for it before you decide again.",
  doubtEnded: {
    approve: "The service shows your approval: it was taken.",
    reject: "The service shows that the request is rejected.",
  },
  taken: { approve: "Your approval was taken", reject: "Your rejection was taken" },
  who: "Who",
  you: "you",
  decided: "Decision",
  decisions: { approve: "approved", reject: "rejected" },
  when: "When",
  stateAfter: "State after it",
  commentGiven: "Comment",
  receiptAsJson: "Receipt as JSON",
  copyReceiptWhat: "the receipt as JSON",

  // When the request changed.
  changedTitle: "The request changed since you began to read it",
  changedAdvice: "Nothing was sent, and what you typed of the digest is cleared. This is what changed:",
  before: "As it was shown",
  after: "As it is now",
  wasNothing: "nothing",
  theImage: "The image, decoded",
  moreChanges: (count: number) => `${count} more parts changed.`,
  showNow: "Show the request as it is now",
  shownNow: "The request is shown as it is now.",

  // The timeline.
  timeline: "Timeline",
  seenAt: (time: string) => `seen at ${time}`,
  approvedBy: "approval",
};
