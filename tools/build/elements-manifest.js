// What editors and frameworks read of the elements: custom-elements.json (https://custom-elements-manifest.open-wc.org).
// It is made from the declaration that users have, whose comments a test compares with the code and with
// docs/elements.md. The analyzer of that project would tell the private members of the sources, and not the attributes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";

const sources = join(root, "pkg", "src", "elements");
const modulePath = "dist/elements.js";

/**
 * @typedef {{ name: string, description: string }} Named
 * @typedef {Named & { type: { text: string }, fieldName: string }} Attribute
 * @typedef {Named & { kind: "field", type: { text: string }, attribute?: string }} Field
 * @typedef {Named & { type: { text: string } }} Event
 * @typedef {{ name: string, module: string }} Source
 *
 * @typedef {object} Element
 * @property {"class"} kind
 * @property {string} name of the class
 * @property {string} tagName
 * @property {true} customElement
 * @property {string} description
 * @property {Source} superclass
 * @property {Field[]} members
 * @property {Attribute[]} attributes
 * @property {Event[]} events
 * @property {Named[]} cssParts
 * @property {(Named & { default: string })[]} cssProperties
 */

/** The elements, as the manifest tells them. @param {string} declaration the text of elements.d.ts */
export async function elementsIn(declaration) {
  const { default: ts } = await import("typescript");
  const source = ts.createSourceFile("elements.d.ts", declaration, ts.ScriptTarget.Latest, true);
  const classes = source.statements.filter(ts.isClassDeclaration);
  const named = new Map(classes.map((it) => [it.name?.text, it]));
  const base = named.get("OcisignElement");
  if (!base) throw new Error("the declaration of the elements has no OcisignElement");

  // The bundler of declarations keeps no comment of a class that is not exported.
  const common = readFileSync(join(sources, "base.ts"), "utf8");

  const tags = [...declaration.matchAll(/^\s+"(ocisign-[\w-]+)": (Ocisign\w+);$/gm)];
  return tags.map(([, tagName = "", name = ""]) => elementOf(tagName, name));

  /** @param {string} tagName @param {string} name @returns {Element} */
  function elementOf(tagName, name) {
    const own = named.get(name);
    if (!own) throw new Error(`the declaration of the elements has no class ${name}`);
    // What is common to all is told of each: the class of it is no one's to use.
    const fields = withoutTwins([...fieldsOf(own), ...fieldsOf(base)]);
    const comment = declaration.slice(own.pos, own.getStart());
    const told = (/** @type {string} */ tag) =>
      withoutTwins([...tagsIn(comment, tag), ...tagsIn(common, tag)]);
    return {
      kind: "class",
      name,
      tagName,
      customElement: true,
      description: textOf(own),
      superclass: { name: "HTMLElement", module: "global:" },
      members: fields,
      attributes: fields.flatMap(({ name: fieldName, type, description, attribute }) =>
        attribute ? [{ name: attribute, type, description, fieldName }] : [],
      ),
      events: told("fires").map((event) => ({
        ...event,
        description: event.description || commentOfEvent(event.name),
        type: { text: typeOfEvent(event.name) },
      })),
      cssParts: told("csspart"),
      cssProperties: cssProperties(),
    };
  }

  /** @param {import("typescript").ClassDeclaration | undefined} declared @returns {Field[]} */
  function fieldsOf(declared) {
    const members = declared?.members.filter(ts.isPropertyDeclaration) ?? [];
    return members
      .filter(({ name }) => ts.isIdentifier(name))
      .map((member) => {
        const description = textOf(member);
        const attribute = /Attribute `([\w-]+)`/.exec(description)?.[1];
        return {
          kind: "field",
          name: member.name.getText(),
          description,
          type: { text: member.type?.getText().replace(/\s+/g, " ") ?? "unknown" },
          ...(attribute && { attribute }),
        };
      });
  }

  /** The comment of a declaration, on one line. @param {import("typescript").Node} node */
  function textOf(node) {
    const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
    return oneLine(ts.getTextOfJSDocComment(comment?.comment));
  }

  /** @param {string} name */
  function eventIn(name) {
    const events = source.statements
      .filter(ts.isInterfaceDeclaration)
      .find((it) => it.name.text === "OcisignEvents");
    const found = events?.members
      .filter(ts.isPropertySignature)
      .find((it) => it.name.getText() === `"${name}"`);
    if (!found) throw new Error(`OcisignEvents has no ${name}`);
    return found;
  }

  /** @param {string} name */
  function typeOfEvent(name) {
    return eventIn(name).type?.getText() ?? "CustomEvent";
  }

  /** @param {string} name */
  function commentOfEvent(name) {
    return textOf(eventIn(name));
  }
}

/** @param {Element[]} elements */
export function manifestOf(elements) {
  const reference = (/** @type {string} */ name) => ({ name, module: modulePath });
  const exports = elements.flatMap(({ name, tagName }) => [
    { kind: "js", name, declaration: reference(name) },
    { kind: "custom-element-definition", name: tagName, declaration: reference(name) },
  ]);
  const modules = [{ kind: "javascript-module", path: modulePath, declarations: elements, exports }];
  return { schemaVersion: "2.1.0", readme: "README.md", modules };
}

/** The properties that a page may set, with our defaults. @returns {(Named & { default: string })[]} */
function cssProperties() {
  const set = readFileSync(join(sources, "styles.ts"), "utf8").matchAll(/var\((--ocisign-[\w-]+), (.*)\);/g);
  return [...set].map(([, name = "", value = ""]) => ({ name, default: value, description: "" }));
}

/** What a tag names, in the form `name - description`. @param {string} comment @param {string} tag @returns {Named[]} */
function tagsIn(comment, tag) {
  const found = comment.matchAll(new RegExp(`@${tag} ([\\w-]+)(?: - (.*))?$`, "gm"));
  return [...found].map(([, name = "", description = ""]) => ({ name, description }));
}

/** The element's own come before those of all. @template {Named} T @param {T[]} found */
function withoutTwins(found) {
  return found.filter(({ name }, index) => found.findIndex((it) => it.name === name) === index);
}

/** @param {string | undefined} text */
function oneLine(text) {
  return (text ?? "").replace(/\s+/g, " ").trim();
}
