// The system's keychain, by its own command: `secret-tool` (libsecret) on Linux, `security` on macOS. It holds the key
// that seals a sign-in. A key travels by standard input and output, never as an argument, which other users can see.
import { type ChildEnd, runChild } from "../child.ts";
import { keepSecret } from "../secrets.ts";
import { textIn } from "../text-in.ts";

/** What a key is for: there is one for each service and issuer. */
export interface Item {
  readonly service: string;
  readonly issuer: string;
}

/** A person may have to unlock it. */
const timeoutMs = 60_000;
const longest = 1024;

interface Work {
  readonly args: readonly string[];
  readonly input?: string;
}

/** How a keychain's command is called. */
interface Program {
  readonly command: string;
  set(item: Item, key: string): Work;
  get(item: Item): Work;
  remove(item: Item): Work;
}

const secretTool: Program = {
  command: "secret-tool",
  set: (item, key) => ({ args: ["store", "--label", label(item), ...attributes(item)], input: key }),
  get: (item) => ({ args: ["lookup", ...attributes(item)] }),
  remove: (item) => ({ args: ["clear", ...attributes(item)] }),
};

const security: Program = {
  command: "security",
  // It reads a password from the terminal only, or as an argument; but it reads whole commands from standard input.
  set: (item, key) => ({
    args: ["-i"],
    input: `add-generic-password -U -s ${quoted(label(item))} -a ${quoted(item.issuer)} -w ${quoted(key)}\n`,
  }),
  get: (item) => ({ args: ["find-generic-password", "-s", label(item), "-a", item.issuer, "-w"] }),
  remove: (item) => ({ args: ["delete-generic-password", "-s", label(item), "-a", item.issuer] }),
};

export class Keychain {
  readonly #program: Program;
  readonly #signal: AbortSignal;

  /** The system's; nothing where we know no command for it. */
  static ofSystem(signal: AbortSignal): Keychain | undefined {
    if (process.platform === "win32") return undefined;
    return new Keychain(process.platform === "darwin" ? security : secretTool, signal);
  }

  private constructor(program: Program, signal: AbortSignal) {
    this.#program = program;
    this.#signal = signal;
  }

  /** Keeps a key. @returns why it is not kept; nothing if it is */
  async set(item: Item, key: string): Promise<string | undefined> {
    const failure = failureOf(await this.#run(this.#program.set(item, key)), this.#program.command);
    if (failure !== undefined) return failure;
    // Of some commands the exit code says nothing, and some keychains keep nothing.
    return (await this.get(item)) === key ? undefined : "the keychain does not give back what it was given";
  }

  async get(item: Item): Promise<string | undefined> {
    const end = await this.#run(this.#program.get(item));
    if (end.how !== "ended" || end.code !== 0) return undefined;
    const key = textIn(end.printed)?.trim();
    return key ? keepSecret(key) : undefined;
  }

  /** Whether it is there or not. */
  async remove(item: Item): Promise<void> {
    await this.#run(this.#program.remove(item));
  }

  #run({ args, input = "" }: Work): Promise<ChildEnd> {
    return runChild({ command: this.#program.command, args, input, timeoutMs, longest }, this.#signal);
  }
}

function failureOf(end: ChildEnd, command: string): string | undefined {
  if (end.how === "not-started") return `${command} could not be started (${end.code})`;
  if (end.how === "too-long") return `${command} did not answer`;
  if (end.how === "too-much") return `${command} answered too much`;
  return end.code === 0 ? undefined : `${command} ended with ${end.code ?? end.by}`;
}

function label({ service }: Item): string {
  return `ocisign ${service}`;
}

function attributes({ service, issuer }: Item): readonly string[] {
  return ["application", "ocisign", "service", service, "issuer", issuer];
}

/** A URL that was parsed holds no white space, and escapes these; so does nothing else of what we pass. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
