// Where the sign-ins of this run were found, by registry: it is told once, and stands in advice when one is refused.
import type { Output } from "../output.ts";

const sources = new Map<string, string>();

/** @param from the place in words, and nothing of what it holds */
export function tellSource(output: Output, registry: string, from: string): void {
  if (sources.get(registry) === from) return;
  sources.set(registry, from);
  output.progress(`${registry}: signing in with what ${from} keeps`);
}

export function sourceOf(registry: string): string | undefined {
  return sources.get(registry);
}
