// The file that is loaded when a trust file is first asked for, and the entry `ocisign/trust`: in every runtime a file
// beside the loader, which it takes the module from.
export * from "../trust/index.ts";
