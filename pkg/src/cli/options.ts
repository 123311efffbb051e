// The options of commands: the kinds of them, and those that several commands have. Settings, which also come from the
// environment and the configuration file, are in settings.ts.
import { InvalidArgumentError, Option } from "commander";
import type { NamedValue, SigningState } from "ocisign";
import { readDuration } from "./duration.ts";
import { usage } from "./problem.ts";

/** An option that gives a value of this type. */
export interface OptionOf<T> {
  /** As commander takes it. */
  readonly make: () => Option;
  /** What commander made of it. */
  read(given: unknown): T;
}

/** One that help does not list: a document names it to those who need it. */
export function unlisted<T>(option: OptionOf<T>): OptionOf<T> {
  return { ...option, make: () => option.make().hideHelp() };
}

/** Details of an option. */
interface Details {
  /** Names of options that exclude it. */
  readonly conflicts?: string | string[];
}

/** Present or not. */
export function flag(flags: string, help: string, { conflicts }: Details = {}): OptionOf<boolean> {
  const make = () => new Option(flags, help);
  return {
    make: conflicts ? () => make().conflicts(conflicts) : make,
    read: (given) => given === true,
  };
}

export function text(flags: string, help: string): OptionOf<string | undefined> {
  return { make: () => new Option(flags, help), read: (given) => (isText(given) ? given : undefined) };
}

/** A text without which commander refuses the command line. */
export function requiredText(flags: string, help: string): OptionOf<string> {
  return { make: () => new Option(flags, help).makeOptionMandatory(), read: (given) => String(given) };
}

/** One of a few words. */
export function choice(
  flags: string,
  help: string,
  choices: readonly string[],
): OptionOf<string | undefined> {
  const { read } = text(flags, help);
  return { make: () => new Option(flags, help).choices(choices), read };
}

/** A text that may be given several times. */
export function texts(flags: string, help: string): OptionOf<readonly string[] | undefined> {
  const collect = (value: string, before: readonly string[] = []) => [...before, value];
  return {
    make: () => new Option(flags, help).argParser(collect),
    read: (given) => (Array.isArray(given) ? given.filter(isText) : undefined),
  };
}

/** A whole number from 0. */
export function wholeNumber(flags: string, help: string): OptionOf<number | undefined> {
  return numeric(flags, help, readWholeNumber);
}

/** A whole number from 1. */
export function count(flags: string, help: string): OptionOf<number | undefined> {
  return numeric(flags, help, (text) => {
    const number = readWholeNumber(text);
    if (number > 0) return number;
    throw new InvalidArgumentError("Write a whole number above 0.");
  });
}

/** Milliseconds, written as `90s` or `30m`. */
export function duration(flags: string, help: string): OptionOf<number | undefined> {
  return numeric(flags, help, readDuration);
}

function numeric(flags: string, help: string, parse: (text: string) => number): OptionOf<number | undefined> {
  return {
    make: () => new Option(flags, help).argParser(parse),
    read: (given) => (typeof given === "number" ? given : undefined),
  };
}

function readWholeNumber(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError("Write a whole number.");
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** What a request says to its approvers. */
export const requestOptions = {
  name: text("--name <text>", "name of the request (default: OCI signing)"),
  description: text("--description <text>", "why you request it; the approvers read it"),
  metadata: texts("--metadata <name=value>", "more for the approvers; may be repeated"),
};

/** `NAME=VALUE`, as --metadata takes it. */
export function readMetadata(given: readonly string[] | undefined): NamedValue[] | undefined {
  return given?.map((text) => {
    const [, name, value] = text.match(/^([^=]+)=([\s\S]*)$/) ?? [];
    if (name !== undefined && value !== undefined) return { name, value };
    throw usage("--metadata has a text without a name.", "Write each as NAME=VALUE.");
  });
}

/** Waiting for the end of a request. */
export const waitOptions = {
  wait: flag("--wait", "wait until it is signed, rejected or failed"),
  timeout: duration("--timeout <time>", "stop waiting after this time: 90s, 30m, 2h"),
};

export function checkWait({ waits, timeout }: { waits: boolean; timeout: number | undefined }): void {
  if (timeout === undefined || waits) return;
  throw usage("--timeout needs --wait.", "Add --wait, or leave --timeout out.");
}

/** What an approver says. */
export const approvalComment = text("--comment <text>", "for the requester and the other approvers");

/** Why an approver rejects. */
export const rejectionComment = requiredText("--comment <text>", "why you reject it; the requester reads it");

/** The reference client's way to name a request. */
export const idOption = requiredText("-I, --id <id>", "the request's id");

const states = [
  ...(["new", "waiting", "approved", "signing", "signed", "rejected", "failed", "unknown"] as const),
] satisfies SigningState[];

/** Which requests of the service's list are meant. */
export const whichRequests = {
  mine: flag("--mine", "only requests that you made"),
  // Not the product of the settings: an approver wants to see the whole queue.
  product: text("-P, --product <id|name>", "only requests of this product"),
  state: choice("--state <state>", "only requests in this state", states),
};
