// The style sheets of an element, in whichever document it is. A page may move an element into a frame or a window of
// its own. A sheet belongs to the document that it was made for: on the way the browser takes all sheets away
// (https://drafts.csswg.org/cssom/#extensions-to-the-documentorshadowroot-interface), and it refuses those of the first
// document in the second.
import { adoptStyles, type CSSResultOrNative, type LitElement, supportsAdoptingStyleSheets } from "lit";

/** The sheet of each style, in each other document. */
const elsewhere = new WeakMap<Document, Map<CSSResultOrNative, CSSStyleSheet>>();

/** The shadow root of an element, with its styles: Lit's own way knows only the document that loaded Lit. */
export function styledRoot(element: LitElement): ShadowRoot {
  const { shadowRootOptions } = element.constructor as typeof LitElement;
  const root = element.shadowRoot ?? element.attachShadow(shadowRootOptions);
  dress(root, element);
  return root;
}

/** Gives an element that has come to another document its styles again. */
export function styleAgain(element: LitElement): void {
  // A browser without such sheets has the styles as elements in the tree, which move with it.
  if (element.shadowRoot && supportsAdoptingStyleSheets) dress(element.shadowRoot, element);
}

function dress(root: ShadowRoot, element: LitElement) {
  const { elementStyles } = element.constructor as typeof LitElement;
  const { ownerDocument } = root;
  if (ownerDocument === document || !supportsAdoptingStyleSheets) return adoptStyles(root, elementStyles);
  const Sheet = ownerDocument.defaultView?.CSSStyleSheet;
  // A document without a window draws nothing. On the way out of it the element is dressed again.
  if (Sheet) root.adoptedStyleSheets = elementStyles.map((style) => sheetIn(ownerDocument, Sheet, style));
}

function sheetIn(owner: Document, Sheet: typeof CSSStyleSheet, style: CSSResultOrNative): CSSStyleSheet {
  const known = elsewhere.get(owner) ?? new Map<CSSResultOrNative, CSSStyleSheet>();
  elsewhere.set(owner, known);
  const sheet = known.get(style) ?? new Sheet();
  if (!known.has(style)) {
    known.set(style, sheet);
    sheet.replaceSync(textOf(style));
  }
  return sheet;
}

/** Our styles are Lit's; a subclass may bring a sheet of its own. */
function textOf(style: CSSResultOrNative): string {
  return "cssText" in style ? style.cssText : [...style.cssRules].map(({ cssText }) => cssText).join("\n");
}
