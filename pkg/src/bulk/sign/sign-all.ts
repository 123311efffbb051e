// Requests signatures of many images.
import type { ClientOptions } from "../../service/client-options.ts";
import { copyOfArtifacts } from "../artifacts.ts";
import type { SignOutcome } from "../outcome.ts";
import { Run } from "./run.ts";
import { readGiven } from "./sign-given.ts";
import type { Artifacts, SignAllOptions } from "./sign-options.ts";

/**
 * As {@link SigningClient.signAll}. Everything is copied at once; what is wrong with it is thrown when it is read.
 *
 * @param settings what the caller's client was made from
 */
export function signAll(
  settings: ClientOptions,
  artifacts: Artifacts,
  options: SignAllOptions,
): AsyncGenerator<SignOutcome, void, undefined> {
  const prepared = attempt(() => [copyOfArtifacts(artifacts), readGiven(options)] as const);
  return outcomes(settings, prepared);
}

type Attempt<T> = { readonly value: T } | { readonly error: unknown };

function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

async function* outcomes(
  settings: ClientOptions,
  prepared: Attempt<readonly [Artifacts, ReturnType<typeof readGiven>]>,
): AsyncGenerator<SignOutcome, void, undefined> {
  if ("error" in prepared) throw prepared.error;
  const [list, given] = prepared.value;
  yield* new Run(settings, list, given).outcomes();
}
