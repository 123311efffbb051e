// The loader for Cloudflare workers. They may neither fetch a module nor compile one: they import it, compiled, and
// the caller awaits nothing.
import { adviseWith } from "../http/silence.ts";
import { instance } from "../instance.ts";
import { certificatePart } from "../signature/certificates.ts";
import { trustPart } from "../signature/trust.ts";
import "./whole.ts";
import module from "./ocisign.wasm";

export * from "./compare.ts";
export * from "./eager.ts";
export * from "./lazy.ts";

instance.start(module);

certificatePart.load = () => import("./certificates.ts");
trustPart.load = () => import("./trust.ts");

adviseWith(() => "Check the service's address and the network.");

// Nothing to do; it is there so that the same code runs in browsers and in workers.
export default async function init(): Promise<void> {}
