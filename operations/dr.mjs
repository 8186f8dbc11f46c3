#!/usr/bin/env node
// The command `dr` of whoever has linked this checkout (`npm link`): the same as `npm run dr --`, from any folder.
import { fileURLToPath } from "node:url";

process.argv.splice(2, 0, fileURLToPath(new URL("main.ts", import.meta.url)));
await import("../rehearsal/bootstrap.mjs");
