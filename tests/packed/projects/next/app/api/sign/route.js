// The program in a route handler.
import * as ocisign from "ocisign";
import { program } from "../../../program.mjs";

export async function POST(request) {
  return Response.json(await program(ocisign, await request.json()));
}
