import { colonsComplaint, firstComplaint, linkOf } from './compiler.ts';
import {
  type Finding,
  type Frame,
  frameAt,
  messageOf,
  MOST_FRAMES,
  type StackLanguage,
  WEIGHT,
} from './frame.ts';
import { pathOf } from './node.ts';

/** `#1      main (file:///app/bin/main.dart:24:5)`. */
const FRAME =
  /^#\d{1,6} {1,8}(\S.{0,300}?) \(((?:file|package|dart|org-dartlang-\w{1,20}):[^\s()]{1,1000}?\.dart)(?::(\d{1,9}))?(?::(\d{1,9}))?\)$/;
const UNHANDLED = /^(?:\[ERROR:.{0,300}\] )?Unhandled [Ee]xception:(.*)$/;
/** `RangeError (index): message`; `Bad state: oops` names no class. */
const TYPED = /^([A-Z]\w{0,200}(?:Error|Exception)|Exception|Error)(?: \([\w ]{1,60}\))?:? ?(.*)$/;

/** Uncaught errors of Dart and Flutter with their frames, and the errors of the compiler. */
export const dart: StackLanguage = {
  id: 'dart',
  innermost: 'first',
  signs: ['.dart'],
  frameIn(text) {
    const frame = text.startsWith('#') ? frameOf(text) : undefined;
    if (!frame) return linkOf(text, compiler(text));
    const start = text.lastIndexOf('(') + 1;
    return { frame, start, end: text.length - 1 };
  },
  find(lines) {
    return [...tracesIn(lines), ...firstComplaint(lines, compiler)];
  },
};

function frameOf(line: string): Frame | undefined {
  const [, name, uri, row, column] = FRAME.exec(line) ?? [];
  if (uri === undefined || row === undefined) return undefined;
  const frame = frameAt(pathOf(uri), row, column, name);
  const inPackage = /^package:[^/]{1,200}\/(.*)$/.exec(uri)?.[1];
  if (inPackage !== undefined) frame.also = [`lib/${inPackage}`];
  return frame;
}

function compiler(line: string): ReturnType<typeof colonsComplaint> {
  return colonsComplaint(line, (file) => file.endsWith('.dart'));
}

function tracesIn(lines: readonly string[]): Finding[] {
  const found: Finding[] = [];
  let open: Finding | undefined;
  let said: { at: number; text: string } | undefined;
  lines.forEach((line, at) => {
    if (line.startsWith('#')) {
      const frame = frameOf(line);
      if (!frame) return;
      if (!open || line.startsWith('#0 ') || at - open.to > 10) {
        open = begin(at, said ?? above(lines, at));
        found.push(open);
        said = undefined;
      }
      open.to = at;
      if (open.error.frames.length < MOST_FRAMES) open.error.frames.push(frame);
    } else if (line.includes('nhandled ')) {
      const rest = UNHANDLED.exec(line)?.[1];
      if (rest !== undefined) said = { at, text: messageOf(rest) ?? lines[at + 1] ?? '' };
    }
  });
  return found;
}

/** Without a heading, the line above the first frame is what was thrown. */
function above(lines: readonly string[], at: number): { at: number; text: string } | undefined {
  const text = at > 0 ? (lines[at - 1] ?? '') : '';
  return TYPED.test(text) ? { at: at - 1, text } : undefined;
}

function begin(at: number, said: { at: number; text: string } | undefined): Finding {
  const [, type, message] = TYPED.exec(said?.text ?? '') ?? [];
  const text = type === undefined ? messageOf(said?.text) : messageOf(message);
  const error = { type: type ?? null, message: text, frames: [], causes: [] };
  const weight = said ? WEIGHT.error : WEIGHT.frames;
  return { from: said?.at ?? at, to: at, weight, error };
}
