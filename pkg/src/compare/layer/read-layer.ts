// Fetches a layer and has it read, piece by piece: no more of it is in memory than a piece.
import { Fault, refuse } from "../../strict/fault.ts";
import type { Layer } from "../changes.ts";
import { identityOf } from "../layers.ts";
import type { How, Side } from "../side.ts";
import { checkSignal } from "../signal.ts";
import type { Engine, Into } from "./engine.ts";
import type { LayerFacts } from "./facts.ts";
import { beyond, InParts, usual } from "./limits.ts";
import type { LayerToRead } from "./reading.ts";
import { notRead, unreadablePacking } from "./unpacking.ts";

/** About what the facts of a layer cost in memory, for each package. */
const costOfPackage = 200;

/** What was read of a layer before. */
export function knownFacts(layer: Layer, { blobs }: How): LayerFacts | undefined {
  // Only this file puts something there.
  return blobs.get(nameOf(layer)) as LayerFacts | undefined;
}

/** Refuses what cannot be read, before anything is fetched. */
export function checkReadable({ digest, foreign, mediaType, sizeBytes }: Layer): void {
  named(digest, () => {
    if (foreign) refuse("It is not in the registry, but to be fetched from elsewhere, which is not done.");
    const packing = unreadablePacking(mediaType);
    if (packing !== undefined) notRead(packing);
    if (sizeBytes > usual.packed) beyond(`It has ${sizeBytes} bytes; at most ${usual.packed} are read.`);
  });
}

/** Why layers could not be read, in one comparison: what could not be read for the files is not fetched for packages. */
const failures = new WeakMap<How, Map<string, unknown>>();

/** Reads a layer. Its faults name it. @param into where its files go, if they are wanted */
export async function readLayer(
  engine: Engine,
  side: Side,
  layer: Layer,
  how: How,
  into?: Into,
): Promise<LayerFacts> {
  checkReadable(layer);
  const { digest } = layer;
  const name = nameOf(layer);
  const failed = failures.get(how) ?? new Map<string, unknown>();
  failures.set(how, failed);
  if (failed.has(name)) throw failed.get(name);
  try {
    const facts = await named(digest, () => read(engine, side, layer, how, into));
    how.blobs.put(name, facts, costOf(facts));
    return facts;
  } catch (error) {
    failed.set(name, error);
    throw error;
  }
}

/** What a platform does not unpack is fetched once more, and unpacked by a library: it is rare, and takes longer. */
async function read(
  engine: Engine,
  side: Side,
  layer: Layer,
  how: How,
  into: Into | undefined,
): Promise<LayerFacts> {
  try {
    return await readOnce(engine, side, layer, how, into);
  } catch (error) {
    if (!(error instanceof InParts)) throw error;
    return readOnce(engine, side, { ...layer, isInParts: true }, how, into);
  }
}

async function readOnce(
  engine: Engine,
  { client, repository }: Side,
  layer: Layer & LayerToRead,
  { signal }: How,
  into: Into | undefined,
): Promise<LayerFacts> {
  await engine.begin(layer, into);
  const pieces = client.blobPieces(repository, layer.digest, { maxBytes: layer.sizeBytes });
  for await (const piece of pieces) {
    checkSignal(signal);
    await engine.write(piece);
  }
  checkSignal(signal);
  return engine.end();
}

/** Does a piece of work; a fault of it says which layer it is about. */
function named<T>(digest: string, work: () => T): T {
  const rethrow = (error: unknown): never => {
    if (error instanceof Fault) refuse(`The layer ${digest}: ${error.message}`);
    throw error;
  };
  try {
    const done = work();
    // A promise stays one of the same kind.
    return done instanceof Promise ? (done.catch(rethrow) as T) : done;
  } catch (error) {
    return rethrow(error);
  }
}

function nameOf(layer: Layer): string {
  return `layer ${identityOf(layer)}`;
}

function costOf({ databases, gone, opaque }: LayerFacts): number {
  const packages = databases.reduce((sum, it) => sum + ("packages" in it ? it.packages.length : 1), 0);
  return costOfPackage * (1 + packages + databases.length + gone.length + opaque.length);
}
