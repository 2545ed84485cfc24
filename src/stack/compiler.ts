import {
  type Finding,
  type Frame,
  frameAt,
  type FrameInLine,
  inLine,
  messageOf,
  WEIGHT,
} from './frame.ts';

/** One error of a compiler: what it says and where. */
export interface Complaint {
  type: string | null;
  message: string | null;
  frame: Frame;
}

/** The errors of a compiler as one finding: the first is what to look at, the rest often follow from it. */
export function firstComplaint(
  lines: readonly string[],
  complaintIn: (line: string, at: number) => Complaint | undefined,
): Finding[] {
  let finding: Finding | undefined;
  lines.forEach((line, at) => {
    const found = line.length > 6 ? complaintIn(line, at) : undefined;
    if (!found) return;
    if (finding) {
      finding.to = at;
      return;
    }
    const { type, message, frame } = found;
    const error = { type, message, frames: [frame], causes: [] };
    finding = { from: at, to: at, weight: WEIGHT.error, error };
  });
  return finding ? [finding] : [];
}

/** `file(3,5): error XY12: message`: TypeScript, C#, and MSBuild around any compiler. */
const PARENS =
  /^\s{0,8}(?:\d{1,4}>)?([^\s()][^()]{0,1000})\((\d{1,9})(?:,(\d{1,9}))?(?:,\d{1,9},\d{1,9})?\) ?: (?:fatal )?error (\w{1,20}): (.*)$/;

export function parensComplaint(line: string, code: RegExp): Complaint | undefined {
  if (!line.includes('): ') && !line.includes(') : ')) return undefined;
  const [, file, row, column, type = '', message] = PARENS.exec(line) ?? [];
  if (file === undefined || row === undefined || !code.test(type)) return undefined;
  const text = messageOf(message?.replace(/ \[[^\][]{1,500}\]$/, ''));
  return { type, message: text, frame: frameAt(file, row, column) };
}

/** `file:3:5: error: message`, as gcc began it. */
const COLONS =
  /^((?:[A-Za-z]:)?[^\s:"'][^:"']{0,1000}):(\d{1,9})(?::(\d{1,9}))?: ((?:(?:fatal|internal compiler|syntax) )?[Ee]rror): (.*)$/;

/** `accept` says whether a file is the asker's. */
export function colonsComplaint(
  line: string,
  accept: (file: string) => boolean,
): Complaint | undefined {
  if (!line.includes('rror: ')) return undefined;
  const [, file, row, column, type = null, message] = COLONS.exec(line) ?? [];
  if (file === undefined || row === undefined || !accept(file)) return undefined;
  return {
    type: type?.toLowerCase() ?? null,
    message: messageOf(message),
    frame: frameAt(file, row, column),
  };
}

/** The place of a complaint as a link. */
export function linkOf(line: string, found: Complaint | undefined): FrameInLine | undefined {
  if (!found) return undefined;
  const { file } = found.frame;
  const start = line.indexOf(file);
  const place = start < 0 ? null : /^[:(,\d)]{0,40}\d\)?/.exec(line.slice(start + file.length));
  return place ? inLine(line, file + place[0], found.frame) : undefined;
}

/** The column of the `^` that stands within three lines below an error; 1 is the first. */
export function caretBelow(lines: readonly string[], at: number): number | null {
  for (const line of lines.slice(at + 1, at + 4)) {
    const caret = /^[ \t]*(?=\^[~^]*\s*$)/.exec(line);
    if (caret) return caret[0].length + 1;
  }
  return null;
}
