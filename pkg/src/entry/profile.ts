// The file that a page loads when a profile first needs it.

// All parts reach all of what they share, so that they share one file.
import "./eager.ts";

export { queryOf } from "../service/filter.ts";
export { shapeOf } from "../service/shape/shape.ts";
