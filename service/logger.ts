/** Logs go to stderr: one JSON object a line, readable text on a terminal. Tokens are never logged. */
import { type Logger, destination, pino } from 'pino';
import pretty from 'pino-pretty';

export type { Logger };
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export function createLogger(level: LogLevel): Logger {
  const redact = ['token', '*.token', 'authorization', '*.authorization'];
  const options = { level, base: null, redact, timestamp: pino.stdTimeFunctions.isoTime };
  if (!process.stderr.isTTY) return pino(options, destination({ dest: 2, sync: true }));
  return pino(options, pretty({ destination: 2, sync: true, translateTime: 'SYS:HH:MM:ss' }));
}
