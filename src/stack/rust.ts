import {
  type Finding,
  type Frame,
  frameAt,
  inLine,
  messageOf,
  MOST_FRAMES,
  nextText,
  type StackLanguage,
  WEIGHT,
} from './frame.ts';

/** Since Rust 1.73: the place on the first line, the message on the next. */
const PANIC = /^thread (?:'[^']{0,200}'|<unnamed>)(?: \(\d{1,12}\))? panicked at (.{1,1900}?):?$/;
const AT_END = /^([^\s'][^:']{0,1000}|[A-Za-z]:\\[^:']{1,1000}):(\d{1,9}):(\d{1,9})$/;
/** A frame of the backtrace stands below its function: `             at ./src/main.rs:3:5`. */
const FRAME =
  /^\s{4,24}at (\S[^:]{0,1000}\.rs|[A-Za-z]:\\[^:]{1,1000}\.rs):(\d{1,9})(?::(\d{1,9}))?$/;
const FUNCTION = /^\s{1,8}\d{1,4}:\s{1,8}(?:0x[\da-f]{1,16} - )?(\S.{0,500})$/;
/** rustc: `  --> src/main.rs:3:5` below `error[E0308]: mismatched types`. */
const ARROW = /^\s{0,8}--> (\S[^:]{0,1000}|[A-Za-z]:\\[^:]{1,1000}):(\d{1,9}):(\d{1,9})$/;
const COMPLAINT = /^error(?:\[(E\d{1,6})\])?: (.*)$/;

/** Panics in the formats before and after Rust 1.73 with their backtraces, and the errors of rustc. */
export const rust: StackLanguage = {
  id: 'rust',
  innermost: 'first',
  signs: ['panicked at', '--> ', '.rs:'],
  frameIn(text) {
    const panic = text.startsWith('thread ') ? panicIn(text) : undefined;
    if (panic) return inLine(text, placeOf(panic.frame), panic.frame);
    const match = FRAME.exec(text) ?? (text.includes('--> ') ? ARROW.exec(text) : null);
    const [, file, line, column] = match ?? [];
    if (file === undefined || line === undefined) return undefined;
    const frame = frameAt(file, line, column);
    return inLine(text, placeOf(frame), frame);
  },
  find(lines) {
    return [...panicsIn(lines), ...complaintsIn(lines)];
  },
};

function placeOf({ file, line, column }: Frame): string {
  return column === null ? `${file}:${line}` : `${file}:${line}:${column}`;
}

function panicIn(line: string): { message: string | null; frame: Frame } | undefined {
  const said = line.includes('panicked at') ? PANIC.exec(line)?.[1] : undefined;
  if (said === undefined) return undefined;
  // The old format: 'message', src/main.rs:3:5
  const comma = said.startsWith("'") ? said.lastIndexOf("', ") : -1;
  const [, file, row, column] = AT_END.exec(said.slice(comma < 0 ? 0 : comma + 3)) ?? [];
  if (file === undefined || row === undefined) return undefined;
  const message = comma < 0 ? null : messageOf(said.slice(1, comma));
  return { message, frame: frameAt(file, row, column) };
}

function panicsIn(lines: readonly string[]): Finding[] {
  const found: Finding[] = [];
  let name: string | null = null;
  lines.forEach((line, at) => {
    const panic = line.startsWith('thread ') ? panicIn(line) : undefined;
    if (panic) {
      const message = panic.message ?? nextText(lines, at + 1, 1);
      const error = { type: 'panic', message, frames: [panic.frame], causes: [] };
      found.push({ from: at, to: at, weight: WEIGHT.error, error });
      return;
    }
    const last = found.at(-1);
    if (!last || at - last.to > 40) return;
    const [, file, row, column] = FRAME.exec(line) ?? [];
    if (file === undefined || row === undefined) {
      name = FUNCTION.exec(line)?.[1] ?? name;
      return;
    }
    last.to = at;
    addFrame(last.error.frames, frameAt(file, row, column, name));
    name = null;
  });
  return found;
}

/** The place of the panic is the innermost; the backtrace says its function, and the rest. */
function addFrame(frames: Frame[], frame: Frame): void {
  const [panic] = frames;
  const bare = (file: string): string => file.replace(/^\.[\\/]/, '');
  if (panic && bare(panic.file) === bare(frame.file) && panic.line === frame.line)
    panic.function ??= frame.function;
  else if (frames.length < MOST_FRAMES) frames.push(frame);
}

function complaintsIn(lines: readonly string[]): Finding[] {
  let first: Finding | undefined;
  let said: RegExpExecArray | null = null;
  let from = 0;
  lines.forEach((line, at) => {
    if (line.startsWith('error')) {
      said = COMPLAINT.exec(line);
      from = at;
    } else if (line.startsWith('warning') || at - from > 6) said = null;
    else if (said && line.includes('--> ')) {
      const [, file, row, column] = ARROW.exec(line) ?? [];
      if (file === undefined || row === undefined) return;
      const type = said[1] ?? 'error';
      const frames = [frameAt(file, row, column)];
      const error = { type, message: messageOf(said[2]), frames, causes: [] };
      first ??= { from, to: at, weight: WEIGHT.error, error };
      first.to = at;
      said = null;
    }
  });
  return first ? [first] : [];
}
