// What the file of a command says: how it is called, its help, what it does, and how its result is told.
import { Argument, type Option } from "commander";
import type { OptionOf } from "./options.ts";
import type { Output } from "./output.ts";
import { exitCode } from "./problem.ts";
import type { Session } from "./session.ts";
import type { SettingName } from "./settings.ts";

/** What it is for, if that needs to be said, and the lines to type. The tests run each line. */
export type Example = readonly [what: string, ...lines: string[]];

/** What the help of a command, or of a group of commands, says. */
export interface Described {
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly Example[];
  /** Below the examples. */
  readonly notes?: string;
  /** The program's help names it beside others, so that the list of commands fits a screen. */
  readonly isRare?: true;
}

/** Positional arguments, mostly one, that give a value of this type. */
export interface ArgumentOf<T> {
  readonly make: () => readonly Argument[];
  /** @param given of each argument, its value */
  read(given: readonly unknown[]): T;
}

export function required(name: string, help: string, choices?: readonly string[]): ArgumentOf<string> {
  const make = () => new Argument(`<${name}>`, help);
  return { make: () => [choices ? make().choices(choices) : make()], read: ([given]) => String(given) };
}

/** Two of them, each with a name of its own. */
export function both(
  first: readonly [name: string, help: string],
  second: readonly [name: string, help: string],
): ArgumentOf<readonly [string, string]> {
  const make = () => [first, second].map(([name, help]) => new Argument(`<${name}>`, help));
  return { make, read: ([one, other]) => [String(one), String(other)] };
}

export function optional(name: string, help: string): ArgumentOf<string | undefined> {
  const read = ([given]: readonly unknown[]) => (typeof given === "string" ? given : undefined);
  return { make: () => [new Argument(`[${name}]`, help)], read };
}

/** One or more of a kind. */
export function several(name: string, help: string): ArgumentOf<readonly string[]> {
  return { make: () => [new Argument(`<${name}...>`, help)], read: textsOf };
}

/** Any number of a kind, also none. */
export function anyNumber(name: string, help: string): ArgumentOf<readonly string[]> {
  return { make: () => [new Argument(`[${name}...]`, help)], read: textsOf };
}

function textsOf([given]: readonly unknown[]): readonly string[] {
  return Array.isArray(given) ? given.map(String) : [];
}

type Options = Readonly<Record<string, OptionOf<unknown>>>;

/** The values of options. */
export type Given<O extends Options> = {
  readonly [Name in keyof O]: O[Name] extends OptionOf<infer T> ? T : never;
};

/** A command whose action takes options `O` and an argument `A`, and returns a result `R`. */
interface Definition<O extends Options, A, R> extends Described {
  readonly argument?: ArgumentOf<A>;
  readonly options?: O;
  /** Settings that the command uses beside the connection. */
  readonly settings?: readonly SettingName[];
  run(session: Session, options: Given<O>, argument: A): Promise<R>;
  /** The result for people; nothing when there is none. */
  text(result: R, output: Output, session: Session): string | undefined | Promise<string | undefined>;
  /** The result for programs. By default the result itself. */
  json?(result: R): unknown;
  /** What is said beside the result, behind it. */
  beside?(result: R, session: Session): void | Promise<void>;
  /** By default 0. */
  exit?(result: R): number;
}

/** The same for the program, which need not know the types. */
export interface CommandFile extends Described {
  readonly arguments: readonly Argument[];
  readonly options: readonly Option[];
  readonly settings: readonly SettingName[];
  /** Runs the command, tells its result, and returns its exit code. */
  execute(
    session: Session,
    options: Readonly<Record<string, unknown>>,
    positional: readonly unknown[],
  ): Promise<number>;
}

/** Several commands below one word. */
export interface GroupFile extends Described {
  readonly commands: readonly CommandFile[];
}

// biome-ignore lint/complexity/noBannedTypes: a command without options has none at all
export function command<R, O extends Options = {}, A = undefined>(
  definition: Definition<O, A, R>,
): CommandFile {
  const { argument, settings = [] } = definition;
  const specs = Object.entries(definition.options ?? {}).map(
    ([name, { make, read }]) => [name, make(), read] as const,
  );
  return {
    ...definition,
    settings,
    arguments: argument?.make() ?? [],
    options: specs.map(([, option]) => option),
    async execute(session, given, positional) {
      const values = specs.map(([name, option, read]) => [name, read(given[option.attributeName()])]);
      // Each value was read by the option of its name, and the argument, if there is one, by its own.
      const options = Object.fromEntries(values) as Given<O>;
      const result = await definition.run(session, options, argument?.read(positional) as A);
      await tell(definition, result, session);
      return definition.exit?.(result) ?? exitCode.done;
    },
  };
}

async function tell<O extends Options, A, R>(
  { text, json, beside }: Definition<O, A, R>,
  result: R,
  session: Session,
): Promise<void> {
  const { output } = session;
  const told = await text(result, output, session);
  if (told !== undefined) output.print(told);
  output.answer(json ? json(result) : result);
  await beside?.(result, session);
}
