import { setUp } from "./setup.js";

await setUp({ sandbox: true, page: true });
