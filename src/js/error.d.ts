/**
 * A copy of plain data, as the only element of a list; nothing when there is none.
 *
 * @param {unknown} value
 * @returns {[unknown] | undefined}
 */
export function copyOf(value: unknown): [unknown] | undefined;
/** Every error of ocisign: a stable `code`, a message that names the place, and a `fix`. */
export class OcisignError extends Error {
    /**
     * @param {string} code
     * @param {string} message
     * @param {string} fix
     * @param {number} [offset] bytes from the beginning of the text that was given
     * @param {unknown} [cause]
     * @param {"no" | "maybe"} [taken] may the service have done what was asked, although the call failed?
     */
    constructor(code: string, message: string, fix: string, offset?: number, cause?: unknown, taken?: "no" | "maybe");
    code: string;
    fix: string;
    offset: number | undefined;
    taken: "maybe" | "no";
}
