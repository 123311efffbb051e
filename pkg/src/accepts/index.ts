/**
 * Who else accepts an image: what was measured of cosign, Kyverno, policy-controller, podman and others, beside what a
 * verification found.
 *
 * @packageDocumentation
 */
export type { Mend } from "./mend.ts";
export { type Acceptance, type WhoAcceptsOptions, whoAccepts } from "./who-accepts.ts";
