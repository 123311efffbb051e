// An attestation that a manifest names beside signatures: a DSSE envelope, or a bundle that says that it is one. It takes
// the same way as a signature (candidate.ts), and never becomes one.
import type { CarriedCertificates } from "../../certificates/index.ts";
import type { Digest } from "../../image/reference.ts";
import type { Descriptor } from "../../strict/descriptor.ts";
import { refuse } from "../../strict/fault.ts";
import { objectAt } from "../../strict/fields.ts";
import { parseStrictly } from "../../strict/json.ts";
import { envelopeShape } from "../../strict/shapes.ts";
import { openBundle } from "./bundle.ts";
import { type Attested, checkBlob, Untrusted } from "./candidate.ts";
import { openEnvelope, type SignedParts } from "./envelope.ts";
import { checkAttestation, isAttestation, predicateTypeIn } from "./statement.ts";

/** The largest attestation that is read, in bytes: bills of materials have megabytes. */
const mostBytes = 16 * 1024 * 1024;

/** What a manifest says of an attestation. */
export interface NamedAttestation extends Pick<Descriptor, "digest" | "size"> {
  readonly format: "bundle" | "envelope";
  /** As its manifest names it; null when it does not. */
  readonly predicateType: string | null;
  /** Only of an envelope, and only where certificates count. */
  readonly certificates?: CarriedCertificates | undefined;
}

/** Says something else of an image than that it was signed. Its blob has not been seen. */
export class Attestation {
  readonly digest: Digest;
  readonly size: number;
  readonly predicateType: string | null;
  #format: NamedAttestation["format"];
  #certificates: CarriedCertificates | undefined;

  constructor({ digest, size, format, predicateType, certificates }: NamedAttestation) {
    this.digest = digest;
    this.size = size;
    this.predicateType = predicateType;
    this.#format = format;
    this.#certificates = certificates;
  }

  /** The same for two that say the same. */
  get identity(): string {
    const named = `attestation ${this.digest} ${this.size}`;
    return this.#certificates ? JSON.stringify([named, this.#certificates]) : named;
  }

  /** Refuses what is too large to be read. */
  checkSize(): void {
    if (this.size > mostBytes) {
      refuse(`The attestation has ${this.size} bytes; at most ${mostBytes} are read.`);
    }
  }

  /** Takes the blob, if it is the one that was named. @param isCertified whether certificates count */
  async open(blob: Uint8Array<ArrayBuffer>, isCertified: boolean): Promise<Attested> {
    await checkBlob(blob, this, "attestation");
    if (this.#format === "bundle") {
      const opened = openBundle(blob, true, isCertified);
      if ("message" in opened)
        return refuse("The bundle says that the image was signed: it is no attestation.");
      return this.#attested(opened.predicateType, () => opened.parts());
    }
    const fields = objectAt(parseStrictly(blob, "The envelope", envelopeShape), "envelope");
    if (fields.payload === undefined && fields._type !== undefined) {
      refuse("The statement stands there without an envelope: nobody has signed it.");
    }
    const envelope = openEnvelope(fields, "envelope", "an attestation");
    const said = predicateTypeIn(envelope.statement);
    const certificates = this.#certificates;
    return this.#attested(isAttestation(said) ? said : null, () => ({ ...envelope.signed(), certificates }));
  }

  #attested(said: string | null, parts: () => SignedParts): Attested {
    return {
      predicateType: said ?? this.predicateType,
      signed: () => new Untrusted(parts(), checkAttestation),
    };
  }
}
