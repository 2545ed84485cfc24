import { firstComplaint, linkOf, parensComplaint } from './compiler.ts';
import {
  type Finding,
  type Frame,
  frameAt,
  messageOf,
  MOST_FRAMES,
  type Raised,
  type StackLanguage,
  WEIGHT,
} from './frame.ts';

/** The end of `   at App.Main(String[] args) in /app/Program.cs:line 5`; Mono leaves the word out. */
const PLACE = /^((?:[A-Za-z]:)?[^:<>|"]{1,1000}):(?:line )?(\d{1,9})\s?$/;
const NAME = /^([\w.`+<>[\],&-]{1,500})/;
const HEADLINE =
  /^\s{0,8}(?:Unhandled [Ee]xception[.:] ?|\[ERROR\] FATAL UNHANDLED EXCEPTION: )?(---> )?(?:\(Inner Exception #\d{1,6}\) )?([A-Za-z_][\w.]{0,200}(?:Exception|Error)(?:`\d)?)(?: \(0x[\da-f]{1,8}\))?(?:: (.*))?$/i;
const CODE = /^(?:CS|FS|BC|MSB|NU|NETSDK)\d/;

/** Stack traces of .NET and Mono with their inner exceptions, and the errors of the compilers. */
export const csharp: StackLanguage = {
  id: 'csharp',
  innermost: 'first',
  signs: [' in ', ': error '],
  frameIn(text) {
    const frame = frameOf(text);
    if (frame) {
      const start = text.lastIndexOf(' in ') + 4;
      return { frame, start, end: text.trimEnd().length };
    }
    const found = parensComplaint(text, CODE);
    return found ? linkOf(text, found) : undefined;
  },
  find(lines) {
    return [...tracesIn(lines), ...firstComplaint(lines, (line) => parensComplaint(line, CODE))];
  },
};

function isAt(line: string): boolean {
  return /^\s{1,8}at \S/.test(line) && !line.includes('.java:');
}

function frameOf(line: string): Frame | undefined {
  if (!line.includes(' in ') || !isAt(line)) return undefined;
  const cut = line.lastIndexOf(' in ');
  const [, file, row] = PLACE.exec(line.slice(cut + 4)) ?? [];
  if (file === undefined || row === undefined || row === '0') return undefined;
  const name = NAME.exec(line.slice(line.indexOf('at ') + 3))?.[1] ?? null;
  const frame = frameAt(file, row, null, name);
  return name && /^(?:System|Microsoft)\./.test(name) ? { ...frame, library: true } : frame;
}

/** Inner exceptions are printed inside the outer one, before its frames: a stack of those that are open. */
function tracesIn(lines: readonly string[]): Finding[] {
  const found: Finding[] = [];
  let open: Raised[] = [];
  let finding: Finding | undefined;
  let framed = false;
  const end = (): void => {
    if (finding && framed) found.push(finding);
    finding = undefined;
    open = [];
    framed = false;
  };
  lines.forEach((line, at) => {
    if (line.includes('at ') && isAt(line)) {
      const frame = frameOf(line);
      if (!finding) {
        if (!frame) return;
        const error: Raised = { type: null, message: null, frames: [], causes: [] };
        finding = { from: at, to: at, weight: WEIGHT.frames, error };
        open = [error];
      }
      finding.to = at;
      const frames = open.at(-1)?.frames;
      if (frame && frames && frames.length < MOST_FRAMES) frames.push(frame);
      framed ||= frame !== undefined || line.includes(' in <');
    } else if (line.includes('--- End of inner exception')) open.pop();
    else if (line.includes('xception') || line.includes('Error')) {
      const [, inner, type, message] = HEADLINE.exec(line) ?? [];
      if (type === undefined) return;
      const error: Raised = { type, message: messageOf(message), frames: [], causes: [] };
      const outer = open[0];
      if (inner && outer) {
        outer.causes.push(error);
        open.push(error);
      } else {
        end();
        finding = { from: at, to: at, weight: WEIGHT.error, error };
        open = [error];
      }
    } else if (framed && line.trim() === '') end();
  });
  end();
  return found;
}
