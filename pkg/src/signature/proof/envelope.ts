// The DSSE envelope around an in-toto statement: in a Sigstore bundle, or alone, as cosign keeps attestations under a tag.
// Source: DSSE `protocol.md` and `envelope.md`.
import { toUtf8 } from "../../bytes.ts";
import type { CarriedCertificates } from "../../certificates/index.ts";
import { fieldOf } from "../../foreign.ts";
import { fromBase64, signatureFrom } from "../../strict/base64.ts";
import { quoted, refuse } from "../../strict/fault.ts";
import { listAt, objectAt, textAt } from "../../strict/fields.ts";

/** A message, a signature over it, and the content that the message carries. */
export interface SignedParts {
  readonly message: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
  readonly content: Uint8Array<ArrayBuffer>;
  /** Read where certificates count. */
  readonly certificates?: CarriedCertificates | undefined;
}

/** What the envelope holds. */
export const payloadType = "application/vnd.in-toto+json";

/** An envelope that was opened. */
export interface Envelope {
  /** Nothing of it is believed yet. */
  readonly statement: Uint8Array<ArrayBuffer>;
  /** The statement with its one signature. */
  signed(): SignedParts;
}

/** @param called what the envelope belongs to, in reasons */
export function openEnvelope(value: unknown, place: string, called: string): Envelope {
  const envelope = objectAt(value, place);
  const holds = textAt(envelope.payloadType, `${place}.payloadType`);
  if (holds !== payloadType) refuse(`The envelope holds ${quoted(holds)}, not an in-toto statement.`);
  const statement = fromBase64(textAt(envelope.payload, `${place}.payload`));
  if (!statement) return refuse("The envelope's payload is not base64.");
  return { statement, signed: () => signedBy(envelope.signatures, place, called, statement) };
}

function signedBy(
  given: unknown,
  place: string,
  called: string,
  content: Uint8Array<ArrayBuffer>,
): SignedParts {
  const signatures = listAt(given, `${place}.signatures`);
  if (signatures.length !== 1) {
    refuse(`The envelope has ${signatures.length} signatures, ${called} has one.`);
  }
  const signature = signatureFrom(textAt(fieldOf(signatures[0], "sig"), `${place}.signatures[0].sig`));
  if (!signature) return refuse("The signature is not base64.");
  return { message: preAuthenticationEncoding(content), signature, content };
}

/** What DSSE signs: type and payload with their lengths (DSSE `protocol.md`, "Signature Definition"). */
export function preAuthenticationEncoding(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = toUtf8(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `);
  const message = new Uint8Array(head.length + payload.length);
  message.set(head);
  message.set(payload, head.length);
  return message;
}
