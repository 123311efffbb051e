// Texts of different kinds, told apart by the compiler alone.

/** Tells texts of different kinds apart. It exists for the compiler only. */
export declare const kind: unique symbol;
