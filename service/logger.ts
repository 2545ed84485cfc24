/** Logs go to stderr: one JSON object a line, readable text on a terminal. Tokens are never logged. */
import { type Logger, destination, pino } from 'pino';
import pretty from 'pino-pretty';
import { type LogStream, RecentProblems } from './recentProblems.ts';

export type { Logger };
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Logging {
  logger: Logger;
  /** The latest of its warnings and errors. */
  problems: RecentProblems;
}

/** Lines go to `stream`: stderr when absent. */
export function createLogging(level: LogLevel, stream: LogStream = standardError()): Logging {
  const redact = ['token', '*.token', 'authorization', '*.authorization'];
  const options = { level, base: null, redact, timestamp: pino.stdTimeFunctions.isoTime };
  const problems = new RecentProblems(stream);
  return { logger: pino(options, problems), problems };
}

function standardError(): LogStream {
  return process.stderr.isTTY
    ? pretty({ destination: 2, sync: true, translateTime: 'SYS:HH:MM:ss' })
    : destination({ dest: 2, sync: true });
}
