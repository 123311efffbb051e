// What node.ts is once it is built.
export * from "./node.ts";

declare const all: typeof import("./node.ts");
export default all;
