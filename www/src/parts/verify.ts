import "./words.ts";
import { define } from "../../../pkg/src/elements/define.ts";
import { OcisignVerify } from "../../../pkg/src/elements/verify.ts";

define("ocisign-verify", OcisignVerify);
