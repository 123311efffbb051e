// The one class of errors. It lives beside the module (src/js/error.js), which throws it too; its types are here.
import { OcisignError as OneClass } from "#module/error";

/** The codes of a reference that is wrong. Such an error always knows the place: its `offset` is a number. */
export type ReferenceErrorCode =
  /** The reference is the empty text. */
  | "empty-reference"
  /** White space stands in the reference, a trailing newline included. */
  | "white-space"
  /** A control character stands in the reference. */
  | "control-character"
  /** A percent sign stands in the reference. */
  | "percent-sign"
  /** A character outside ASCII stands in the reference: a look-alike, or an invisible one. */
  | "not-ascii"
  /** A scheme such as `https://` or `docker://` stands in front. */
  | "scheme"
  /** A user name or a password stands before the registry. */
  | "user-info"
  /** The first component is not a registry. */
  | "registry-missing"
  /** The registry is not a domain name or an address. */
  | "registry-invalid"
  /** The port is not a number from 1 to 65535. */
  | "port-invalid"
  /** Nothing stands where the repository belongs. */
  | "repository-missing"
  /** The repository breaks the grammar. */
  | "repository-invalid"
  /** The repository has an upper-case letter. */
  | "repository-uppercase"
  /** The repository is longer than 255 characters. */
  | "repository-too-long"
  /** The tag breaks the grammar. */
  | "tag-invalid"
  /** There is no digest, perhaps only a tag. */
  | "digest-missing"
  /** The digest's algorithm is not sha256, sha384 or sha512. */
  | "digest-algorithm"
  /** The digest is too short or too long for its algorithm. */
  | "digest-length"
  /** The digest has upper-case hexadecimal digits. */
  | "digest-uppercase"
  /** The digest has a character that is not hexadecimal. */
  | "digest-invalid";

/** The codes of errors that always know the place in the text that was given: their `offset` is a number. */
export type PlacedErrorCode = ReferenceErrorCode | "bad-base64" | "bad-utf8";

/** The codes of {@link OcisignError}. More may come; a program should have a default case. */
export type ErrorCode =
  | ReferenceErrorCode
  /** The text is not base64. */
  | "bad-base64"
  /** The decoded bytes are not UTF-8 text. */
  | "bad-utf8"
  /** An argument is missing, or of the wrong type. */
  | "bad-input"
  /** The product has no `RegistryURL`, more than one, or one that is not a registry. */
  | "product-registry"
  /** The artifact lies in another registry than the product's `RegistryURL`. */
  | "registry-mismatch"
  /** The product is switched off. */
  | "product-disabled"
  /** The product is new, rejected, failed or deleted, and not ready to sign. */
  | "product-not-ready"
  /** The product has no such `SignOCI` operation. */
  | "operation-missing"
  /** The product has several `SignOCI` operations, and none was chosen. */
  | "operation-ambiguous"
  /** The key type is not one of the known ones. */
  | "key-type"
  /** The product shows no public key, or not a usable one. */
  | "bad-public-key"
  /** The product's public key is not the one that is pinned. */
  | "key-mismatch"
  /** The profile is not usable. */
  | "bad-profile"
  /** A trust file has a mistake. */
  | "bad-trust"
  /** No rule of the trust file is about the image. */
  | "no-trust-rule"
  /** A status is not a safe integer. */
  | "bad-status"
  /** The base URL is not usable. */
  | "bad-url"
  /** The token cannot be sent. */
  | "bad-token"
  /** The service answered with something that is not JSON. */
  | "not-json"
  /** The service's JSON lacks what every reply must have. */
  | "bad-reply"
  /** The service refused the request as malformed: 400, 422 and the rest of 4xx. */
  | "bad-request"
  /** 401: the token is missing, expired or not accepted. */
  | "unauthorized"
  /** 403: the token is good, but may not do this. */
  | "forbidden"
  /** 404: there is no such thing. */
  | "not-found"
  /** A list names something that cannot be requested or verified, or changed while it was worked on. */
  | "bad-list"
  /** A journal is of another run, damaged, or cannot be kept. */
  | "bad-journal"
  /** Another process has the journal open. */
  | "journal-in-use"
  /** Whether the service has what an earlier run may have requested is not known. */
  | "in-doubt"
  /** 409: the thing is not in a state that allows this. */
  | "conflict"
  /** The request changed since it was shown. */
  | "changed"
  /** 429: too many requests. */
  | "rate-limited"
  /** The service redirected elsewhere; a token is never sent there. */
  | "redirected"
  /** 5xx: the service failed. */
  | "server-error"
  /** A signature does not hold, or is not about the image. */
  | "bad-signature"
  /** The platform has no cryptography to check signatures with. */
  | "no-crypto"
  /** No answer: refused, reset, no such host, or held back by the browser. */
  | "network"
  /** The time given was not enough. */
  | "timeout"
  /** The caller's signal aborted it. */
  | "aborted"
  /** The module was used before `init()` had finished. */
  | "not-initialized"
  /** The WebAssembly module could not be loaded. */
  | "init-failed"
  /** A call into the WebAssembly module broke off: its memory ran out, or the module has a fault. */
  | "module-broken";

