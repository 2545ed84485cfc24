/** From text as programs print it to lines that only say what they say. */

/** A line longer than this is data, not a stack frame; it also bounds what a pattern may cost. */
export const LONGEST_LINE = 2000;

/** CSI (colours, moves of the cursor), OSC (titles, links; ended by BEL or ST), and other escapes of two characters. */
const ESCAPES =
  /\u001b(?:\[[\d;:?<=>]{0,64}[ -/]{0,4}[@-~]|\][^\u0007\u001b]{0,2000}(?:\u0007|\u001b\\)|[@-Z\\^_=>()][0AB]?)/g;

/** Lines without what a log puts before them, of a text as `plain` gives it. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    if (line.length > 10) lines[i] = withoutPrefix(line);
  }
  return lines;
}

/** A text without escape sequences; `\r` ends a line, because what follows overwrites it. */
export function plain(text: string): string {
  const quiet = text.includes('\u001b') ? text.replace(ESCAPES, '') : text;
  return quiet.includes('\r') ? quiet.replace(/\r\n?/g, '\n') : quiet;
}

/** A level counts in brackets or behind a time only: "ERROR: x" by itself is what psql says. */
const LEVEL = /^\[(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|FATAL|CRITICAL)\]:? /;
const LEVEL_AFTER = /^(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|FATAL|CRITICAL):? /;
/** dbt and many a console: `10:00:00 `. */
const CLOCK = /^\d\d:\d\d:\d\d(?:[.,]\d{1,9})? /;
const TIME =
  /^[[(]?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d)?[\])]?(?: std(?:out|err) [FP])?[:,]?(?: |$)/;
const SYSLOG =
  /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [\w.-]{1,64} [\w./@:-]{1,64}(?:\[\d{1,9}\])?: ?/;
const COMPOSE = /^[A-Za-z][\w.-]{0,63} {0,40}\| /;
/** `[task 3] `, `[ERROR] `, `[2024-01-01, 10:00:00 UTC] {file.py:12} `. */
const BRACKET = /^\[[^\][\n]{1,60}\] (?:\{[^{}\n]{1,80}\} )?/;

/** A line without what a log puts before it: the time, the level, the name of the task, unit or container. */
export function withoutPrefix(line: string): string {
  let rest = line.length > LONGEST_LINE ? line.slice(0, LONGEST_LINE) : line;
  for (let n = 0; n < 4; n += 1) {
    const found = (prefixOf(rest) ?? (n > 0 ? LEVEL_AFTER : undefined))?.exec(rest);
    if (!found) break;
    rest = rest.slice(found[0].length);
  }
  return rest;
}

/** Which prefix a line may have, told by its first characters. */
function prefixOf(line: string): RegExp | undefined {
  const first = line.charCodeAt(0);
  if (first === OPEN) return TIME.test(line) ? TIME : LEVEL.test(line) ? LEVEL : BRACKET;
  if (first >= 48 && first <= 57) return line.charCodeAt(2) === COLON ? CLOCK : TIME;
  if (first < 65 || first > 122 || (first > 90 && first < 97)) return undefined;
  if (line.charCodeAt(3) === 32 && line.charCodeAt(9) === COLON) return SYSLOG;
  return line.includes(' | ') ? COMPOSE : undefined;
}
const OPEN = 91;
const COLON = 58;
