// What a runtime has at hand that loads everything at once.
import { signAll } from "../bulk/sign/sign-all.ts";
import { parseLinks } from "../http/link.ts";
import { queryOf } from "../service/filter.ts";
import { lookAgain } from "../service/look-again.ts";
import { shapeOf } from "../service/shape/shape.ts";
import { shapes } from "../service/shaped.ts";
import { waitForEnd } from "../service/waiting.ts";
import { waits } from "../service/waits.ts";

shapes.make = shapeOf;
shapes.queryOf = async (filter) => queryOf(filter);
shapes.linksIn = async (header) => parseLinks(header);
waits.part = { lookAgain, waitForEnd };
waits.signAll = signAll;
