import { setUp } from "../build/set-up.js";

await setUp({ sandbox: true, page: true });
