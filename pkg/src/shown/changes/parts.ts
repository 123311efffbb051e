// The parts of what changed on one platform: each with a few words for its fold, and rows for those who open it.
import type {
  EnvValue,
  FileChange,
  ImageFile,
  LayerChange,
  NamedChange,
  OcisignError,
  Package,
  PackageSource,
  PlatformChanges,
} from "ocisign";
import { inUnits } from "../bytes.ts";
import { fieldRow, namedRows, type Row } from "./rows.ts";
import { sidesOf } from "./sides.ts";
import { exact, prose, type Told, words as told } from "./told.ts";
import type { ChangeWords } from "./words.ts";

export type PartKey = keyof ChangeWords["parts"];

export interface Part {
  readonly key: PartKey;
  readonly title: string;
  /** How much of it differs, in a few words: `2 new, 1 gone, 7 the same`. */
  readonly brief: string;
  /** `same` only where all of it was compared. `unread` is what nobody asked for, or neither image has. */
  readonly state: "same" | "differs" | "unknown" | "unread";
  readonly rows: readonly Row[];
  /** What has to be known of it, such as where a list of packages comes from. */
  readonly note: string;
  /** Why all of it is unknown. */
  readonly error?: OcisignError;
  /** What it takes to read it, in bytes: nobody asked for it yet. */
  readonly costBytes?: number;
}

export function partsOf(changes: PlatformChanges, words: ChangeWords): Part[] {
  return [
    layers(changes, words),
    packages(changes, words),
    start(changes, words),
    environment(changes, words),
    network(changes, words),
    labels(changes, words),
    others(changes, words),
    age(changes, words),
    files(changes, words),
  ];
}

/** @param all how many there are, with those that are the same */
function part(key: PartKey, rows: readonly Row[], all: number, words: ChangeWords, note = ""): Part {
  const differing = rows.filter(({ state }) => state !== "same");
  return {
    key,
    title: words.parts[key],
    brief: briefOf(differing, all - differing.length, words),
    state: stateOf(differing),
    rows,
    note,
  };
}

function stateOf(differing: readonly Row[]): Part["state"] {
  if (differing.length === 0) return "same";
  return differing.every(({ state }) => state === "unknown") ? "unknown" : "differs";
}

const inOrder = ["changed", "new", "added", "moved", "gone", "removed", "unknown"] as const;

function briefOf(differing: readonly Row[], same: number, words: ChangeWords) {
  if (differing.length === 0) return words.allSame;
  if (same === 0 && stateOf(differing) === "unknown") return words.states.unknown;
  const counts = inOrder.flatMap((state) => {
    const count = differing.filter((row) => row.state === state).length;
    return count > 0 ? [`${count} ${words.states[state]}`] : [];
  });
  return [...counts, ...(same > 0 ? [words.sameCount(same)] : [])].join(words.and);
}

function layers({ layers, base }: PlatformChanges, words: ChangeWords): Part {
  const rows = layers.map((change) => layerRow(change, words));
  const own = part("layers", rows, layers.length, words);
  const baseRow = fieldRow("base", base, (value) => baseTold(value, words), words);
  const state = stateOf([baseRow, ...rows].filter((row) => row.state !== "same"));
  return { ...own, state, rows: [baseRow, ...rows] };
}

function baseTold(
  { name, digest, layers }: { name?: string; digest?: string; layers: number },
  words: ChangeWords,
): Told {
  if (name === undefined && digest === undefined) return told(words.baseLayers(layers));
  return exact([name, digest].filter((text) => text !== undefined).join("@"));
}

function layerRow({ state, layer }: LayerChange, words: ChangeWords): Row {
  const { digest, createdBy, sizeBytes, foreign } = layer;
  const side = createdBy === undefined ? told("") : exact(createdBy);
  return {
    key: digest,
    state,
    name: exact(digest),
    ...(state === "gone" ? { before: side } : { after: side }),
    remarks: [told(inUnits(sizeBytes)), ...(foreign ? [told(words.foreignLayer)] : [])],
  };
}

function packages({ packages }: PlatformChanges, words: ChangeWords): Part {
  const empty = { key: "packages", title: words.parts.packages, rows: [], note: "" } as const;
  switch (packages.state) {
    case "notAsked":
      return { ...empty, brief: words.notCompared, state: "unread" };
    case "none":
      return { ...empty, brief: words.noLists, state: "unread", note: words.noList };
    case "unknown":
      return { ...empty, brief: words.states.unknown, state: "unknown", error: packages.error };
    case "compared": {
      const differing = packages.changes.filter(({ state }) => state !== "same");
      const rows = namedRows(
        differing,
        ({ version }) => (version === "" ? told(words.noVersion) : exact(version)),
        words.lists.packages,
      );
      const toldOf = rows.map((row, at) => ({ ...row, remarks: packageRemarks(differing[at], words) }));
      const note = sourceNote(packages.before, packages.after, words);
      return part("packages", toldOf, packages.same + rows.length, words, note);
    }
  }
}

