// Several requests, and one decision about all of them.
import "./words.ts";
import { OcisignBatch } from "../../../pkg/src/elements/batch.ts";
import { define } from "../../../pkg/src/elements/define.ts";

define("ocisign-batch", OcisignBatch);
