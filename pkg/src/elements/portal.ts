// What a portal gives to the elements, beside the service's client.
import type { ImageReference, RegistryOptions } from "ocisign";

/** Who is signed in, as the portal knows it. Elements show and foresee by it; the service decides by the token. */
export interface Identity {
  /** The person's object id, by which elements know the person's own requests. */
  readonly objectId?: string | undefined;
  /** The person's name. */
  readonly name?: string | undefined;
  /**
   * UUIDs of the person's groups. Leave it out where they are unknown, as when a token has no such claim: an empty list
   * says that the person is in none.
   */
  readonly groups?: readonly string[] | undefined;
}

/**
 * How registries are reached: the same for all, or asked for each image. Return `undefined` for no credentials. While a
 * tag is looked up, the digest of the image is all zeros: nobody knows it yet.
 */
export type RegistrySource =
  | RegistryOptions
  | ((image: ImageReference) => RegistryOptions | undefined | PromiseLike<RegistryOptions | undefined>);

/** Names for groups, by their UUID. An element shows the UUID in a list of ids, and alone where there is no name. */
export type GroupNames = Readonly<Record<string, string>>;

/** Names for people, by their object id. An element shows the id in a list of ids, and alone where there is no name. */
export type PeopleNames = Readonly<Record<string, string>>;
