// The types of all rooms, for the declarations of the module's bindings.
export type * from "./error.ts";
export type * from "./http/fetch.ts";
export type * from "./image/description.ts";
export type * from "./image/reference.ts";
export type { RegistryLimits } from "./registry/budget.ts";
export type * from "./registry/open.ts";
export type * from "./service/client-options.ts";
export type * from "./service/ids.ts";
export type * from "./service/listed.ts";
export type * from "./service/product.ts";
export type * from "./service/profile.ts";
export type * from "./service/request.ts";
export type * from "./service/signing.ts";
export type * from "./service/status.ts";
export type * from "./signature/public-key.ts";
export type * from "./signature/verification.ts";
