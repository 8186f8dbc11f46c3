import { pino } from "pino";

/**
 * Structured log, one JSON object a line, on standard output; level from LOG_LEVEL, default `info`. Time and level
 * are named and written as Lambda's own JSON log format has them, so that its filters understand them.
 */
export const log = pino({
  base: undefined,
  level: process.env.LOG_LEVEL ?? "info",
  timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
  formatters: { level: (level) => ({ level: level.toUpperCase() }) },
});