/** Its kind, and its licences where they differ. */
function packageRemarks(change: NamedChange<Package> | undefined, words: ChangeWords): Told[] {
  if (!change) return [];
  const { before, after } = sidesOf(change);
  const kind = after?.kind ?? before?.kind ?? "";
  const licences = [before, after].map((one) => one?.licences.join(words.and));
  const [old = "", now = ""] = licences;
  const isOther = change.state === "changed" && old !== now;
  return [
    ...(kind === "" ? [] : [exact(kind)]),
    ...(isOther ? [told(words.licenceChanged), exact(old || "–"), told("->"), exact(now || "–")] : []),
    ...(change.state === "added" && now !== "" ? [exact(now)] : []),
  ];
}

/** What the list is worth: an SBOM is a claim, a database is what the layer holds. */
function sourceNote(
  before: readonly PackageSource[],
  after: readonly PackageSource[],
  words: ChangeWords,
): string {
  const kinds = new Set([...before, ...after].map(({ from }) => from));
  if (kinds.size === 2) return words.byBoth;
  return kinds.has("database") ? words.byDatabase : words.byList;
}

function start(changes: PlatformChanges, words: ChangeWords): Part {
  const args = (list: readonly string[]) =>
    list.length === 0 ? told(words.notSet) : exact(JSON.stringify(list));
  const text = (value: string) => (value === "" ? told(words.notSet) : exact(value));
  const user = (value: string) => (value === "" ? told(words.userNotSet) : exact(value));
  const rows = [
    fieldRow("entrypoint", changes.entrypoint, args, words),
    fieldRow("command", changes.command, args, words),
    fieldRow("user", changes.user, user, words),
    fieldRow("workingDirectory", changes.workingDirectory, text, words),
    fieldRow("healthCheck", changes.healthCheck, text, words),
    fieldRow("stopSignal", changes.stopSignal, text, words),
  ];
  return part("start", rows, rows.length, words);
}

function environment({ environment }: PlatformChanges, words: ChangeWords): Part {
  const tell = ({ value, masked }: EnvValue): Told => {
    if (masked) return told(words.masked);
    return value === undefined ? told(words.noValue) : exact(value);
  };
  return part(
    "environment",
    namedRows(environment, tell, words.lists.environment),
    environment.length,
    words,
  );
}

function network({ ports, volumes }: PlatformChanges, words: ChangeWords): Part {
  const set = () => told(words.set);
  const rows = [...namedRows(ports, set, words.lists.ports), ...namedRows(volumes, set, words.lists.volumes)];
  return part("network", rows, ports.length + volumes.length, words);
}

function labels({ labels, annotations }: PlatformChanges, words: ChangeWords): Part {
  const rows = [
    ...namedRows(labels, prose, words.lists.labels),
    ...namedRows(annotations, prose, words.lists.annotations),
  ];
  return part("labels", rows, labels.length + annotations.length, words);
}

function others({ others }: PlatformChanges, words: ChangeWords): Part {
  return part("others", namedRows(others, exact, words.lists.others), others.length, words);
}

function age({ created, sizeBytes }: PlatformChanges, words: ChangeWords): Part {
  const rows = [
    fieldRow(
      "created",
      created,
      (text) => (text === "" ? told(words.notSet) : { kind: "time", text }),
      words,
    ),
    fieldRow("sizeBytes", sizeBytes, (bytes) => told(inUnits(bytes)), words),
  ];
  return part("age", rows, rows.length, words);
}

function files({ files }: PlatformChanges, words: ChangeWords): Part {
  const empty = { key: "files", title: words.parts.files, rows: [], note: "" } as const;
  switch (files.state) {
    case "notAsked": {
      const { costBytes } = files;
      const note = words.filesNotRead(inUnits(costBytes));
      return { ...empty, brief: words.notCompared, state: "unread", note, costBytes };
    }
    case "unknown":
      return { ...empty, brief: words.states.unknown, state: "unknown", error: files.error };
    case "compared": {
      const { changes, total } = files;
      const rows = changes.map((one) => fileRow(one, words));
      const left = total - rows.length;
      const { brief, ...whole } = part("files", rows, rows.length, words);
      const note = left > 0 ? words.moreFiles(left) : "";
      return { ...whole, brief: left > 0 ? words.filesDiffer(total) : brief, note };
    }
  }
}

function fileRow({ change, marks, shared }: FileChange, words: ChangeWords): Row {
  const { before, after } = sidesOf(change);
  const path = after?.path ?? before?.path ?? "";
  return {
    key: path,
    state: change.state,
    name: exact(path),
    ...(before && { before: fileTold(before, words) }),
    ...(after && { after: fileTold(after, words) }),
    remarks: [
      ...marks.map((mark) => told(words.marks[mark])),
      ...(shared ? [told(words.shared[shared])] : []),
    ],
  };
}

/** Its kind, permissions, owner and size. Where a link leads is foreign text, and said beside. */
function fileTold(file: ImageFile, words: ChangeWords): Told {
  const { kind, sizeBytes, mode, uid, gid, device, capabilities, target } = file;
  const facts = [
    ...[words.fileKinds[kind], mode.toString(8).padStart(4, "0"), words.ownedBy(uid)],
    ...(gid === undefined ? [] : [words.ofGroup(gid)]),
    ...(device === undefined ? [] : [words.deviceNumbers(device)]),
    ...(capabilities === undefined ? [] : [words.capabilities(capabilities)]),
    ...(kind === "file" ? [inUnits(sizeBytes)] : []),
  ].join(words.and);
  return target === undefined ? told(facts) : exact(`${facts} -> ${target}`);
}
