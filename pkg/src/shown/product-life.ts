// Where a product stands in its life, for showing: the service's own words, and what they mean here.
import { checkUsable, OcisignError, type Product } from "ocisign";
import { isText } from "../foreign.ts";

/** What a product's `state` says. */
export interface Life {
  /** As the service writes it. */
  readonly text: string;
  /** Why the product signs nothing in this state; undefined when it may. */
  readonly problem: OcisignError | undefined;
  /** Nobody described this state: nothing follows from it. */
  readonly isUnknown: boolean;
}

/** Undefined where the product does not say it. */
export function lifeOf({ state }: Product): Life | undefined {
  if (state === undefined || state === null || state === "") return undefined;
  const problem = problemOf(state);
  const isReady = isText(state) && /^\s*ready\s*$/i.test(state);
  return {
    text: isText(state) ? state : JSON.stringify(state),
    problem,
    isUnknown: !problem && !isReady,
  };
}

function problemOf(state: unknown): OcisignError | undefined {
  try {
    checkUsable({ state });
    return undefined;
  } catch (error) {
    if (error instanceof OcisignError) return error;
    throw error;
  }
}
