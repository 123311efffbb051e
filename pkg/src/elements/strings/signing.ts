import { byName } from "./by-name.ts";

/** What `<ocisign-signing>` says. */
export const signing = {
  requestAgain: "Request again",
  askToReject: "To take it back, ask an approver to reject it. Send them the link to this request.",

  // The head.
  untitled: "Signing request",
  version: "Version",
  requestId: "Request",
  copyLink: "Copy link",
  noRequest: "No request is chosen.",
  /** In place of a request that was not read yet. */
  unreadOffline: "You are offline. This request opens as soon as you are online again.",
  unreadAway: "The service cannot be reached. Trying again automatically…",
  idOfRequest: "the request's id",
  asked: (time: string) => `requested ${time}`,
  lastLook: (time: string) => `Last checked at ${time}.`,
  ended: "This request is final and will not change.",
  nowIs: (state: string) => `The request is now: ${state}.`,
  hasApproved: (name: string) => `${name} has approved.`,
  /** Before the service's words on how the request stands. */
  reason: "What the service says",
  reasons: byName({ rejected: "Why it was rejected", failed: "Why it failed" }),
  unexplained: (code: number) =>
    `The profile does not explain status ${code}, so it counts neither as waiting nor as ended.`,

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
  theBase64: "the base64",
  copyImage: "Copy image",
  agrees: "Base64 and decoded text agree with this",
  reference: "Image",
  tag: "Tag",
  tagIsANote: "For information only. The signature binds the digest, wherever the tag points.",
  ecr: "Amazon ECR",
  ecrOf: (account: string, region: string) => `account ${account}, region ${region}`,
  image: "In the registry",
  encoded: "As the service stores it, in base64",
  decoded: "Decoded",
  empty: "nothing",
  signedDigest: "Digest that will be signed",
  digestIsOfImage: (format: string) =>
    `It is that of the image's signature in ${format}: computed on this page`,
  noClaim: "The request is for a digest, and does not say of which image. It cannot be approved here.",
  unreadableDigest: "The request is for a digest that this page cannot read. It cannot be approved here.",
  otherClaim: "The digest is not that of the image which the requester names. Do not approve it.",
  noArtifact: "The request names no image, so there is nothing to approve.",
  severalArtifacts:
    "The request names several things to sign, but only one is expected. " +
    "It is unclear which one the service would sign.",
  unreadableArtifact: "This page cannot read the image in the request.",
  otherBase64: "The base64 is not canonical: it has line breaks or lacks padding. It means the same image.",
  otherText:
    "The text is not canonical: it has a tag or upper-case letters. The service signs the reference above.",
  punycode:
    "Parts that begin with xn-- stand for letters outside ASCII, which may imitate another name. " +
    "Compare the registry letter by letter.",
  matchUnknown: "This page could not read the product, so it cannot compare the registries.",
  matchReading: "Comparing with the product's registry…",
  describing: "Asking the registry about the image…",
  notDescribed: "This page could not ask the registry about the image.",
  notThere: "The registry says that it has no such image.",

  // Who and why.
  origin: "Who requests it, and why",
  requester: "Requester",
  nobody: "The service does not name the requester.",
  description: "Requester's reason",
  noDescription: "The requester gave no reason.",
  payloadName: "Payload",
  created: "Requested",
  updated: "Last change (not part of your decision)",
  metadata: "Metadata",
  noMetadata: "none",
  furtherRows: "Further rows",
  furtherGroups: "Further groups",
  extras: "Fields that this page does not know",
  liveExtras: "Further fields of status, approvals and history",
  /** The list of ids behind the names. */
  ids: "Ids and times",
  productId: "Product",
  operationId: "Operation",
  everything: "Everything the service sent, as JSON",

  // The product.
  product: "Product and key",
  productName: "Product",
  operation: "Operation",
  keyOf: (type: string) => `Key, ${type}`,
  fingerprint: "Key fingerprint",
  theFingerprint: "the key's fingerprint",
  readingProduct: "Reading the product…",
  noProduct: "The request names no product, so its key and registry are unknown.",
  productUnread: "This page could not read the product, so its key and registry are unknown.",
  productDisabled: "The product is disabled.",
  productNotReady: "The product is not ready, so the service may sign nothing by it.",
  productState: "State",
  keyPinned: "This is the pinned key.",
  keyOnlyPinned: "This is the pinned key. The product does not show one to this page.",
  keyUnread: "This page cannot read the product's key.",
  noOperation: "The product does not list this operation.",

  // Signatures on the digest.
  earlier: "Signed before?",
  proof: "Verification in the registry",
  verifying: "Looking for signatures in the registry…",
  noneYet: "The registry holds no signature of this digest.",
  found: (count: number) =>
    count === 1
      ? "The registry holds one signature of this digest."
      : `The registry holds ${count} signatures.`,
  foundOther: "The product's key made none of them. They do not decide this request.",
  foundInvalid: "None of them is a valid signature by the product's key.",
  otherKey: "Another key made this signature.",
  foundOwn: "The image is already signed. That does not decide this request.",
  notLookedFor: "This page cannot look for signatures.",
  needsKey: "It needs the product's key.",
  needsImage: "It needs an image.",
  unreachable: "This page could not check for signatures. The image may or may not be signed.",
  proved: (outcome: string) => `Verification in the registry: ${outcome}.`,
  verifyAgain: "Verify again",
  details: "Details",

  // Approvals.
  approvals: "Approvals",
  approvedBy: "Approved",
  live: "Shown as it is now. Your decision is not bound to it.",
  required: "Groups that must approve",
  requiredAny: "Groups of which one must approve",
  nobodyYet: "No approvals yet.",
  /** Of a final request. */
  noApprovals: "The service shows no approvals.",
  missing: "Still missing",
  /** Where any one group is enough. */
  missingAny: "Still missing, one of",
  noneMissing: "No approval is missing.",
  missingUnknown: "The service does not say which groups must approve.",
  ruleSays: "Groups that must approve by the product's rule",
  unknownPerson: "a person whom the service does not name",

  // May you decide?
  decision: "Your decision",
  nothingToDecide: (state: string) => `This request is closed: ${state}.`,
  obstacles: byName({
    "own-request": "You cannot approve this: you requested it yourself.",
    "already-approved": "You have already approved this. Each person approves once.",
    "not-an-approver": "You cannot approve this: you are in none of the groups that must approve it.",
    "group-already-approved":
      "Your approval is not needed: your groups have already approved. Other groups are still missing.",
  }),
  notSaid: "This page cannot tell whether you may approve. The service will decide.",
  groupsUnknown:
    "This page does not know your groups, so it cannot tell whether you may approve. The service will decide.",
  statusUnexplained:
    "This page cannot tell whether the request still waits for a decision. The service will decide.",
  /** What comes after this person's approval. */
  leaves: (groups: string) => `Then ${groups}`,
  leavesMore: "must approve before the service signs.",
  /** Whose approvals are missing, for who gives none. */
  waitsFor: (groups: string) => `Waits for ${groups}`,
  waitsForOne: (groups: string) => `Waits for one of: ${groups}`,
  isLast: "This is the final approval.",
  mayBeLast: "This may be the final approval.",
  /** Before the key, and before the repository: one sentence. */
  theKey: "The HSM key",
  theKeyUnknown: "that this page could not read",
  signs: "signs this digest immediately, and the signature is pushed to",
  noWayBack: "This cannot be undone.",

  // Approving.
  tail: "Type the last 8 characters of the digest",
  tailHint: "You can also paste the whole digest from another source.",
  tailWrong: "These are not the last 8 characters of this digest. Compare the digests before you continue.",
  comment: "Comment (optional)",
  addComment: "Comment",
  approve: "Approve this image",
  approveThis: (digest: string) => `Approve ${digest}`,
  sending: "Sending…",
  /** Why approving is not ready. */
  needsTail: "Type the last 8 characters of the digest to approve.",
  isFolded: "Expand the shortened fields first. You must see everything you approve.",
  showFolded: "Go to the next one",
  hasChanged: "The request changed. Review its current version first.",
  noReference: "The request does not name exactly one valid image. You can only reject it.",
  mismatch: "The image is not in the product's registry. You can only reject the request.",
  keyMismatch: "The product's key is not the one that is pinned for it. You can only reject the request.",
  badPin:
    "The pinned key cannot be read, so this page cannot compare the product's key with it. Tell the page's operator.",
  loss: "The service says more than this page can show: a number with too many digits, or a field twice. You can only reject the request.",
  stillReading: "Wait until the product is loaded.",
  productNeeded: "Read the product first: press “Try again” beside it.",

  // Rejecting.
  reject: "Reject…",
  rejectTitle: "Reject this request",
  rejectReason: "Why do you reject it?",
  rejectHint: "Required. The requester reads it. A rejection is final.",
  rejectNow: "Reject the request",
  reasonMissing: "Give a reason: the requester must know why.",
  back: "Back, without rejecting",
  /** The same of a request of one's own. */
  withdraw: "Withdraw…",
  withdrawTitle: "Withdraw your request",
  withdrawReason: "Why do you withdraw it?",
  withdrawHint: "Required. The service records a rejection, which is final.",
  withdrawFreely: "Optional. A withdrawal is final.",
  withdrawNow: "Withdraw the request",
  withdrawn: "Withdrawal recorded",
  backFromWithdrawal: "Back, without withdrawing",

  // From one request to another.
  previous: "Previous request",
  next: "Next request",

  // After sending.
  nothingTaken: "Your decision was not recorded. Your input is still here.",
  /** */
  doubt: {
    approve: "It is unclear whether the service recorded your approval.",
    reject: "It is unclear whether the service recorded your rejection.",
  },
  doubtAdvice:
    "This page does not resend it. It keeps checking the service: wait for the result before you decide again.",
  /** The service's answer shows the opposite of what was decided. */
  denied: (state: string) => `The service accepted your decision, and shows the request as: ${state}.`,
  deniedFix: "Look at the request again before you decide once more.",
  doubtEnded: {
    approve: "The service shows your approval: it was recorded.",
    reject: "The service shows that the request is rejected.",
  },
  taken: { approve: "Approval recorded", reject: "Rejection recorded" },
  who: "Who",
  you: "you",
  decided: "Decision",
  decisions: { approve: "approved", reject: "rejected" },
  when: "When",
  stateAfter: "Resulting state",
  commentGiven: "Comment",
  receipt: "Receipt",
  receiptAsJson: "Receipt as JSON",
  copyReceiptWhat: "the receipt as JSON",

  // When the request changed.
  changedTitle: "The request changed since you began to read it",
  changedAdvice: "Nothing was sent, and this page cleared the digest that you typed. These parts changed:",
  before: "As you saw it",
  after: "As it is now",
  wasNothing: "nothing",
  theImage: "The image, decoded",
  moreChanges: (count: number) => `${count} more parts changed.`,
  showNow: "Show the current request",
  shownNow: "This page shows the current request.",

  // The timeline.
  timeline: "Timeline",
  seenAt: (time: string) => `seen at ${time}`,
  approval: "approval",
};
