// Products: as they are defined, and as the service shows them (src/product.rs, src/wire.rs).
import type { KeyType } from "../signature/public-key.ts";
import type { OperationId, ProductId } from "./ids.ts";

/** What {@link buildProduct} makes a product from. */
export interface ProductInput {
  /** The product's name. */
  name: string;
  /** The product's description. Default empty. */
  description?: string | undefined;
  /** The registry's domain, with a port if it has one: the product signs for this registry only. */
  registry: string;
  /** Default `RSA4096`. Spellings such as `EC secp256r1` are read too. */
  keyType?: KeyType | (string & {}) | undefined;
  /** Whether requests may be made at once. Default true. */
  enabled?: boolean | undefined;
  /** Default `OCI sign`. */
  operationName?: string | undefined;
  /** Default `OCI signing`. */
  operationDescription?: string | undefined;
  /** Name of the HSM key. Default `Key for ocisigning`. */
  keyName?: string | undefined;
  /** Description of the HSM key. Default `HSM token for ocisigning`. */
  keyDescription?: string | undefined;
  /** Default `Approval rule`. */
  ruleName?: string | undefined;
  /** Default `Rule for OCI signing`. */
  ruleDescription?: string | undefined;
  /** UUIDs of the groups that may submit; at least one. */
  allowedGroups: readonly string[];
  /** UUIDs of the groups that must approve, each once. */
  approvalGroups?: readonly string[] | undefined;
  /** UUIDs of the groups that are approved beforehand. */
  blanketGroups?: readonly string[] | undefined;
}

/** A named value: of a product's configuration, or of a request's metadata. */
export interface NamedValue {
  /** The name, such as `RegistryURL` or `Version`. */
  readonly name: string;
  /** The value. */
  readonly value: string;
}

/** The body of `POST products`: the product JSON of the reference ("Product configuration"), key for key. */
export interface ProductDefinition {
  /** The product's name. */
  name: string;
  /** The product's description. */
  description: string;
  /** Always `Product`. */
  productType: "Product";
  /** Whether requests may be made. */
  enabled: boolean;
  /** Empty in the reference. */
  caInfo: [];
  /** Empty in the reference. */
  rndKeys: [];
  /** The one operation, which signs images. */
  productOperations: [OperationDefinition];
  /** The domain that the product signs for. */
  productConfigItems: [RegistryUrlItem];
}

/** The operation of a {@link ProductDefinition}. */
export interface OperationDefinition {
  /** The operation's name. */
  name: string;
  /** The operation's description. */
  description: string;
  /** Signing of images. */
  operationType: "SignOCI";
  /** The HSM key; the service calls a key's place a token. */
  token: KeyDefinition;
  /** Who may ask and who must agree. */
  approvalRule: RuleDefinition;
}

/** The HSM key of an {@link OperationDefinition}. Not a bearer token. */
export interface KeyDefinition {
  /** The key's name. */
  name: string;
  /** The key's description. */
  description: string;
  /** The key's type in the deployment's spelling. */
  keyType: string;
}

/** The approval rule of an {@link OperationDefinition}: lists of group UUIDs. */
export interface RuleDefinition {
  /** The rule's name. */
  name: string;
  /** The rule's description. */
  description: string;
  /** Groups that may submit. */
  allowedGroups: string[];
  /** Groups that must approve. */
  approvalGroups: string[];
  /** Groups that are approved beforehand. */
  blanketGroups: string[];
}

/** The domain that a {@link ProductDefinition} signs for. */
export interface RegistryUrlItem {
  /** Always `RegistryURL`. */
  name: "RegistryURL";
  /** The registry's domain, with a port if it has one. */
  value: string;
}

/** An operation of a product, as the service shows it. Fields that are not named here are kept. */
export interface ProductOperation {
  /** Its id, which a request names as `idProductOperation`. */
  readonly id?: OperationId | undefined;
  /** Its name. */
  readonly name?: string | undefined;
  /** Its description. */
  readonly description?: string | undefined;
  /** `SignOCI`, or `SIGN_OCI`, for signing images. */
  readonly operationType?: string | undefined;
  /** Its HSM key; the service calls a key's place a token. */
  readonly token?: OperationKey | null | undefined;
  /** Who may ask and who must agree. */
  readonly approvalRule?: ApprovalRule | null | undefined;
  /** What else the service shows. */
  readonly [field: string]: unknown;
}

/** The HSM key of a {@link ProductOperation}. Fields that are not named here are kept. */
export interface OperationKey {
  /** The key's name. */
  readonly name?: string | undefined;
  /** The key's type, as the service spells it. */
  readonly keyType?: string | undefined;
  /** Base64 of a DER `SubjectPublicKeyInfo`, perhaps with white space; read it with {@link publicKey}. */
  readonly publicKey?: string | undefined;
  /** What else the service shows. */
  readonly [field: string]: unknown;
}

/** The approval rule of a {@link ProductOperation}: lists of group UUIDs. Fields that are not named here are kept. */
export interface ApprovalRule {
  /** The rule's name. */
  readonly name?: string | undefined;
  /** Groups that may submit. */
  readonly allowedGroups?: readonly string[] | null | undefined;
  /** Groups that must approve. */
  readonly approvalGroups?: readonly string[] | null | undefined;
  /** Groups that are approved beforehand. */
  readonly blanketGroups?: readonly string[] | null | undefined;
  /** What else the service shows. */
  readonly [field: string]: unknown;
}

/** One of a product's `productConfigItems`. Fields that are not named here are kept. */
export interface ProductConfigItem {
  /** The name, such as `RegistryURL`. */
  readonly name?: string | undefined;
  /** The value. */
  readonly value?: string | undefined;
  /** What else the service shows. */
  readonly [field: string]: unknown;
}

/** A product, as the service shows it. Fields that are not named here are kept. */
export interface Product {
  /** Its id, which a request names as `productId`. */
  readonly id?: ProductId | undefined;
  /** Its name. */
  readonly name?: string | undefined;
  /** Its description. */
  readonly description?: string | undefined;
  /** Whether it may be used. One that does not say is taken as enabled. */
  readonly enabled?: boolean | undefined;
  /**
   * Where it stands in its life: `Ready`, or a state in which it signs nothing, such as `New` or `To Be Deleted`
   * ({@link checkUsable}). Other values are kept, and say nothing.
   */
  readonly state?: unknown;
  /** What it can do. */
  readonly productOperations?: readonly ProductOperation[] | null | undefined;
  /** Its configuration, `RegistryURL` among it. */
  readonly productConfigItems?: readonly ProductConfigItem[] | null | undefined;
  /** What else the service shows. */
  readonly [field: string]: unknown;
}

/** A product that the service replied with: it has an id. */
export interface StoredProduct extends Product {
  /** Its id, which a request names as `productId`. */
  readonly id: ProductId;
}
