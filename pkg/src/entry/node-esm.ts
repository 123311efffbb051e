// The ES module for Node: the same instance as the CommonJS one, so that `instanceof OcisignError` holds
// whichever way a dependency was loaded.
import cjs from "./node.cjs";

export * from "./node.cjs";
export default cjs.default;
