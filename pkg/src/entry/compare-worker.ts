// The file that a page's worker runs when layers are read. It stands alone: it holds nothing of the module, and calls
// nobody.
import { serve } from "../compare/layer/worker.ts";

// The type of a page's scope asks for an origin, which a worker's does not have.
serve(globalThis as unknown as Parameters<typeof serve>[0]);
