//! The bindings: the core's functions for JavaScript, and the rules that the package's shells ask for.
//!
//! Their declarations and documentation are made from this very code; the types that they name are the package's.

use wasm_bindgen::prelude::*;

mod error;
pub mod functions;
pub mod http;
mod input;
mod output;
pub mod service;
pub mod texts;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
import type {
  CompletedProfile,
  ImageReference,
  OcisignError,
  OcisignErrorOf,
  OperationId,
  Product,
  ProductDefinition,
  ProductInput,
  ProductOperation,
  Profile,
  PublicKey,
  ReferenceErrorCode,
  RequestByIds,
  RequestByProduct,
  SigningRequestBody,
  SigningStatus,
  SimpleSigningPayload,
} from "../../pkg/src/types.ts";

/** A part of a signing request that a decision binds; see {@link boundParts}. */
export type BoundPart = "name" | "idProductOperation" | "description" | "payload" | "productId";

/** What {@link artifactOf} found in a signing request. All of them have `encoded` and `text`, if only to show them. */
export type RequestedArtifact =
  | {
      /** The request names one image. */
      readonly state: "image";
      /** Its base64, as it stands in the request. */
      readonly encoded: string;
      /** What that decodes to. */
      readonly text: string;
      /** What the text says. */
      readonly reference: ImageReference;
    }
  | {
      /** The request names no image. */
      readonly state: "none";
      /** Empty. */
      readonly encoded: "";
      /** Empty. */
      readonly text: "";
    }
  | {
      /** The request names several things, of which it is not certain which would be signed. */
      readonly state: "several";
      /** All of them, as JSON. */
      readonly encoded: string;
      /** Empty. */
      readonly text: "";
    }
  | {
      /** The request names something that cannot be read as an image. */
      readonly state: "unreadable";
      /** What stands there: a text as it is, anything else as JSON. */
      readonly encoded: string;
      /** What it decodes to, empty when it is not base64 of a text. */
      readonly text: string;
      /** What is wrong with it. */
      readonly error: OcisignError;
    };
"#;

/// A fraction of the size of the standard one.
#[global_allocator]
static ALLOCATOR: rlsf::GlobalTlsf = rlsf::GlobalTlsf::new();
