// What a status code can mean (src/status.rs).

/** A status with its code as the service sent it. One member a state, so that a `switch` narrows to it. */
export type StatusOf<State extends string, Final extends boolean> = State extends string
  ? {
      /** The code, a safe integer. */
      readonly code: number;
      /** What it means. */
      readonly state: State;
      /** Will it stay? */
      readonly final: Final;
    }
  : never;

/**
 * What a status code means. `unknown` is neither success nor failure: a code that the profile lacks.
 *
 * @example
 * ```ts
 * import { decodeStatus, type SigningStatus } from "ocisign";
 *
 * function told(status: SigningStatus): string {
 *   if (!status.final) return "still under way";
 *   switch (status.state) {
 *     case "signed":
 *       return "the registry holds the signature";
 *     case "rejected":
 *     case "failed":
 *       return "there will be no signature";
 *   }
 * }
 * console.log(told(decodeStatus(16))); // the registry holds the signature
 * ```
 */
export type SigningStatus =
  | StatusOf<"new" | "waiting" | "approved" | "signing" | "unknown", false>
  | StatusOf<"signed" | "rejected" | "failed", true>;

/** What a signing request can be. */
export type SigningState = SigningStatus["state"];

/** What a status code can be made to mean by a {@link Profile}. */
export type KnownState = Exclude<SigningState, "unknown">;
