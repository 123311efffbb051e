// The file that a page loads when it first compares images. Layers are read in a worker, so that the page goes on
// answering; a bundler finds the worker's file by its address, written in this very form.
import { workerWith } from "../compare/layer/remote-engine.ts";

/** A policy may be made once. */
let policy: Rules | undefined;

workerWith(() => {
  const { href } = new URL("./compare-worker.js", import.meta.url);
  // A page that asks for Trusted Types starts no worker by a plain text. It allows our policy, or there is no worker.
  policy ??= trustedTypes()?.createPolicy("ocisign", { createScriptURL: () => href });
  // What a policy makes, a browser takes in the place of an address.
  return new Worker((policy?.createScriptURL(href) ?? href) as string, { type: "module" });
});

/** What TypeScript's own library does not know. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(given: string): string }): Rules;
}
interface Rules {
  createScriptURL(given: string): unknown;
}

function trustedTypes(): TrustedTypes | undefined {
  // Not every browser has them.
  return (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
}

export * from "./compare.ts";
