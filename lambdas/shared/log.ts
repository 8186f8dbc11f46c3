import { pino } from "pino";

/** Structured log, one JSON object a line, on standard output; level from LOG_LEVEL, default `info`. */
export const log = pino({
  base: undefined,
  level: process.env.LOG_LEVEL ?? "info",
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (level) => ({ level }) },
});
