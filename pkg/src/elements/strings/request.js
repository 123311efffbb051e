/** What `<ocisign-request>` says. */
export const request = {
  heading: "Request a signature",

  loadingProducts: "Reading the products…",
  readAgain: "Read again",
  noProducts:
    "The service shows no product to you. A product says which key signs for which registry; ask those who run the service for one.",
  /** @param {string} title @param {string} reason */
  hindered: (title, reason) => `${title} (${reason})`,
  hindrances: { disabled: "switched off", signsNoImages: "signs no images" },
  noOperationId: "has no id",
  unknownProduct: "The service does not show this product to you:",
  registry: "Signs images of",
  noRegistry: "no registry is named",
  keyType: "Key type",
  about: "About",
  mayNot:
    "None of your groups may request this, as far as this page knows. The service decides; the request will probably be refused.",

  artifact: "Image, or a list of images",
  artifactHint: "A reference with its digest. Several at once: one a line.",
  artifactPlaceholder: "registry.example/team/app@sha256:…",
  image: "What would be signed",
  canonical: "Image",
  /** Said of the canonical form; the tag is drawn between the two. */
  tagBefore: "The tag",
  tagAfter: "is not part of what is signed: a signature binds the digest.",
  imageRegistry: "Registry",
  repository: "Repository",
  digest: "Digest",
  ecr: "Amazon ECR",
  /** @param {string} account @param {string} region */
  ecrPlace: (account, region) => `account ${account}, region ${region}`,
  signedHereBy: "Products that sign for this registry:",
  more: (/** @type {number} */ count) => `and ${count.toLocaleString()} more`,

  inRegistry: "In the registry",
  looking: "Looking into the registry…",
  lookAgain: "Look again",
  noSuchImage:
    "The registry has no such image, or does not show it without signing in. Look whether it was pushed, before you ask to sign it.",
  registryUnread: "The registry could not be read from this browser; the request can be sent all the same.",

  list: "The list",
  /** @param {number} count */
  ready: (count) => (count === 1 ? "1 image to request" : `${count.toLocaleString()} images to request`),
  /** @param {number} count */
  wrong: (count) => (count === 1 ? "1 line to correct" : `${count.toLocaleString()} lines to correct`),
  /** @param {number} count */
  repeated: (count) => (count === 1 ? "1 repeated" : `${count.toLocaleString()} repeated`),
  checking: "Checking the lines…",
  /** @param {number} line */
  line: (line) => `Line ${line.toLocaleString()}`,
  /** @param {number} first */
  repeats: (first) => `the same image as line ${first.toLocaleString()}; it is requested once`,
  toCorrect: "To correct",
  toRequest: "To be requested",
  repeatedLines: "Repeated",

  details: "What approvers read",
  description: "Why",
  descriptionHint: "Approvers read it before they decide. Not required, but nobody likes to guess.",
  name: "Name of the request",
  metadata: "Metadata",
  metadataHint: "What else approvers should know, such as a version or a build. Empty rows are left out.",
  metadataName: "Name",
  metadataValue: "Value",
  /** @param {number} row */
  row: (row) => `row ${row}`,
  addRow: "Add a row",
  removeRow: "Remove",
  /** @param {number} row */
  removed: (row) => `Row ${row} was removed.`,
  oddities: {
    nameless: "This value needs a name.",
    repeated: "Another row has the same name. Both are sent.",
  },
  advanced: "Advanced",
  payloadName: "Name of the payload",
  payloadNameHint: "As the service's reference has it, unless your deployment wants another.",

  preview: "The exact JSON that will be sent",
  json: "the JSON",
  /** @param {number} count */
  previewOfFirst: (count) =>
    `This is the first of ${count.toLocaleString()}. The others differ in their artifactURI only.`,
  previewOf: "It is sent without white space, otherwise exactly so.",
  previewCut: (/** @type {number} */ length) =>
    `… ${length.toLocaleString()} characters in all; copy it to see the rest.`,

  /** @param {number} count */
  send: (count) => (count <= 1 ? "Request signature" : `Request ${count.toLocaleString()} signatures`),
  sending: "Requesting…",
  sendAgain: "Not found in the queue: send it again",
  obstacles: {
    product: "Choose a product.",
    disabled: "This product is switched off. Choose another one, or ask its owner to enable it.",
    signsNoImages: "This product has no operation that signs images. Choose another one.",
    operation: "Choose the operation that is to sign.",
    image: "Give an image.",
    wrongImage: "Correct the image.",
    noLine: "No line of the list can be requested yet.",
    nameless: "Give each row of metadata a name.",
    checking: "The lines are being checked.",
  },
  inDoubt: "It may have been taken: look in the queue before you send it again.",
  offline: "You are offline. Nothing that you typed is lost.",
  /** @param {string} image */
  fits: (image) => `The image can be requested: ${image}`,

  requested: "Requested",
  requestedSay: "The request was taken.",
  requestId: "Request",
  state: "State",
  open: "Open the request",
  another: "Request another",

  results: "Requests of your list",
  /** @param {number} done @param {number} all */
  progress: (done, all) => `${done.toLocaleString()} of ${all.toLocaleString()}`,
  stop: "Stop",
  stopping: "Stopping: what is under way is waited for.",
  stoppedByTrouble: "It was stopped, because several in a row did not succeed.",
  stoppedByPerson: "It was stopped.",
  counts: {
    requested: (/** @type {number} */ count) => `${count.toLocaleString()} requested`,
    failed: (/** @type {number} */ count) => `${count.toLocaleString()} failed`,
    inDoubt: (/** @type {number} */ count) => `${count.toLocaleString()} in doubt`,
    open: (/** @type {number} */ count) => `${count.toLocaleString()} not sent`,
  },
  groups: { inDoubt: "In doubt", failed: "Failed", open: "Not sent", requested: "Requested" },
  /** @param {number} count */
  goOn: (count) => (count === 1 ? "Send 1 image" : `Send ${count.toLocaleString()} images`),
  /** @param {number} count */
  putBack: (count) => `Put ${count === 1 ? "it" : `${count.toLocaleString()}`} back into the field`,
  close: "Close these results",
  openOne: "Open",
  /** @param {string} id */
  openWhich: (id) => `Open the request ${id}`,
};
