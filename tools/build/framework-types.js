// The elements in the templates of React and Vue: declarations that add to those of the framework, made from the
// manifest. They name the types of elements.d.ts, and do not repeat them.

/** @typedef {import("./elements-manifest.js").Element} Element */

const exported = `import type * as elements from "./elements.js";

export * from "./elements.js";
`;

/** React 19 sets properties of custom elements, and listens to an event by \`on\` and its name. @param {Element[]} elements */
export function reactTypes(elements) {
  const props = elements.map(
    (element) => `interface ${element.name}Props {
${[...fieldsOf(element), ...attributesOf(element), ...handlersOf(element)].join("\n")}
}
`,
  );
  const tags = elements.map(
    ({ name, tagName }) => `      "${tagName}": Tag<elements.${name}, ${name}Props>;`,
  );
  return `/**
 * The elements, with their types for React 19: import this in place of \`ocisign/elements\`.
 *
 * @module ocisign/elements/react
 */
import type { ClassAttributes, HTMLAttributes } from "react";
${exported}
/** What any element of HTML has, and the element's own. */
type Tag<Element, Props> = ClassAttributes<Element> & Omit<HTMLAttributes<Element>, keyof Props> & Props;

${props.join("\n")}
declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
${tags.join("\n")}
    }
  }
}
`;
}

/** What a \`.vue\` file may say of them; also by \`h()\`. @param {Element[]} elements */
export function vueTypes(elements) {
  const props = elements.map(
    (element) => `interface ${element.name}Props {
${fieldsOf(element).join("\n")}
}
interface ${element.name}Emits {
${element.events.map(({ name }) => `  (name: "${name}", event: elements.OcisignEvents["${name}"]): void;`).join("\n")}
}
`,
  );
  const tags = elements.map(
    ({ name, tagName }) => `    "${tagName}": Tag<elements.${name}, ${name}Props, ${name}Emits>;`,
  );
  return `/**
 * The elements, with their types for Vue 3: import this in place of \`ocisign/elements\`.
 *
 * @module ocisign/elements/vue
 */
import type { HTMLAttributes } from "vue";
${exported}
/** What any element of HTML has, and the element's own. */
type Tag<Element, Props, Emits> = new () => Element & { $props: Omit<HTMLAttributes, keyof Props> & Props; $emit: Emits };

${props.join("\n")}
declare module "vue" {
  interface GlobalComponents {
${tags.join("\n")}
  }
}
`;
}

/** @param {Element} element */
function fieldsOf({ name: of, members }) {
  return members.map(
    ({ name, description }) => `  /** ${description} */\n  ${name}?: elements.${of}["${name}"] | undefined;`,
  );
}

/** Those that are not called like their property. @param {Element} element */
function attributesOf({ name: of, attributes }) {
  return attributes
    .filter(({ name, fieldName }) => name !== fieldName)
    .map(
      ({ name, fieldName, description }) =>
        `  /** ${description} */\n  "${name}"?: elements.${of}["${fieldName}"] | undefined;`,
    );
}

/** @param {Element} element */
function handlersOf({ events }) {
  return events.map(
    ({ name, description }) =>
      `  /** ${description} */\n  "on${name}"?: ((event: elements.OcisignEvents["${name}"]) => void) | undefined;`,
  );
}
