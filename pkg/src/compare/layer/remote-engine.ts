// An engine in a worker. Who fetches, and with which secrets, stays on the page: the worker gets bytes, and no addresses.
import { fail } from "../../error.ts";
import { Fault } from "../../strict/fault.ts";
import type { FileDifference, Shared } from "../files/difference.ts";
import { type Engine, type Into, LocalEngine } from "./engine.ts";
import type { LayerFacts } from "./facts.ts";
import { Beyond, InParts } from "./limits.ts";
import type { Reply, Request } from "./messages.ts";
import type { LayerToRead } from "./reading.ts";

let make: (() => Worker) | undefined;

/** Called once by the loader of a platform that has workers. */
export function workerWith(maker: () => Worker): void {
  make = maker;
}

/** An engine: in a worker where one can be had. A page's policy, or a bundler, may stand in its way. */
export async function openEngine(): Promise<Engine> {
  if (!make || typeof Worker !== "function") return new LocalEngine();
  try {
    return await RemoteEngine.open(make());
  } catch {
    return new LocalEngine();
  }
}

const kinds = { Fault, Beyond, InParts };

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

export class RemoteEngine implements Engine {
  #worker: Worker;
  #waiting: Waiting[] = [];
  #failure: unknown;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#waiting.shift()?.resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(
        fail("init-failed", "The worker that reads layers has ended.", "Reload the page, then try again."),
      );
    };
  }

  /** Resolves when the worker runs. */
  static async open(worker: Worker): Promise<RemoteEngine> {
    const engine = new RemoteEngine(worker);
    try {
      await engine.#next();
      return engine;
    } catch (error) {
      engine.close();
      throw error;
    }
  }

  async begin(layer: LayerToRead, into: Into | undefined): Promise<void> {
    const { digest, sizeBytes, mediaType, content, isInParts = false } = layer;
    await this.#ask({ act: "begin", layer: { digest, sizeBytes, mediaType, content, isInParts }, into });
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    // What is a part of something larger stays with its owner.
    const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
    await this.#ask({ act: "write", bytes: own }, [own.buffer]);
  }

  // The worker answers each request with what belongs to it.
  async end(): Promise<LayerFacts> {
    return (await this.#ask({ act: "end" })) as LayerFacts;
  }

  async difference(before: Shared, after: Shared): Promise<FileDifference> {
    return (await this.#ask({ act: "difference", before, after })) as FileDifference;
  }

  close(): void {
    this.#worker.terminate();
    this.#fail(fail("aborted", "The worker that reads layers was ended.", "Start again when wanted."));
  }

  async #ask(request: Request, given: Transferable[] = []): Promise<LayerFacts | FileDifference | undefined> {
    const next = this.#next();
    this.#worker.postMessage(request, given);
    const reply = await next;
    if ("done" in reply) return reply.done;
    if ("fault" in reply) throw new kinds[reply.kind](reply.fault);
    throw new Error("bug" in reply ? reply.bug : "the worker began twice");
  }

  #next(): Promise<Reply> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}