/** Whether a failed call was accepted by the service: surely not, or perhaps. */
export type Taken = "no" | "maybe";

/** An {@link OcisignError} of one code, or of several. */
export interface OcisignErrorOf<Code extends ErrorCode = ErrorCode> extends Error {
  /** The class's name, also in minified code. */
  readonly name: "OcisignError";
  /** What was wrong and where, in one sentence, for people. */
  readonly message: string;
  /** What went wrong, for programs. */
  readonly code: Code;
  /** What to do about it. */
  readonly fix: string;
  /** Where in the given text: bytes of its UTF-8 form, from 0. Always known for a {@link PlacedErrorCode}. */
  readonly offset: [Code] extends [PlacedErrorCode] ? number : number | undefined;
  /**
   * Whether the service may have accepted the call although it failed. `maybe` only of a call that acts: look for what
   * it was to do before you send it again.
   */
  readonly taken: Taken;
}

/**
 * Every error of this package. The message says what was wrong and where; the fix says what to do. Neither
 * ever holds a token or a password. `instanceof` holds across ES modules and CommonJS, and a comparison of `code`
 * narrows the type.
 *
 * @example
 * ```js
 * import { OcisignError, parseReference } from "ocisign";
 *
 * try {
 *   parseReference("registry.example/Team/app");
 * } catch (error) {
 *   if (!(error instanceof OcisignError)) throw error;
 *   console.log(`${error.code}: ${error.message} ${error.fix}`);
 *   if (error.code === "repository-uppercase") console.log(error.offset.toFixed()); // 17
 * }
 * ```
 */
export type OcisignError = { [Code in ErrorCode]: OcisignErrorOf<Code> }[ErrorCode];

/** The class of {@link OcisignError}, as a value. */
export interface OcisignErrorConstructor {
  /**
   * Makes an error, as one's own helpers or tests may need it.
   *
   * @param code what went wrong, for programs.
   * @param message what was wrong and where.
   * @param fix what to do about it.
   * @param place the offset in bytes, required for a {@link PlacedErrorCode}; then what led to the error, and whether
   *   the call may have been accepted.
   */
  new <Code extends ErrorCode = ErrorCode>(
    code: Code,
    message: string,
    fix: string,
    ...place: [Code] extends [PlacedErrorCode]
      ? [offset: number, cause?: unknown, taken?: Taken]
      : [offset?: number | undefined, cause?: unknown, taken?: Taken]
  ): OcisignErrorOf<Code>;
  /** What `instanceof` narrows to: the union of all errors. */
  [Symbol.hasInstance](this: OcisignErrorConstructor, value: unknown): value is OcisignError;
  /** What `instanceof` narrows to with a class that extends this one: that class. */
  [Symbol.hasInstance]<Own extends OcisignErrorOf>(
    this: new (
      ...given: never
    ) => Own,
    value: unknown,
  ): value is Own;
}

/** {@inheritDoc OcisignErrorConstructor} */
// The class itself knows nothing of the types by which a code narrows.
export const OcisignError = OneClass as OcisignErrorConstructor;

/** The codes of errors that need no place. */
export type UnplacedErrorCode = Exclude<ErrorCode, PlacedErrorCode>;

/** An error without a place, of a call that surely did nothing. */
export function fail(code: UnplacedErrorCode, message: string, fix: string, cause?: unknown): OcisignErrorOf {
  return new OcisignError(code, message, fix, undefined, cause);
}
