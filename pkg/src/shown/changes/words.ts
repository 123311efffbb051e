// The words for what differs between two images: the same on the page, where they may be replaced, and on the command
// line.

const many = (count: number, one: string, more: string) => `${count} ${count === 1 ? one : more}`;

export const changeWords = {
  // The line.
  identical: "Nothing changed: both are the same image.",
  nothing: "no difference found",
  /** Of an image, how many layers are new. */
  newLayers: (count: number, of: number) =>
    count === of
      ? `${of === 1 ? "the only layer" : `all ${of} layers`} new`
      : `${count} of ${many(of, "layer", "layers")} new`,
  goneLayers: (count: number) => `${many(count, "layer", "layers")} gone`,
  movedLayers: (count: number) => `${many(count, "layer", "layers")} moved`,
  sameLayers: (of: number) => `${many(of, "layer", "layers")} the same`,
  packagesSame: "no package changed",
  packagesUnlisted: "no list of packages",
  packagesNotAsked: "packages not compared",
  filesSame: "no file changed",
  filesDiffer: (count: number) => many(count, "file differs", "files differ"),
  /** Two or more that differ in several ways. */
  differ: (things: string, how: string) => `${things} differ (${how})`,
  and: ", ",
  /** A platform, or several with the same changes, before these. */
  onPlatform: (platforms: string, changes: string) => `${platforms}: ${changes}`,
  between: "; ",
  platformAdded: (platform: string) => `platform ${platform} new`,
  platformRemoved: (platform: string) => `platform ${platform} gone`,
  platformUnknown: (platform: string) => `platform ${platform} unknown`,
  platformsSame: (platforms: string) => `${platforms} the same`,
  platforms: (count: number) => many(count, "platform", "platforms"),
  morePlatforms: (count: number) => many(count, "more platform", "more platforms"),
  noPlatform: "no platform",

  /** How a part of an image stands. */
  states: {
    same: "same",
    changed: "changed",
    added: "added",
    removed: "removed",
    unknown: "unknown",
    moved: "moved",
    new: "new",
    gone: "gone",
  },
  /** Things that an image has one of. */
  fields: {
    base: "base image",
    entrypoint: "entrypoint",
    command: "command",
    user: "user",
    workingDirectory: "working directory",
    stopSignal: "stop signal",
    healthCheck: "health check",
    created: "creation time",
    sizeBytes: "size, compressed",
  },
  // Things that an image has many of.
  packages: (count: number) => many(count, "package", "packages"),
  files: (count: number) => many(count, "file", "files"),
  environment: (count: number) => many(count, "variable", "variables"),
  ports: (count: number) => many(count, "port", "ports"),
  volumes: (count: number) => many(count, "volume", "volumes"),
  labels: (count: number) => many(count, "label", "labels"),
  annotations: (count: number) => many(count, "annotation", "annotations"),
  others: (count: number) => many(count, "other setting", "other settings"),
  /** All of them, where none could be read. */
  lists: {
    packages: "packages",
    files: "files",
    environment: "environment",
    ports: "ports",
    volumes: "volumes",
    labels: "labels",
    annotations: "annotations",
    others: "other settings",
  },

  // The parts.
  parts: {
    layers: "Layers and base",
    packages: "Packages",
    start: "How it starts",
    environment: "Environment",
    network: "Ports and volumes",
    labels: "Labels and annotations",
    others: "Other settings",
    age: "Time and size",
    files: "Files",
  },
  allSame: "same",
  notCompared: "not compared",
  noLists: "not listed",
  sameCount: (count: number) => `${count} the same`,

  // Values.
  notSet: "not set",
  userNotSet: "not set, so root",
  set: "yes",
  noValue: "no value",
  masked: "hidden: it looks like a secret",
  noVersion: "no version",
  licenceChanged: "licence",
  baseLayers: (count: number) => many(count, "lowest layer", "lowest layers"),
  foreignLayer: "its content is not in the registry",
  fileKinds: {
    file: "file",
    directory: "directory",
    symlink: "symbolic link",
    hardlink: "hard link",
    device: "device",
    fifo: "pipe",
    unread: "not read",
  },
  ownedBy: (uid: number) => `user ${uid}`,
  ofGroup: (gid: number) => `group ${gid}`,
  deviceNumbers: (numbers: string) => `numbers ${numbers}`,
  capabilities: (digits: string) => `capabilities ${digits}`,
  marks: {
    setuid: "runs as its owner (set-uid)",
    setgid: "runs as its group (set-gid)",
    executable: "executable",
    unusualPlace: "unusual place",
    device: "device",
    worldWritable: "anyone may write to it",
    capabilities: "has rights of its own (capabilities)",
  },

  /** Of a file, where a layer that was not read may hold another of its path. */
  shared: {
    below: "a layer that was not read may hold it, too",
    above: "a layer that was not read may hide this",
  },

  // Where packages and files come from, and what that is worth.
  byList: "By the lists that the images carry. A list is a claim of who built the image.",
  byDatabase: "By the package databases in the layers.",
  byBoth: "One side is by a list that the image carries, the other by the package database in its layers.",
  noList: "Neither image carries a list of packages.",
  filesNotRead: (size: string) => `To read the layers that differ takes ${size}.`,
  moreFiles: (count: number) => `${many(count, "more file", "more files")} not listed here`,

  /** What is notable, by its code. */
  notable: {
    unreadable: "This could not be read, so it may differ",
    "user-root": "It now runs as root",
    entrypoint: "It starts another program",
    command: "It starts with other arguments",
    "working-directory": "It starts in another folder",
    "health-check": "Its health check runs another command, or at other times",
    "file-setuid": "A program runs with its owner's rights (set-uid)",
    "file-setgid": "A program runs with its group's rights (set-gid)",
    "file-capabilities": "A program has rights of its own (capabilities)",
    "file-device": "A device is among its files",
    "variable-loads-code": "A variable makes programs load other code",
    "platform-added": "The platform is new, so there is nothing to compare it with",
    "platform-removed": "The platform is gone",
    "no-shared-layer": "The images have no layer in common",
    "base-replaced": "It is made of another base image",
    "base-older": "Its base is older than before",
    "created-earlier": "It was made earlier than the image before it",
    source: "Its source code is said to be elsewhere",
    user: "It runs as another user",
    "variable-secret": "A variable seems to hold a secret",
    "variable-reroutes": "A variable leads connections elsewhere, or changes whom they trust",
    "layer-content": "A layer is said to hold something else than before, under the same digest",
    "layer-foreign": "A new layer is not in this registry",
    "on-build": "It tells builds that begin with it to run something",
    "file-unusual-place": "A file is in an unusual place",
    "file-world-writable": "Anyone may write to a file",
  } as Readonly<Record<string, string>>,
  /** What could not be read, where it is none of the above. */
  unread: {
    config: "the image's configuration",
    platform: "the platform",
    manifest: "manifest",
    layers: "layers",
  } as Readonly<Record<string, string>>,
};

/** The words for changes; whoever shows them may have others. */
export type ChangeWords = typeof changeWords;
