import "./words.ts";
import { OcisignActivity } from "../../../pkg/src/elements/activity.ts";
import { define } from "../../../pkg/src/elements/define.ts";

define("ocisign-activity", OcisignActivity);
