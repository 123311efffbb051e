// What a portal gives to the elements, beside the service's client.
import type { ImageReference, RegistryOptions } from "ocisign";

/** Who is signed in, as the portal knows it. Elements show and foresee by it; the service decides by the token. */
export interface Identity {
  /** The person's object id, by which elements know the person's own requests. */
  readonly objectId?: string | undefined;
  /** The person's name. */
  readonly name?: string | undefined;
  /** UUIDs of the person's groups. */
  readonly groups: readonly string[];
}

/** How registries are reached: the same for all, or asked for each image. Return `undefined` for no credentials. */
export type RegistrySource =
  | RegistryOptions
  | ((image: ImageReference) => RegistryOptions | undefined | PromiseLike<RegistryOptions | undefined>);

/** Names for groups, by their UUID in lower case. An element shows the UUID of a group that has no name here. */
export type GroupNames = Readonly<Record<string, string>>;
