// What a runtime has at hand that loads everything at once.
import { signAll } from "../bulk/sign/sign-all.ts";
import { parseLinks } from "../http/link.ts";
import { queryOf } from "../service/filter.ts";
import { shapeOf } from "../service/shape/shape.ts";
import { shapes } from "../service/shaped.ts";
import { stillAsShown } from "../service/still-as-shown.ts";
import { waitForEnd } from "../service/waiting.ts";
import { waits } from "../service/waits.ts";

shapes.make = shapeOf;
shapes.queryOf = async (filter) => queryOf(filter);
shapes.linksIn = async (header) => parseLinks(header);
waits.part = { stillAsShown, waitForEnd };
waits.signAll = signAll;
