import "./words.ts";
import { define } from "../../../pkg/src/elements/define.ts";
import { OcisignRequest } from "../../../pkg/src/elements/request.ts";

define("ocisign-request", OcisignRequest);
