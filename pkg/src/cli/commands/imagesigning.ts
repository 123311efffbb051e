// `ocisign imagesigning`: the reference client's words, over the same actions.
import type { GroupFile } from "../command.ts";
import * as sample from "../samples.ts";
import { add } from "./imagesigning/add.ts";
import { approveById } from "./imagesigning/approve.ts";
import { get } from "./imagesigning/get.ts";
import { rejectById } from "./imagesigning/reject.ts";

export const imagesigning: GroupFile = {
  name: "imagesigning",
  summary: "The same, in the reference client's words.",
  isRare: true,
  commands: [add, approveById, rejectById, get],
  examples: [
    ["Request a signature.", ...sample.add],
    [
      "Approve the request, and show how it stands.",
      `ocisign -c -t $APPROVERTOKEN imagesigning approve -I ${sample.request}`,
      `ocisign -c -t $TOKEN imagesigning get -I ${sample.request}`,
    ],
  ],
};
