// What an image's config says of how the image runs, part by part: what is wrong in one part leaves the others readable.
import { type Fields, isList, isRecord } from "../foreign.ts";
import { isTime } from "../image/manifest.ts";
import type { Digest } from "../image/reference.ts";
import { pathOfField } from "../path.ts";
import { checkDigest } from "../strict/digest.ts";
import { refuse } from "../strict/fault.ts";
import { listAt, objectAt, optionalTextAt, textAt } from "../strict/fields.ts";
import { type Named, nothing, type Read, readingNow, Seen } from "./change.ts";
import { type Environment, environmentOf } from "./environment.ts";
import { valueOrMask, withoutSecrets, wordsWithoutSecrets } from "./secret-looking.ts";

/** More labels, ports, volumes or other fields than this are a mistake or an attack. */
const most = 1000;

/** What is compared of a config. */
export interface ConfigParts {
  readonly entrypoint: Read<Seen<readonly string[]>>;
  readonly command: Read<Seen<readonly string[]>>;
  readonly environment: Environment;
  readonly user: Read<Seen<string>>;
  readonly workingDirectory: Read<Seen<string>>;
  readonly ports: Read<Named<true>>;
  readonly volumes: Read<Named<true>>;
  readonly stopSignal: Read<Seen<string>>;
  readonly healthCheck: Read<Seen<string>>;
  readonly labels: Read<Named<string>>;
  readonly others: Read<Named<string>>;
  readonly created: Read<Seen<string>>;
  /** What each layer unpacks to, if that fits the layers; by the layer's place. */
  readonly contents: Read<readonly Digest[]>;
  /** The command that made each layer, as far as the history fits them; by the layer's place. */
  readonly history: Read<readonly HistoryEntry[]>;
}

/** A line of the history that made a layer. */
export interface HistoryEntry {
  readonly createdBy: string | undefined;
  /** RFC 3339. */
  readonly created: string | undefined;
}

/** Fields with a place of their own in what is told, or whose content the layers show. */
const told = new Set([
  ...["architecture", "os", "os.version", "variant", "created", "history", "rootfs", "config"],
]);
const toldInside = new Set([
  ...["User", "ExposedPorts", "Env", "Entrypoint", "Cmd", "Volumes", "WorkingDir", "Labels", "StopSignal"],
  "Healthcheck",
]);

/** @param what the image, as a message names it @param layers how many it has */
export function partsOf(config: Fields, what: string, layers: number): ConfigParts {
  const now = <T>(read: () => T | undefined): Read<T> => readingNow(what, read);
  const inside = now(() => objectAt(config.config ?? {}, "config.config"));
  // If all of it is wrong, that is one fault, which each part tells.
  const { error, value: fields = {} } = inside;
  const inner = <T>(read: () => T | undefined): Read<T> => (error ? { error } : now(read));
  const at = (name: string) => [fields[name], `config.config.${name}`] as const;
  return {
    entrypoint: inner(() => commandAt(...at("Entrypoint"))),
    command: inner(() => commandAt(...at("Cmd"))),
    environment: inner(() => environmentOf(fields.Env, what)),
    user: inner(() => plainAt(...at("User"))),
    workingDirectory: inner(() => plainAt(...at("WorkingDir"))),
    ports: inner(() => keysAt(...at("ExposedPorts"))),
    volumes: inner(() => keysAt(...at("Volumes"))),
    stopSignal: inner(() => plainAt(...at("StopSignal"))),
    healthCheck: inner(() => healthCheckAt(...at("Healthcheck"))),
    labels: inner(() => textsAt(...at("Labels"), what)),
    others: inner(() => othersIn(config, fields)),
    created: now(() => createdAt(config.created)),
    contents: now(() => contentsAt(config.rootfs, layers)),
    history: now(() => historyAt(config.history, layers)),
  };
}

/** Of an image that there is not. */
export const noParts: ConfigParts = {
  ...{
    entrypoint: nothing,
    command: nothing,
    environment: nothing,
    user: nothing,
    workingDirectory: nothing,
  },
  ...{ ports: nothing, volumes: nothing, stopSignal: nothing, healthCheck: nothing, labels: nothing },
  ...{ others: nothing, created: nothing, contents: nothing, history: nothing },
};

/** Of an image whose config could not be read. */
export function unknownParts(error: Read<never> & { readonly error: object }): ConfigParts {
  const names = Object.keys(noParts);
  // Each part is an error, which fits each of them.
  return Object.fromEntries(names.map((name) => [name, error])) as unknown as ConfigParts;
}

function plainAt(value: unknown, place: string): Seen<string> | undefined {
  const text = optionalTextAt(value, place);
  return text ? new Seen(withoutSecrets(text), text) : undefined;
}

