// The worker of a page: it hashes, unpacks and compares, so that the page goes on answering.
import { Fault } from "../../strict/fault.ts";
import { LocalEngine } from "./engine.ts";
import { Beyond, InParts } from "./limits.ts";
import type { Reply, Request } from "./messages.ts";

/** What of a worker's own scope is needed: the types of a page are in force here. */
interface Scope {
  postMessage(reply: Reply): void;
  onmessage: ((event: { readonly data: Request }) => void) | null;
}

export function serve(scope: Scope): void {
  const engine = new LocalEngine();
  scope.onmessage = async ({ data }) => {
    scope.postMessage(await answered(engine, data));
  };
  scope.postMessage({ ready: true });
}

async function answered(engine: LocalEngine, request: Request): Promise<Reply> {
  try {
    return { done: await done(engine, request) };
  } catch (error) {
    if (error instanceof Beyond) return { fault: error.message, kind: "Beyond" };
    if (error instanceof InParts) return { fault: error.message, kind: "InParts" };
    if (error instanceof Fault) return { fault: error.message, kind: "Fault" };
    return { bug: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

async function done(engine: LocalEngine, request: Request) {
  switch (request.act) {
    case "begin":
      await engine.begin(request.layer, request.into);
      return undefined;
    case "write":
      await engine.write(request.bytes);
      return undefined;
    case "end":
      return engine.end();
    case "difference":
      return engine.difference(request.before, request.after);
  }
}
