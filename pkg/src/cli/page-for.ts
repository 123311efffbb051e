// Which page of help a command line asks for.

/** The pages of help, and the scripts for shells, as the program prints them. */
export interface Pages {
  /** By the words of a command, with spaces between, or by the name of a topic. */
  readonly help: Readonly<Record<string, string>>;
  /** By the name of a shell. */
  readonly completion: Readonly<Record<string, string>>;
}

/** What a command's name, a topic's and a shell's are made of. */
const plain = /^[a-z][a-z-]*$/;

/** The page, where a command line asks for one and for nothing else. The pages are read only then. */
export function pageFor(words: readonly string[], read: () => Pages): string | undefined {
  const [first, ...more] = words;
  const isFlag = words.at(-1) === "--help" || words.at(-1) === "-h";
  const path = isFlag ? words.slice(0, -1) : more;
  if (!path.every((word) => plain.test(word))) return undefined;
  const name = path.join(" ");
  if (isFlag || first === "help") return own(read().help, name);
  return first === "completion" ? own(read().completion, name) : undefined;
}

function own(pages: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(pages, name) ? pages[name] : undefined;
}