function commandAt(value: unknown, place: string): Seen<readonly string[]> | undefined {
  const words = listAt(value ?? [], place).map((word, at) => textAt(word, `${place}[${at}]`));
  return words.length > 0 ? new Seen(wordsWithoutSecrets(words), JSON.stringify(words)) : undefined;
}

/** An object whose keys alone count, such as `{"80/tcp": {}}`. */
function keysAt(value: unknown, place: string): Named<true> {
  const names = Object.keys(objectAt(value ?? {}, place));
  checkCount(names.length, place);
  return new Map(names.map((name) => [name, { value: new Seen<true>(true, "") }]));
}

/** An object of texts. @param what the image, as a message names it */
export function textsAt(value: unknown, place: string, what: string): Named<string> {
  const fields = Object.entries(objectAt(value ?? {}, place));
  checkCount(fields.length, place);
  return new Map(
    fields.map(([name, field]) => [
      name,
      readingNow(what, () => {
        const text = textAt(field, `A field of ${place}`);
        return new Seen(withoutSecrets(valueOrMask(name, text)), text);
      }),
    ]),
  );
}

function checkCount(count: number, place: string): void {
  if (count > most) refuse(`${place} has ${count} fields; at most ${most} are read.`);
}

/** As a Dockerfile has it, but with the command first. */
function healthCheckAt(value: unknown, place: string): Seen<string> | undefined {
  if (value === undefined || value === null) return undefined;
  const fields = objectAt(value, place);
  const words = listAt(fields.Test ?? [], `${place}.Test`).map((word, at) =>
    textAt(word, `${place}.Test[${at}]`),
  );
  const [kind = "", ...command] = words;
  if (kind === "" && Object.keys(fields).length === 0) return undefined;
  const shown = wordsWithoutSecrets(command).map((word) => (kind === "CMD-SHELL" ? word : inQuotes(word)));
  const rest = Object.entries(fields).filter(([name]) => name !== "Test");
  const options = rest.map(([name, given]) => `${name}=${settingText(name, given)}`);
  return new Seen([kind, ...shown, ...options].filter(Boolean).join(" "), JSON.stringify([words, ...rest]));
}

function inQuotes(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word);
}

/** Docker counts times in nanoseconds. */
function settingText(name: string, value: unknown): string {
  const isTimeSpan = /^(?:Interval|Timeout|StartPeriod|StartInterval)$/.test(name);
  if (isTimeSpan && typeof value === "number") return `${value / 1e9}s`;
  return valueOrMask(name, withoutSecrets(JSON.stringify(value) ?? ""));
}

function createdAt(value: unknown): Seen<string> | undefined {
  const text = optionalTextAt(value, "config.created");
  if (text === undefined) return undefined;
  return isTime(text) ? new Seen(text, text) : refuse("config.created is no time.");
}

/** What nobody else tells of a config. */
function othersIn(config: Fields, inside: Fields): Named<string> {
  const outer = Object.entries(config).filter(([name]) => !told.has(name));
  const inner = Object.entries(inside).filter(([name]) => !toldInside.has(name));
  checkCount(outer.length + inner.length, "config");
  const all = [
    ...outer.map(([name, value]) => [pathOfField("", name), name, value] as const),
    ...inner.map(([name, value]) => [pathOfField("config", name), name, value] as const),
  ];
  const set = all.filter(([, , value]) => !isEmpty(value));
  return new Map(
    set.map(([path, name, value]) => {
      const text = JSON.stringify(value);
      return [path, { value: new Seen(valueOrMask(name, withoutSecrets(text)), text) }];
    }),
  );
}

/** Builders write a field that says nothing, or leave it out. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  return (isList(value) && value.length === 0) || (isRecord(value) && Object.keys(value).length === 0);
}

/** Nothing where it does not fit the layers: no runtime unpacks such an image. */
function contentsAt(value: unknown, layers: number): readonly Digest[] | undefined {
  const { diff_ids: ids } = objectAt(value ?? {}, "config.rootfs");
  const digests = listAt(ids ?? [], "config.rootfs.diff_ids").map((id, at) =>
    checkDigest(textAt(id, `config.rootfs.diff_ids[${at}]`)),
  );
  return digests.length === layers ? digests : undefined;
}

/** Nothing where it does not fit the layers: then no line belongs to a layer for sure. */
function historyAt(value: unknown, layers: number): readonly HistoryEntry[] | undefined {
  const entries = listAt(value ?? [], "config.history").map((entry, at) =>
    objectAt(entry, `config.history[${at}]`),
  );
  const made = entries.filter(({ empty_layer: isEmptyLayer }) => isEmptyLayer !== true);
  if (made.length !== layers) return undefined;
  return made.map(({ created_by: createdBy, created }) => ({
    createdBy: typeof createdBy === "string" && createdBy !== "" ? withoutSecrets(createdBy) : undefined,
    created: typeof created === "string" && isTime(created) ? created : undefined,
  }));
}
