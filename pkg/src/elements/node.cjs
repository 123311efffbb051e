// The elements in Node: themselves where a test runner gives a page, as with jsdom, and otherwise what stands in for
// them on a server. CommonJS, since the question comes before the elements are read.
const isPage = typeof customElements !== "undefined" && typeof document !== "undefined";
module.exports = isPage ? require("./index.ts") : require("./server.ts");
