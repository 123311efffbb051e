/** What `<ocisign-request>` says. */
export const request = {
  heading: "Request a signature",

  loadingProducts: "Reading the products…",
  readAgain: "Reload products",
  noProducts:
    "The service shows you no product. A product says which key signs for which registry. " +
    "Ask the service's operators for one.",
  productsWithheld:
    "You may still be allowed to request. Enter the ids of the product and its operation, as its owner gives them. " +
    "What the service does not show you cannot be checked here: the registry rule, the product's state and the " +
    "operation. The service checks them.",
  productId: "Product id",
  operationId: "Operation id",
  hindered: (title: string, reason: string) => `${title} (${reason})`,
  hindrances: {
    disabled: "disabled",
    notReady: (state: string) => `not ready: ${state}`,
    signsNoImages: "signs no images",
  },
  noOperationId: "has no id",
  unknownProduct: "The service does not show you this product:",
  registry: "Signs images of",
  noRegistry: "no registry named",
  keyType: "Key type",
  productState: "State of the product",
  about: "About",
  mayNot:
    "As far as this page knows, none of your groups may request this. The service will probably refuse it.",

  artifact: "Image, or a list of images",
  artifactHint: "Enter a reference with its digest or its tag. For several images, enter one per line.",
  artifactPlaceholder: "registry.example/team/app@sha256:…",
  image: "What would be signed",
  canonical: "Image",
  /** Said of the canonical form; the tag is drawn between the two. */
  tagBefore: "The tag",
  tagAfter: "is not signed: a signature binds only the digest.",
  imageRegistry: "Registry",
  repository: "Repository",
  digest: "Digest",
  ecr: "Amazon ECR",
  ecrPlace: (account: string, region: string) => `account ${account}, region ${region}`,
  signedHereBy: "Products that sign for this registry:",
  more: (count: number) => `and ${count.toLocaleString()} more`,

  tagNames: "What the tag names now",
  tag: "Tag",
  tagMoves: "A signature binds only the digest. Another image may have this tag tomorrow.",
  takeDigest: "Use this digest",
  digestTaken: "The digest stands in the field.",
  noSuchTag:
    "The registry has no such tag, or shows it only after a login. Check the tag, or enter the digest.",
  tagUnread: "This browser could not ask the registry which digest the tag names. Enter the digest.",
  resolveTags: (count: number) =>
    count === 1 ? "Look up the digest of 1 tag" : `Look up the digests of ${count.toLocaleString()} tags`,
  resolving: "Asking the registry…",
  resolved: (count: number, failed: number) =>
    `${count.toLocaleString()} found${failed > 0 ? `, ${failed.toLocaleString()} not` : ""}. Check the digests before you send.`,

  earlierUnread: "The page could not check whether this was requested before.",
  earlierWords: {
    waiting: "A request for this image waits already.",
    signed: "The service has signed this image for this product already.",
    rejected: "A request for this image was rejected.",
    failed: "A request for this image failed.",
  },
  heldWords: {
    missing: "The registry has no such image, or shows it only after a login.",
    signed: "The registry has a signature by this product's key already.",
    unread: "This browser could not read the registry.",
  },
  listed: {
    waiting: (count: number) => `${count.toLocaleString()} waiting already`,
    signed: (count: number) => `${count.toLocaleString()} signed already`,
    rejected: (count: number) => `${count.toLocaleString()} rejected before`,
    failed: (count: number) => `${count.toLocaleString()} failed before`,
    missing: (count: number) => `${count.toLocaleString()} not in the registry`,
    proven: (count: number) => `${count.toLocaleString()} with a signature in the registry`,
    unread: (count: number) => `${count.toLocaleString()} not read in the registry`,
  },
  leaveOut: (count: number) =>
    count === 1
      ? "Leave out the 1 image that waits or is signed already"
      : `Leave out the ${count.toLocaleString()} images that wait or are signed already`,
  checkInRegistry: (count: number) =>
    count === 1 ? "Check 1 image in the registry" : `Check ${count.toLocaleString()} images in the registry`,

  inRegistry: "In the registry",
  looking: "Asking the registry…",
  lookAgain: "Check again",
  noSuchImage:
    "The registry has no such image, or shows it only after a login. " +
    "Check that the image was pushed before you request a signature.",
  registryUnread: "This browser could not read the registry.",
  /** Where nothing else speaks against it. */
  youCanSend: "You can still send the request.",

  list: "The list",
  ready: (count: number) =>
    count === 1 ? "1 image to request" : `${count.toLocaleString()} images to request`,
  wrong: (count: number) =>
    count === 1 ? "1 line to correct" : `${count.toLocaleString()} lines to correct`,
  repeated: (count: number) => (count === 1 ? "1 duplicate" : `${count.toLocaleString()} duplicates`),
  checking: "Checking the lines…",
  line: (line: number) => `Line ${line.toLocaleString()}`,
  repeats: (first: number) => `the same image as line ${first.toLocaleString()}, requested only once`,
  /** A choice, where other lines of the list are wrong. */
  keepGoing: (count: number) =>
    count === 1
      ? "Request the 1 image that is right, and keep the other lines here"
      : `Request the ${count.toLocaleString()} images that are right, and keep the other lines here`,
  toLine: (line: number) => `Go to line ${line.toLocaleString()}`,
  toCorrect: "To correct",
  toLookAt: "To look at before you send",
  toRequest: "To request",
  repeatedLines: "Duplicates",

  details: "Details for approvers",
  description: "Why",
  descriptionHint: "Optional, recommended. Approvers read it before they decide.",
  name: "Name of the request",
  /** Before an image is there. */
  nameByDefault: "the repository",
  metadata: "Metadata",
  metadataHint: "Add what else approvers should know, such as a version or a build. Empty rows are not sent.",
  metadataName: "Name",
  metadataValue: "Value",
  row: (row: number) => `row ${row}`,
  addRow: "Add a row",
  removeRow: "Remove",
  removed: (row: number) => `Removed row ${row}.`,
  oddities: {
    nameless: "This value needs a name.",
    repeated: "Another row has the same name. Both are sent.",
  },
  advanced: "Advanced",
  payloadName: "Name of the payload",
  payloadNameHint:
    "This is the default in the service's API reference. Change it only if your deployment needs another.",

  preview: "The exact JSON that will be sent",
  json: "the JSON",
  previewOfFirst: (count: number) =>
    `This is the first of ${count.toLocaleString()}. The others differ only in artifactURI and name.`,
  previewOf: "Exactly this JSON is sent, without the extra white space.",
  previewCut: (length: number) =>
    `… ${length.toLocaleString()} characters in total. Copy it to see the rest.`,

  send: (count: number) =>
    count <= 1 ? "Request signature" : `Request ${count.toLocaleString()} signatures`,
  sendOnceMore: "Request once more",
  sending: "Requesting…",
  sendAgain: "Not found in the queue: send it again",
  obstacles: {
    product: "Choose a product.",
    ids: "Enter the ids of the product and its operation.",
    disabled: "This product is disabled. Choose another one, or ask its owner to enable it.",
    notReady: "This product is not ready to sign. Choose another one, or ask its owner.",
    signsNoImages: "This product has no operation that signs images. Choose another one.",
    operation: "Choose a signing operation.",
    image: "Enter an image.",
    tag: "Use the digest that the tag names, or enter another one.",
    allLeft: "Each of these images waits or is signed already.",
    wrongImage: "Correct the image.",
    noLine: "Correct at least one line of the list.",
    wrongLines: (count: number) =>
      count === 1
        ? "Correct 1 line, or choose to request the other images. Nothing is sent until then."
        : `Correct ${count.toLocaleString()} lines, or choose to request the other images. Nothing is sent until then.`,
    nameless: "Name each row of metadata.",
    checking: "Wait until the lines are checked.",
  },
  inDoubt: "The service may have accepted it. Check the queue before you send it again.",
  offline: "You are offline. Your input is kept.",
  fits: (image: string) => `You can request this image: ${image}`,

  requested: "Requested",
  requestedSay: "The service accepted the request.",
  requestId: "Request",
  state: "State",
  link: "For approvers",
  theLink: "the link for approvers",
  nextCommands: "On the command line",
  approveBy: "An approver runs",
  waitBy: "Wait for the signature",
  theCommand: (command: string) => `the command ${command}`,
  open: "Open the request",
  another: "Request another",

  results: "Requests from your list",
  progress: (done: number, all: number) => `${done.toLocaleString()} of ${all.toLocaleString()}`,
  stop: "Stop",
  stopping: "Stopping after the requests already in progress…",
  stoppedByTrouble: "Stopped, because several requests in a row did not succeed.",
  stoppedByPerson: "You stopped it.",
  counts: {
    requested: (count: number) => `${count.toLocaleString()} requested`,
    failed: (count: number) => `${count.toLocaleString()} failed`,
    inDoubt: (count: number) => `${count.toLocaleString()} with an unknown outcome`,
    open: (count: number) => `${count.toLocaleString()} not sent`,
  },
  groups: { inDoubt: "Outcome unknown", failed: "Failed", open: "Not sent", requested: "Requested" },
  goOn: (count: number) => (count === 1 ? "Send 1 image" : `Send ${count.toLocaleString()} images`),
  putBack: (count: number) => `Put ${count === 1 ? "it" : `${count.toLocaleString()}`} back into the field`,
  close: "Close these results",
  copyAll: "the results",
  asCsv: "Save as CSV",
  inQueue: (batch: string) => `In the queue: batch ${batch}`,
  readingBatch: "Reading the requests of the batch…",
  noneOfBatch: (batch: string) => `The service shows no request of the batch ${batch}.`,
  openOne: "Open",
  openWhich: (id: string) => `Open the request ${id}`,
};
