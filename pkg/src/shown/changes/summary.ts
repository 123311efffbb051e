// What changed, in one line: what is new first, then how the image starts, then the rest. What is unknown is said where
// it would stand; nothing that is missing counts as the same.
import type {
  Change,
  FileChanges,
  ImageChanges,
  LayerChange,
  PackageChanges,
  PlatformChange,
  PlatformChanges,
} from "ocisign";
import { platformName } from "./platform-name.ts";
import { comparedIn, knownOf } from "./sides.ts";
import type { ChangeWords } from "./words.ts";

/** Platforms that are told apart in the line; more of them are counted. */
const mostGroups = 3;

/** `2 of 9 layers new, 3 packages changed, entrypoint changed`. It has no foreign text in it. */
export function summaryOf(changes: ImageChanges, words: ChangeWords): string {
  if (changes.identical) return words.identical;
  const lines = linesByPlatform(changes, words);
  const others = changes.platforms.flatMap((change) => otherPlatform(change, words));
  const groups = [...lines];
  const isOne = groups.length === 1 && others.length + changes.samePlatforms.length === 0;
  const alike = samePlatforms(changes, words);
  const told = groups
    .slice(0, mostGroups)
    .map(([line, names]) => (isOne ? line : words.onPlatform(names.join(words.and), line)));
  const left = groups.slice(mostGroups).reduce((sum, [, names]) => sum + names.length, 0);
  const more = left > 0 ? [words.morePlatforms(left)] : [];
  return [...others, ...told, ...more, ...alike].join(words.between) || words.nothing;
}

/** The same for one platform. */
export function platformSummary(changes: PlatformChanges, words: ChangeWords): string {
  const facts = [
    layers(changes.layers, words),
    field("base", changes.base, words),
    packages(changes, words),
    files(changes.files, words),
    field("entrypoint", changes.entrypoint, words),
    field("command", changes.command, words),
    field("user", changes.user, words),
    countedChanges("environment", changes.environment, words),
    field("workingDirectory", changes.workingDirectory, words),
    countedChanges("ports", changes.ports, words),
    countedChanges("volumes", changes.volumes, words),
    field("healthCheck", changes.healthCheck, words),
    field("stopSignal", changes.stopSignal, words),
    countedChanges("labels", changes.labels, words),
    countedChanges("annotations", changes.annotations, words),
    countedChanges("others", changes.others, words),
  ].filter((fact) => fact !== undefined);
  // A build anew has another time. It is worth a word only where nothing else is.
  const created = facts.some((fact) => fact !== words.sameLayers(changes.layers.length))
    ? undefined
    : field("created", changes.created, words);
  return [...facts, ...(created === undefined ? [] : [created])].join(words.and) || words.nothing;
}

/** How many of a list differ, and how: `3 packages changed`, or `6 packages differ (3 changed, 3 added)`. */
export function countedChanges(
  kind: Counted,
  changes: readonly { readonly state: Change<unknown>["state"]; readonly name?: string }[],
  words: ChangeWords,
): string | undefined {
  if (isAllUnknown(changes)) return `${words.lists[kind]} ${words.states.unknown}`;
  const states = (["changed", "added", "removed", "unknown"] as const)
    .map((state) => ({ state, count: changes.filter((one) => one.state === state).length }))
    .filter(({ count }) => count > 0);
  const [first] = states;
  if (!first) return undefined;
  if (states.length === 1) return `${words[kind](first.count)} ${words.states[first.state]}`;
  const all = states.reduce((sum, { count }) => sum + count, 0);
  const how = states.map(({ state, count }) => `${count} ${words.states[state]}`).join(words.and);
  return words.differ(words[kind](all), how);
}

type Counted = keyof ChangeWords["lists"];

/** Where a whole list could not be read, it has one element without a name. */
export function isAllUnknown(changes: readonly { readonly state: string; readonly name?: string }[]) {
  return changes.some(({ state, name }) => state === "unknown" && name === "");
}

/** Those whose manifests are the same, so that nothing of them can differ. */
function samePlatforms({ samePlatforms }: ImageChanges, words: ChangeWords): string[] {
  const names = samePlatforms.map(platformName);
  if (names.length === 0) return [];
  const isFew = names.length <= mostGroups;
  return [words.platformsSame(isFew ? names.join(words.and) : words.platforms(names.length))];
}

/** The platforms that both images have, by what changed there. */
function linesByPlatform({ platforms }: ImageChanges, words: ChangeWords) {
  const found = new Map<string, string[]>();
  for (const change of platforms) {
    const changes = comparedIn(change);
    if (!changes) continue;
    const line = platformSummary(changes, words);
    found.set(line, [...(found.get(line) ?? []), nameOf(changes, words)]);
  }
  return found;
}

function otherPlatform(change: PlatformChange, words: ChangeWords): string[] {
  if (comparedIn(change)) return [];
  const name = nameOf(knownOf(change) ?? change, words);
  if (change.state === "added") return [words.platformAdded(name)];
  if (change.state === "removed") return [words.platformRemoved(name)];
  return [words.platformUnknown(name)];
}

function nameOf({ platform }: Pick<PlatformChange, "platform">, words: ChangeWords) {
  return platform ? platformName(platform) : words.noPlatform;
}

function layers(list: readonly LayerChange[], words: ChangeWords) {
  const count = (...states: LayerChange["state"][]) =>
    list.filter(({ state }) => states.includes(state)).length;
  const after = count("same", "moved", "new");
  const [fresh, gone, moved] = [count("new"), count("gone"), count("moved")];
  if (fresh > 0) return words.newLayers(fresh, after);
  const told = [
    ...(gone > 0 ? [words.goneLayers(gone)] : []),
    ...(moved > 0 ? [words.movedLayers(moved)] : []),
  ];
  return told.length > 0 ? told.join(words.and) : words.sameLayers(after);
}

/** Where all layers are the same, packages are, whatever a list says of them. */
function packages({ packages, layers }: PlatformChanges, words: ChangeWords) {
  const isNew = layers.some(({ state }) => state !== "same");
  const { packagesSame, packagesUnlisted, packagesNotAsked } = words;
  const bySame: Partial<Record<PackageChanges["state"], string>> = {
    compared: packagesSame,
    none: packagesUnlisted,
    notAsked: packagesNotAsked,
  };
  if (packages.state === "unknown") return `${words.lists.packages} ${words.states.unknown}`;
  const differing =
    packages.state === "compared" ? countedChanges("packages", packages.changes, words) : undefined;
  return differing ?? (isNew ? bySame[packages.state] : undefined);
}

function files(files: FileChanges, words: ChangeWords) {
  if (files.state === "notAsked") return undefined;
  if (files.state === "unknown") return `${words.lists.files} ${words.states.unknown}`;
  if (files.total === 0) return words.filesSame;
  const isWhole = files.total === files.changes.length;
  const changes = files.changes.map(({ change }) => change);
  const counts = isWhole ? countedChanges("files", changes, words) : undefined;
  return counts ?? words.filesDiffer(files.total);
}

function field(name: keyof ChangeWords["fields"], { state }: Change<unknown>, words: ChangeWords) {
  return state === "same" ? undefined : `${words.fields[name]} ${words.states[state]}`;
}
