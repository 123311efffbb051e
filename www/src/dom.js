// Small helpers. Text from the service only ever becomes text, never markup.

/** @param {string} id */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element ${id}`);
  return element;
}

/** An element with text or children. */
export function make(name, ...children) {
  const element = document.createElement(name);
  element.append(...children.map((child) => (child instanceof Node ? child : visible(child))));
  return element;
}

// Characters that hide, or that turn the direction of what follows.
const deceptive = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text from elsewhere, with every invisible or direction-changing character written out. */
export function visible(text) {
  return String(text).replace(
    deceptive,
    (character) => `\\u{${character.codePointAt(0).toString(16).padStart(4, "0")}}`,
  );
}

/** Shows a message at the end of the page, where screen readers announce it. */
export function say(text, kind = "") {
  const message = byId("message");
  message.className = kind;
  message.textContent = visible(text);
}

/** Shows an error with its fix. */
export function explain(error) {
  say(error.fix ? `${error.message} ${error.fix}` : String(error.message ?? error), "error");
}

/** Runs an action of a button once at a time, and explains what fails. */
export async function guarded(button, action) {
  button.disabled = true;
  try {
    await action();
  } catch (error) {
    explain(error);
  } finally {
    button.disabled = false;
  }
}
