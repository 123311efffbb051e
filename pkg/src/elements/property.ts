// Says a property of an element once. Lit's own decorators also serve compilers of another kind, at ten times the size.
import type { PropertyDeclaration, ReactiveElement } from "lit";

type Decorator = (element: ReactiveElement, name: string) => void;

/** A property that a page may set, by an attribute of the same name unless the options say otherwise. */
export function property(options: PropertyDeclaration = {}): Decorator {
  return (element, name) => {
    // An element's constructor is its class.
    (element.constructor as typeof ReactiveElement).createProperty(name, options);
  };
}

/** What an element keeps for itself; a change draws it. */
export function state(): Decorator {
  return property({ state: true, attribute: false });
}
