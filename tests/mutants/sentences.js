// Leaves sentences as they are: the words of a reason decide nothing. What has no space can be a name, a type or a code.
import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/** @type {import("@stryker-mutator/api/ignore").Ignorer} */
const sentences = {
  shouldIgnore({ node }) {
    const text =
      node.type === "StringLiteral"
        ? node.value
        : node.type === "TemplateLiteral"
          ? node.quasis.map(({ value }) => value.raw).join("")
          : "";
    return text.includes(" ") ? "a sentence" : undefined;
  },
};

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, "sentences", sentences)];
