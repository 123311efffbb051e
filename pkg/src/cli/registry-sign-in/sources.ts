// Where the sign-ins of this run were found, by registry: each is told once, and stands in advice when one is refused.
import type { Output } from "../output.ts";

const sources = new Map<string, string>();
const told = new Set<string>();

/** @param from the place in words, and nothing of what it holds */
export function tellSource(output: Output, registry: string, from: string): void {
  sources.set(registry, from);
  const line = `${registry}: signing in with what ${from} keeps`;
  if (told.has(line)) return;
  told.add(line);
  output.progress(line);
}

export function sourceOf(registry: string): string | undefined {
  return sources.get(registry);
}
