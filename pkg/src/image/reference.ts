// What an image reference is; how one is read is the module's (src/reference.rs).
import type { ReferenceErrorCode } from "../error.ts";

/** Tells texts of different kinds apart. It exists for the compiler only. */
export declare const kind: unique symbol;

/**
 * An image in its one spelling, `registry/repository@digest`. Only {@link parseReference} and
 * {@link scanReferences} make one, so a function that takes it need not check it again. It is a string, and goes
 * wherever a string goes.
 *
 * @example
 * ```ts
 * import { type CanonicalReference, parseReference } from "ocisign";
 *
 * const deployed = new Set<CanonicalReference>();
 * deployed.add(parseReference(image).canonical); // a plain string would be refused
 * ```
 */
export type CanonicalReference = string & {
  /** For the compiler only; no string has it. */
  readonly [kind]: "canonical reference";
};

/** A digest: the algorithm and lower-case hexadecimal digits, 64, 96 or 128 of them (OCI image spec, "Digests"). */
export type Digest = `${"sha256" | "sha384" | "sha512"}:${string}`;

/** An image in a registry, by digest. */
export interface ImageReference {
  /** The registry's domain in lower case, with its port if one was written. Docker Hub is `docker.io`. */
  readonly registry: string;
  /**
   * The path within the registry, without domain and tag. At most 255 characters. Of Docker Hub's official images, with
   * the `library/` that may be left out.
   */
  readonly repository: string;
  /** The tag, if one was written: only a note, since the signature binds the digest. */
  readonly tag?: string;
  /** The digest, which is what a signature binds. */
  readonly digest: Digest;
  /** `registry/repository@digest`: one spelling for each image. */
  readonly canonical: CanonicalReference;
  /** Account and region, when the registry is Amazon ECR. */
  readonly ecr?: EcrRegistry;
}

/** What the name of an Amazon ECR registry says (AWS General Reference, "Amazon ECR endpoints and quotas"). */
export interface EcrRegistry {
  /** The AWS account: twelve digits. */
  readonly account: string;
  /** The AWS region, such as `eu-west-1`. */
  readonly region: string;
}

/** A line of {@link scanReferences} that holds a reference. */
export interface ScannedReference {
  /** The line's number, from 1. */
  readonly line: number;
  /** The reference. */
  readonly canonical: CanonicalReference;
}

/** A line of {@link scanReferences} that holds something else. */
export interface ScanError {
  /** The line's number, from 1. */
  readonly line: number;
  /** The line as it was given. */
  readonly text: string;
  /** What is wrong with it. */
  readonly code: ReferenceErrorCode;
  /** What is wrong and where, for people. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  /** Where, in bytes from the beginning of the line. */
  readonly offset: number;
}

/** What {@link scanReferences} found. */
export interface ReferenceScan {
  /** The lines with a reference, in order; repeated ones are kept. */
  readonly references: readonly ScannedReference[];
  /** The lines that are wrong, in order. */
  readonly errors: readonly ScanError[];
}
