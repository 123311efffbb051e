// Leaves words for people as they are, as they decide nothing: sentences, and the places that these name.
import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/** They read a field, or a structure of fields. What they are told after it is what a fault calls it. */
const readers = [
  "objectAt",
  "listAt",
  "textAt",
  "optionalTextAt",
  "descriptorAt",
  "manifestAt",
  "openEnvelope",
];

/** @type {import("@stryker-mutator/api/ignore").Ignorer} */
const words = {
  shouldIgnore(path) {
    const { node, parent } = path;
    if (node.type !== "StringLiteral" && node.type !== "TemplateLiteral") return undefined;
    // What has no space can be a name, a type or a code.
    if (textOf(node).includes(" ")) return "a sentence";
    return isPlace(node, parent) ? "a place in a sentence" : undefined;
  },
};

/** @param {import("@babel/types").StringLiteral | import("@babel/types").TemplateLiteral} node */
function textOf(node) {
  return node.type === "StringLiteral" ? node.value : node.quasis.map(({ value }) => value.raw).join("");
}

/** @param {any} node @param {any} parent */
function isPlace(node, parent) {
  if (node.type === "TemplateLiteral" && node.expressions[0]?.name === "place") return true;
  if (parent?.type === "VariableDeclarator") return parent.id.name === "place";
  return (
    parent?.type === "CallExpression" &&
    readers.includes(parent.callee.name) &&
    parent.arguments.indexOf(node) > 0
  );
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, "sentences", words)];
