// The host of policy packs compiles TypeScript in its own way; from here on Node loads it as it is.
import "./pack.ts";
