import {
  type Finding,
  type Frame,
  frameAt,
  inLine,
  messageOf,
  nextText,
  type StackLanguage,
  WEIGHT,
} from './frame.ts';

const BEGIN = 'Error executing process';
const BEGINS = /^(?:ERROR ~ |-\[.{1,80}\]- )?(Error executing process) > '?(.{1,300}?)'?$/;
const SAID = /^ERROR ~ (.{1,1000})$/;
/** ` -- Check script 'main.nf' at line: 5 or see '.nextflow.log' file for more details`. */
const SCRIPT = /Check script '([^']{1,500})' at line: (\d{1,9})/;
/** The compiler: `- file : /x/main.nf`, `- cause: Unexpected input: '{' @ line 3, column 5.` */
const FILE = /^\s{0,4}- file\s{0,4}: (\S.{0,1000})$/;
const CAUSE = /^\s{0,4}- cause\s{0,4}: (.{0,800}?)(?: @ line (\d{1,9}), column (\d{1,9})\.?)?$/;
/** Since 24.10: `Error main.nf:3:5: message`. */
const STRICT = /^(?:Error|ERROR) ([^\s:]{1,500}\.(?:nf|config)):(\d{1,9}):(\d{1,9}): (.*)$/;
const CAUSED_BY = /^Caused by:$/;
const WORK_DIR = /^Work dir:$/;
/** A report is not longer than this. */
const LONGEST = 400;

/** Reports of failed processes, errors of a script while it runs, and errors of the compiler. */
export const nextflow: StackLanguage = {
  id: 'nextflow',
  innermost: 'first',
  signs: [BEGIN, 'ERROR ~ ', 'Check script ', 'Script compilation', '.nf:', '.config:'],
  frameIn(text) {
    const [place, file, line, column] = placeIn(text);
    if (place === undefined || file === undefined || line === undefined) return undefined;
    return inLine(text, place, frameAt(file, line, column));
  },
  find(lines) {
    const found: Finding[] = [];
    lines.forEach((line, at) => {
      const last = found.at(-1);
      if (last && last.to >= at) return;
      const finding = findingAt(lines, at, line);
      if (finding) found.push(finding);
    });
    return found;
  },
};

function placeIn(text: string): readonly (string | undefined)[] {
  const [, script, row] = text.includes('Check script') ? (SCRIPT.exec(text) ?? []) : [];
  if (script !== undefined) return [script, script, row];
  const [, file, line, column] = STRICT.exec(text) ?? [];
  if (file === undefined) return [];
  return [`${file}:${line ?? ''}:${column ?? ''}`, file, line, column];
}

function findingAt(lines: readonly string[], at: number, line: string): Finding | undefined {
  if (line.includes(BEGIN)) return report(lines, at, BEGINS.exec(line));
  if (line.startsWith('ERROR ~ ')) return ofScript(lines, at, SAID.exec(line)?.[1]);
  if (line.includes('cript compilation')) return compilation(lines, at);
  const [, file, row, column, message] = /^E(?:rror|RROR) /.test(line)
    ? (STRICT.exec(line) ?? [])
    : [];
  if (file === undefined || row === undefined) return undefined;
  const frames = [frameAt(file, row, column)];
  const error = { type: 'error', message: messageOf(message), frames, causes: [] };
  return { from: at, to: at, weight: WEIGHT.error, error };
}

/** The report of one process; the error inside "Command error:" is found by its own language. */
function report(
  lines: readonly string[],
  at: number,
  begins: RegExpExecArray | null,
): Finding | undefined {
  if (!begins) return undefined;
  const part = reportAt(lines, at);
  const caused = part.findIndex((line) => CAUSED_BY.test(line));
  const dir = part.findIndex((line) => WORK_DIR.test(line));
  const script = part.map((line) => SCRIPT.exec(line)).find((match) => match !== null);
  const frames: Frame[] = [];
  if (script?.[1] !== undefined) frames.push(frameAt(script[1], script[2] ?? 1));
  const work = dir < 0 ? null : nextText(part, dir + 1, 2);
  if (work !== null) frames.push(frameAt(`${work}/.command.sh`, 1, null, begins[2]));
  const error = {
    type: begins[1] ?? null,
    message: (caused < 0 ? null : nextText(part, caused + 1, 3)) ?? messageOf(begins[2]),
    frames,
    causes: [],
  };
  const end = script
    ? part.findIndex((line) => SCRIPT.test(line))
    : Math.max(caused + 1, dir + 1, 0);
  return { from: at, to: at + end, weight: WEIGHT.error, wraps: true, error };
}

function reportAt(lines: readonly string[], at: number): readonly string[] {
  let end = at + 1;
  while (end < lines.length && end < at + LONGEST && !lines[end]?.includes(BEGIN)) end += 1;
  return lines.slice(at, end);
}

function ofScript(
  lines: readonly string[],
  at: number,
  message: string | undefined,
): Finding | undefined {
  if (message === undefined) return undefined;
  if (message.startsWith('Script compilation')) return compilation(lines, at);
  const below = lines.slice(at, at + 12);
  const script = below.map((line) => SCRIPT.exec(line)).find((match) => match !== null);
  const frames = script?.[1] === undefined ? [] : [frameAt(script[1], script[2] ?? 1)];
  const to =
    at +
    Math.max(
      0,
      below.findIndex((line) => SCRIPT.test(line)),
    );
  const weight = frames.length > 0 ? WEIGHT.error : WEIGHT.line;
  const error = { type: 'ERROR', message: messageOf(message), frames, causes: [] };
  return { from: at, to, weight, error };
}

function compilation(lines: readonly string[], at: number): Finding | undefined {
  const below = lines.slice(at, at + 12);
  const file = below.map((line) => FILE.exec(line)?.[1]).find((found) => found !== undefined);
  const cause = below.map((line) => CAUSE.exec(line)).find((found) => found !== null);
  if (file === undefined || !cause) return undefined;
  const frames = [frameAt(file.trim(), cause[2] ?? 1, cause[3])];
  const message = messageOf(cause[1]);
  const error = { type: 'Script compilation error', message, frames, causes: [] };
  return { from: at, to: at + below.length - 1, weight: WEIGHT.error, error };
}
