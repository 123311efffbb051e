// The errors of the library, read without loading it: a command that fails early never needed it.
import { pointedAt } from "./withheld.ts";

/** What an `OcisignError` tells. */
export interface LibraryError {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  /** Where in the text that was given, in bytes. */
  readonly offset: number | undefined;
  /** "maybe": the service may have accepted the call although it failed. */
  readonly taken: "no" | "maybe";
}

/** The error, if it is one of the library's. */
export function libraryError(error: unknown): LibraryError | undefined {
  if (!(error instanceof Error) || error.name !== "OcisignError") return undefined;
  const { code, fix, offset, taken } = error as Error & Partial<Record<keyof LibraryError, unknown>>;
  return {
    code: String(code),
    message: error.message,
    fix: String(fix),
    offset: typeof offset === "number" ? offset : undefined,
    taken: taken === "maybe" ? "maybe" : "no",
  };
}

/** The lines that point into the text that an error refuses. */
export function pointer({ offset }: Pick<LibraryError, "offset">, text: string): string | undefined {
  return offset === undefined ? undefined : pointedAt(text, offset);
}
