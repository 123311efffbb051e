/** The name of a payload that nobody named, as the module writes it (`src/wire.rs`). */
export const usualPayloadName = "OCI sign request";
