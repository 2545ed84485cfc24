/** The latest warnings and errors of the log, kept for `GET /api/v1/diagnostics`. */

/** Takes the log's lines, each a JSON object. */
export interface LogStream {
  write: (line: string) => unknown;
}

export interface LoggedProblem {
  /** RFC 3339 */
  time: string;
  level: 'warn' | 'error';
  message: string;
  /** What was thrown, in its own words; null where nothing was. */
  error: string | null;
}

const METADATA = Symbol.for('pino.metadata');
const KEPT = 50;
const MAX_TEXT = 1000;
/** Pino's numbers: 40 is a warning, 50 an error. */
const WARN = 40;
const ERROR = 50;

/** Hands every line on, and remembers the last 50 of level warning and above. Secrets are out of them already. */
export class RecentProblems implements LogStream {
  /** Pino then says the level of each line before it writes it: only few have to be read. */
  readonly [METADATA] = true;
  lastLevel = 0;
  readonly #stream: LogStream;
  #latest: LoggedProblem[] = [];
  #warnings = 0;
  #errors = 0;

  constructor(stream: LogStream) {
    this.#stream = stream;
  }

  /** Oldest first, 50 at most. */
  get latest(): readonly LoggedProblem[] {
    return this.#latest;
  }

  /** How many there were since the start. */
  get counts(): { warnings: number; errors: number } {
    return { warnings: this.#warnings, errors: this.#errors };
  }

  write(line: string): void {
    this.#stream.write(line);
    if (this.lastLevel < WARN) return;
    if (this.lastLevel < ERROR) this.#warnings++;
    else this.#errors++;
    this.#latest.push(problemOf(line, this.lastLevel));
    if (this.#latest.length > KEPT) this.#latest = this.#latest.slice(-KEPT);
  }
}

interface LogLine {
  time?: string;
  msg?: string;
  err?: { message?: string };
}

function problemOf(line: string, level: number): LoggedProblem {
  const { time, msg = '', err } = JSON.parse(line) as LogLine;
  return {
    time: time ?? new Date().toISOString(),
    level: level < ERROR ? 'warn' : 'error',
    message: msg.slice(0, MAX_TEXT),
    error: err?.message?.slice(0, MAX_TEXT) ?? null,
  };
}
