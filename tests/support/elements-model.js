// Parts of the elements that work without a document, and are no part of the package's public face. This file alone
// says where they are.
import { importSource } from "./source.js";

/** @type {typeof import("../../pkg/src/elements/model/foresight.ts")} */
export const { foresee } = await importSource("pkg/src/elements/model/foresight.ts");

/** @type {typeof import("../../pkg/src/shown/request-view.ts")} */
export const { viewOf } = await importSource("pkg/src/shown/request-view.ts");

/** @type {typeof import("../../pkg/src/shown/hidden-characters.ts")} */
export const { pieces, visibleText } = await importSource("pkg/src/shown/hidden-characters.ts");
