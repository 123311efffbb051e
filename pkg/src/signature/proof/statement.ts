// The in-toto statement, in its two uses: that an image was signed, and what else somebody attests of it. What it calls
// itself decides which of the two it is; no statement is ever both.
// Sources: in-toto Statement v1 and v0.1, cosign's `specs/SIGNATURE_SPEC.md`.
import { type Fields, fieldOf, isText } from "../../foreign.ts";
import type { ImageReference } from "../../image/reference.ts";
import { Fault, quoted, refuse } from "../../strict/fault.ts";
import { listAt, objectAt, onlyFields, textAt } from "../../strict/fields.ts";
import { parseStrictly } from "../../strict/json.ts";
import { statementShape } from "../../strict/shapes.ts";
import { signaturesType } from "../attestation-types.ts";
import { checkName } from "./simple-signing.ts";

/** The statement that is signed, and what it says: that the image was signed. */
export const statementType = "https://in-toto.io/Statement/v1";
export const predicateType = signaturesType;
/** Attestations may be of the older form, too: cosign 2 writes it. */
const attestedTypes = [statementType, "https://in-toto.io/Statement/v0.1"];
/** Longer than any predicate type in use. */
const longestType = 1000;

/** What an attestation says, once its signature holds and it is about the image. */
export interface Attests {
  readonly predicateType: string;
  /** Is its subject named as the image is? A name is not needed: the digest says which image it is about. */
  readonly namesRepository: boolean;
}

/** Is this a predicate type, and another than cosign's for signatures? */
export function isAttestation(said: unknown): said is string {
  return isText(said) && said !== "" && said !== predicateType && said.length <= longestType;
}

/**
 * What a statement calls itself, before anybody knows who wrote it. That alone is read of it, and only to tell apart
 * what is no signature: it makes nothing count. {@link checkStatement} and {@link checkAttestation} read the rest,
 * strictly, once it is proved.
 */
export function predicateTypeIn(statement: Uint8Array): unknown {
  try {
    return fieldOf(JSON.parse(new TextDecoder().decode(statement)), "predicateType");
  } catch {
    return undefined;
  }
}

/** Compares a statement whose signature holds with the image: it has to say that the image was signed. */
export function checkStatement(bytes: Uint8Array, image: ImageReference): undefined {
  const statement = fieldsOf(bytes);
  const type = textAt(statement._type, "statement._type");
  if (type !== statementType) refuse(`The statement is of type ${quoted(type)}.`);
  const predicate = textAt(statement.predicateType, "statement.predicateType");
  if (predicate !== predicateType) {
    refuse(`The statement says ${quoted(predicate)}, which is not that the image was signed.`);
  }
  checkSubject(statement, image, "signature");
  return undefined;
}

/** Compares a statement whose signature holds with the image: it may say anything of it but that it was signed. */
export function checkAttestation(bytes: Uint8Array, image: ImageReference): Attests {
  const statement = fieldsOf(bytes);
  const type = textAt(statement._type, "statement._type");
  if (!attestedTypes.includes(type)) refuse(`The statement is of type ${quoted(type)}.`);
  const predicate = textAt(statement.predicateType, "statement.predicateType");
  if (!isAttestation(predicate)) {
    refuse(`The statement says ${quoted(predicate)}, which is no predicate type of an attestation.`);
  }
  const name = checkSubject(statement, image, "attestation");
  return { predicateType: predicate, namesRepository: isText(name) && isNameOf(name, image) };
}

function fieldsOf(bytes: Uint8Array): Fields {
  const statement = objectAt(parseStrictly(bytes, "The statement", statementShape), "statement");
  // Cosign 2 leaves out the empty predicate that cosign 3 writes.
  onlyFields(statement, "statement", ["_type", "subject", "predicateType", "predicate"]);
  return statement;
}

/** It has to be about this one image. @returns the name that it gives its subject */
function checkSubject(statement: Fields, image: ImageReference, what: "signature" | "attestation"): unknown {
  const subjects = listAt(statement.subject, "statement.subject");
  if (subjects.length !== 1)
    refuse(`The statement has ${subjects.length} subjects, ${withArticle[what]} has one.`);
  const digests = Object.entries(objectAt(fieldOf(subjects[0], "digest"), "statement.subject[0].digest"));
  const [only, more] = digests;
  if (!only || more) refuse("The statement's subject has not exactly one digest.");
  const [algorithm, hex] = only;
  const digest = `${algorithm}:${textAt(hex, "statement.subject[0].digest's field")}`;
  if (digest !== image.digest) refuse(`The ${what} is of another image, ${quoted(digest)}.`);
  return fieldOf(subjects[0], "name");
}

const withArticle = { signature: "a signature", attestation: "an attestation" } as const;

function isNameOf(name: string, image: ImageReference): boolean {
  try {
    checkName(name, image);
    return true;
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}
