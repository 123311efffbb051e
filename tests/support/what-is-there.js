// What a person can see of a page, whatever was put into it.

/** Domains that are not `registry.example`, whatever they look like. */
export const lookAlikeDomains = [
  "registry.example.evil.com",
  "registry-example",
  "registry.examp1e",
  "rеgistry.example",
  "registry.example.",
  "registry。example",
  "registry.example\u200b",
  "registry.example\u202e",
  "xn--rgistry-9ya.example",
  "REGISTRY.EXAMPLE.evil",
  "registry.example:5000",
  "registry.example@evil.com",
];

/**
 * All that a person sees of the page, and what screen readers say, through all shadow trees: texts, names, titles,
 * options and placeholders; and whatever should not be there.
 *
 * @param {import("playwright-core").Page} page
 */
export function whatIsThere(page) {
  return page.evaluate(() => {
    const texts = [document.title];
    const intruders = [];
    const spoken = ["title", "aria-label", "placeholder", "alt", "label", "aria-description"];
    const walk = (/** @type {any} */ node) => {
      if (node.nodeType === Node.TEXT_NODE) return texts.push(node.data);
      if (node.nodeType === Node.ELEMENT_NODE) {
        const name = node.localName;
        if (["style"].includes(name)) return;
        if (
          ["script", "iframe", "object", "embed", "img", "base"].includes(name) &&
          node.getRootNode() !== document
        )
          intruders.push(name);
        for (const { name: attribute, value } of node.attributes) {
          if (/^on/i.test(attribute) || attribute === "srcdoc") intruders.push(`${name} ${attribute}`);
          if (/^\s*javascript:/i.test(value) && ["href", "src", "action"].includes(attribute))
            intruders.push(`${name} ${attribute}=${value}`);
          if (spoken.includes(attribute)) texts.push(value);
        }
        if (node.shadowRoot) walk(node.shadowRoot);
      }
      for (const child of node.childNodes) walk(child);
    };
    walk(document.body);
    return { text: texts.join("\n"), intruders, ran: Boolean(globalThis.ran) };
  });
}

/** Characters that nobody sees, except the line ends of our own markup. */
export const invisible = /(?![\n\t ])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;
