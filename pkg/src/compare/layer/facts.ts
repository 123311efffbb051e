// What a layer says of package databases. It is small, and kept for the session.
import type { Package } from "../changes.ts";
import type { DatabaseKind } from "./places.ts";

/** A database in a layer, or why it cannot be read. */
export type FoundDatabase = {
  readonly path: string;
  readonly kind: DatabaseKind;
} & ({ readonly packages: readonly Package[] } | { readonly fault: string });

/** What one layer does to databases. */
export interface LayerFacts {
  readonly databases: readonly FoundDatabase[];
  /** Paths that this layer takes away from those below, with all beneath. */
  readonly gone: readonly string[];
  /** Folders of which it takes away what is beneath. */
  readonly opaque: readonly string[];
  /** Why databases may be where nobody looks. */
  readonly astray: string | undefined;
}
