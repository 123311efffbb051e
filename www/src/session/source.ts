// What the session asks of a way to sign in.
import type { Claims } from "./claims.ts";
import type { SignInError } from "./sign-in-error.ts";

/** Where tokens come from. */
export interface Source {
  /** Whether `renew` can be called now; it needs no person. */
  readonly canRenew: boolean;
  /** Whether `signIn` can be called again; a pasted token is pasted once. */
  readonly canRepeat: boolean;
  /** Called within the person's click. */
  signIn(options: SignInOptions): Promise<Grant>;
  renew?(options: { signal: AbortSignal }): Promise<Grant>;
  /** Drops every secret that it holds. */
  forget(): void;
}

export interface SignInOptions {
  signal: AbortSignal;
  onDoubt?: OnDoubt | undefined;
}

/** Told when a sign-in seems to have failed, and may still go well. */
export type OnDoubt = (doubt: SignInError) => void;

/** What a sign-in or a renewal gave. */
export interface Grant {
  /** What is sent to the service. */
  token: string;
  /** What is known of the person; nothing for an opaque token. */
  identity?: Claims | undefined;
  /** By the clock of this machine; nothing when the token does not say. */
  expiresAt?: Date | undefined;
}
