// The scripts for shells. The library's take each value as shell text: bash would even run a `$(…)` in it. Values here
// come from a service, so they are quoted.
import type { RootCommand } from "@bomb.sh/tab";

/** What is replaced in a script, by the shell. */
const replaced: Readonly<Record<string, readonly [library: string, ours: string]>> = {
  // `compgen -W` expands its words. The program has chosen by what is typed already.
  bash: [
    `COMPREPLY=( $(compgen -W "\${completions[*]}" -- "$cur") )`,
    `COMPREPLY=()
    local each
    for each in "\${completions[@]}"; do
        [[ -n "$each" ]] && COMPREPLY+=( "$(printf '%q' "$each")" )
    done`,
  ],
  // -Q inserts a value as it is.
  zsh: ['"completions" completions -Q', '"completions" completions'],
};

export function scriptFor(root: RootCommand, shell: string): string {
  const script = printedBy(() => root.setup("ocisign", "ocisign", shell));
  const [library, ours] = replaced[shell] ?? ["", ""];
  if (!script.includes(library)) throw new Error(`The library's script for ${shell} is another one.`);
  return script.replace(library, () => ours);
}

/** What the library prints: it gives nothing back. */
export function printedBy(run: () => void): string {
  const { log } = console;
  const lines: string[] = [];
  console.log = (line: unknown) => lines.push(`${line}\n`);
  try {
    run();
  } finally {
    console.log = log;
  }
  return lines.join("");
}
