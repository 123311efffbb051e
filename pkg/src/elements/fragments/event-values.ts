// What an event says of the control that it came from. Lit calls a listener only for the control that it is bound to.

/** What stands in the field, or was chosen. */
export function valueIn({ target }: Event) {
  // The templates bind it to nothing else.
  return (target as HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement).value;
}

/** Is the `<details>` open? */
export function isOpenIn({ target }: Event) {
  // The templates bind it to nothing else.
  return (target as HTMLDetailsElement).open;
}
