import { byName } from "./by-name.ts";

const requests = (count: number) => (count === 1 ? "1 request" : `${count.toLocaleString()} requests`);

/** What `<ocisign-batch>` says. */
export const batch = {
  notable: (count: number, of: number) =>
    count === 1
      ? `One of ${of} requests has changes that you must see.`
      : `${count} of ${of} requests have changes that you must see.`,
  // The head.
  /** */
  title: {
    approve: (count: number) => `Approve ${requests(count)}`,
    reject: (count: number) => `Reject ${requests(count)}`,
  },
  untitled: "Decide about several requests",
  nothingChosen: "No requests are chosen.",
  reading: (count: number | undefined) =>
    count === undefined ? "Reading the requests of the batch…" : `Reading ${requests(count)}…`,
  ofBatch: "Batch",
  readAt: (time: string) => `Read at ${time}. Your decision is bound to what you see here.`,
  readAgain: "Reload",
  close: "Close",

  // What could not be read.
  unread: (count: number) =>
    count === 1
      ? "One request could not be read. It is not in this list."
      : `${count} requests could not be read. They are not in this list.`,
  perhapsUnread: (count: number) =>
    count === 1
      ? "The service has one request that could not be read. It may belong to this batch."
      : `The service has ${count} requests that could not be read. They may belong to this batch.`,
  nameless: "a request without a readable id",
  namedByRequest: "as the request calls it",

  hasChanged: (count: number) =>
    count === 1
      ? "One request changed since you last looked. It is marked below."
      : `${count} requests changed since you last looked. They are marked below.`,
  changed: (paths: string) => `Changed since you last looked: ${paths}`,

  // What cannot be decided.
  /** */
  blocked: {
    approve: (count: number, all: number) => `You cannot approve ${count} of these ${requests(all)}.`,
    reject: (count: number, all: number) => `You cannot reject ${count} of these ${requests(all)}.`,
  },
  allBlocked: {
    approve: "You cannot approve any of these requests.",
    reject: "You cannot reject any of these requests.",
  },
  /** Each follows a number, or stands beside a request. */
  blocks: byName({
    "not-waiting": "already closed",
    "own-request": "requested by you",
    "already-approved": "already approved by you",
    "not-an-approver": "your groups are not asked",
    "group-already-approved": "your groups have already approved",
    "may-not-reject": "you may not reject it",
    "no-reference": "names no valid image",
    mismatch: "not in its product's registry",
    "key-mismatch": "the product's key is not the pinned key",
    "bad-pin": "the pinned key cannot be read",
    "product-unread": "the product could not be read",
  }),
  leaveOutBlocked: (count: number) => (count === 1 ? "Leave it out" : `Leave these ${count} out`),
  leaveOut: "Leave out",
  leaveOutWhich: (name: string) => `Leave out ${name}`,
  takeIn: "Put back",
  takeInWhich: (name: string) => `Put back ${name}`,
  leftOut: (count: number) => `Left out: ${requests(count)}`,
  leftOutNow: (count: number) => `${requests(count)} left.`,
  repeated: (count: number) => `${count} of these requests are for the same image:`,

  // What they say.
  same: (count: number) =>
    count === 1 ? "What the request says" : `The same in all ${count.toLocaleString()}`,
  usual: "The same in most",
  usualCount: (count: number, all: number) => `${count} of ${all}`,
  list: (count: number) => (count === 1 ? "The request" : `What differs, request by request`),
  drawing: (drawn: number, all: number) => `Showing ${drawn} of ${all}…`,
  noImage: "No valid image",
  unusual: "differs from most:",
  hasUnusual: (count: number) => (count === 1 ? "1 difference" : `${count} differences`),
  none: "none",
  hiding: "Hidden or look-alike characters: open it",
  allFields: "All fields",
  fieldsOf: (name: string) => `All fields of ${name}`,
  technical: (count: number) => `${count} technical fields`,
  openRequest: "Open",
  openWhich: (name: string) => `Open ${name}`,
  name: "Name",
  why: "Reason",
  productId: "Product id",
  productRegistry: "Product's registry",
  operationId: "Operation id",
  operationType: "Operation type",
  pin: "Key check",
  live: "As it is now (not part of your decision)",
  state: "State",
  approvedBy: "Approved by",

  // What follows.
  consequence: "What happens when you approve",
  signedNow: (count: number, all: number) =>
    count === all
      ? count === 1
        ? "It is signed immediately."
        : `All ${count} are signed immediately.`
      : count === 1
        ? "1 is signed immediately."
        : `${count} are signed immediately.`,
  waitsFor: (count: number, all: number, groups: string) =>
    count === all
      ? `After your approval, ${count === 1 ? "it still waits" : `all ${count} still wait`} for: ${groups}.`
      : `${count} then ${count === 1 ? "waits" : "wait"} for: ${groups}.`,
  unforeseen: (count: number, all: number) =>
    count === all
      ? "This page cannot tell whether you may approve, or whether yours is the final approval. The service will decide."
      : `For ${count}, this page cannot tell whether you may approve, or whether yours is the final approval.`,
  noWayBack: "A signature cannot be undone.",
  rejectConsequence: (count: number) =>
    count === 1
      ? "The request ends without a signature. A rejection is final."
      : `All ${count} end without a signature. A rejection is final.`,
  hash: "SHA-256 of what you see",
  theHash: "the hash",

  // The act.
  act: "Your decision",
  words: "Type the number and the end of the hash",
  wordsWrong: "This is not the number of requests, a space, and the last 8 characters of the hash.",
  comment: "Comment for each request (optional)",
  addComment: "Add a comment",
  approve: (count: number) => `Approve ${requests(count)}`,
  toReject: "Reject…",
  reason: "Why do you reject them?",
  reasonHint: "Required. Each requester reads it.",
  reasonMissing: "Give a reason: the requesters must know why.",
  reject: (count: number) => `Reject ${requests(count)}`,
  back: "Back to approving",
  /** Why it is not ready. */
  needsChoosing: "Wait until the hash is ready.",
  needsDrawing: "Wait until all requests are shown.",
  needsLeavingOut: "Leave out the requests that you cannot decide about.",
  needsOpening: (count: number) =>
    count === 1
      ? "Open the request that hides characters."
      : `Open the ${count} requests that hide characters.`,
  needsUnfolding: "Expand the shortened fields. You must see everything you decide about.",
  needsWords: "Type the number of requests and the end of the hash.",
  needsReason: "Give a reason.",
  showNext: "Go to the next one",

  // Sending.
  sending: { approve: "Sending the approvals…", reject: "Sending the rejections…" },
  stop: "Stop",
  stopping: "Stopping after the decisions already sent…",
  sent: (done: number, all: number) => `${done} of ${all} done.`,
  keepOpen: "Keep this page open until it is done.",
  outcomes: byName({
    approved: "approved",
    rejected: "rejected",
    changed: "changed: not sent",
    conflict: "someone else decided",
    forbidden: "not allowed",
    doubtful: "unclear",
    failed: "refused",
    notTried: "not sent",
  }),
  pending: "in progress",
  doubt:
    "It is unclear whether the service recorded these decisions. This page does not resend them, and keeps checking the service.",
  doubtLeft:
    "It is unclear whether the service recorded these decisions. This page does not resend them. Review them again before you decide.",
  doubtEnded: "The service shows the decision: it was recorded.",

  // Afterwards.
  /** */
  result: {
    approve: (done: number, all: number) => `${done} of ${all} approved`,
    reject: (done: number, all: number) => `${done} of ${all} rejected`,
  },
  counts: (parts: string) => `Others: ${parts}.`,
  goOn: (count: number) => (count === 1 ? "Send the other one" : `Send the other ${count}`),
  didGoWrong: "Nothing more was sent.",
  goOnHint: "They go out only as you saw them.",
  reviewOthers: (count: number) =>
    count === 1 ? "Review the other one again" : `Review the other ${count} again`,
  receipt: "Receipt",
  json: "Download JSON",
  csv: "Download CSV",
  receiptAsJson: "the receipt as JSON",
  otherWaits: "You chose other requests meanwhile.",
  showOther: "Show them",
};
