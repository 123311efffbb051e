// Parts of the elements that work without a document, and are no part of the package's public face. This file alone
// says where they are.
import { importSource } from "./source.js";

/** @type {typeof import("../../pkg/src/elements/model/foresight.ts")} */
export const { foresee } = await importSource("pkg/src/elements/model/foresight.ts");

/** @type {typeof import("../../pkg/src/shown/request-view.ts")} */
export const { viewOf } = await importSource("pkg/src/shown/request-view.ts");

/** @type {typeof import("../../pkg/src/shown/hidden-characters.ts")} */
export const { pieces, visibleText } = await importSource("pkg/src/shown/hidden-characters.ts");

/** @type {typeof import("../../pkg/src/shown/names.ts")} */
export const { nameOf, nameAmong } = await importSource("pkg/src/shown/names.ts");

/** @type {typeof import("../../pkg/src/shown/person.ts")} */
export const { isSamePerson, personName, personOf } = await importSource("pkg/src/shown/person.ts");

/** @type {typeof import("../../pkg/src/shown/claimed-groups.ts")} */
export const { claimedGroups } = await importSource("pkg/src/shown/claimed-groups.ts");

/** @type {typeof import("../../pkg/src/elements/approvals/pages.ts")} */
export const { Pages } = await importSource("pkg/src/elements/approvals/pages.ts");

/** @type {typeof import("../../pkg/src/elements/approvals/queue.ts")} */
export const { Queue } = await importSource("pkg/src/elements/approvals/queue.ts");
