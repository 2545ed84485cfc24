import {
  colonsComplaint,
  type Complaint,
  firstComplaint,
  linkOf,
  parensComplaint,
} from './compiler.ts';
import {
  type Finding,
  frameAt,
  inLine,
  messageOf,
  MOST_FRAMES,
  nextText,
  type Raised,
  type StackLanguage,
  WEIGHT,
} from './frame.ts';

/** Files whose compilers have a file of their own here. */
const OTHERS = /\.(?:java|kt|kts|scala|groovy|dart)$/;
/** The linker: `main.c:(.text+0x5): undefined reference to x`, with debug information `main.c:3: undefined ...`. */
const LINKER =
  /^(?:.{0,300}\bld(?:\.\w{1,8})?: )?([^\s:][^:]{0,500}):(?:(\d{1,9}):|\([^()]{1,100}\):) (undefined reference to .*)$/;
const CMAKE = /^CMake Error (?:at|in) ([^\s:()]{1,500})(?::(\d{1,9}))?(?: \(\w{1,60}\))?:$/;
const ASSERT =
  /^(?:[^\s:]{1,300}: )?([^\s:]{1,500}\.\w{1,5}):(\d{1,9}): (.{1,300}): Assertion [`'"](.*)['"] failed/;
const ASAN =
  /^(?:==\d{1,12}==)?\s?ERROR: (\w{1,40}Sanitizer): (.*?)(?: on (?:unknown )?address.*)?$/;
const ASAN_FRAME =
  /^\s{2,8}#\d{1,4} 0x[\da-f]{1,16} in (.{1,500}) (\S{1,500}):(\d{1,9})(?::(\d{1,9}))?$/;
/** `make: *** [Makefile:2: all] Error 1`. */
const MAKE =
  /^g?make(?:\[\d{1,4}\])?: \*\*\* \[([^\s:\]]{1,500}):(\d{1,9}): ([^\]]{1,500})\] (.*)$/;
const MAKE_SYNTAX = /^([^\s:]{1,500}):(\d{1,9}): \*\*\* (.*?)\.?(?:  Stop\.)?$/;

/** gcc, clang and every compiler that prints as they do, linkers, CMake, assertions, sanitizers, and make. */
export const gcc: StackLanguage = {
  id: 'gcc',
  innermost: 'first',
  signs: [
    'error: ',
    'undefined reference',
    'CMake Error',
    'Assertion ',
    'Sanitizer',
    '*** ',
    ': error C',
  ],
  frameIn(text) {
    const asan = text.includes(' 0x') ? ASAN_FRAME.exec(text) : null;
    if (asan?.[2] !== undefined && asan[3] !== undefined) {
      const place = text.slice(text.lastIndexOf(asan[2]));
      return inLine(text, place, frameAt(asan[2], asan[3], asan[4], asan[1]));
    }
    const frame = makeIn(text)?.frames[0];
    if (frame) return inLine(text, `${frame.file}:${frame.line}`, frame);
    return linkOf(text, complaintIn(text));
  },
  find(lines) {
    return [
      ...firstComplaint(lines, (line, at) => complaintIn(line, at, lines)),
      ...sanitizers(lines),
      ...makes(lines),
    ];
  },
};

function complaintIn(line: string, at = 0, lines: readonly string[] = []): Complaint | undefined {
  const said =
    colonsComplaint(line, (file) => !OTHERS.test(file)) ?? parensComplaint(line, /^(?:C|LNK)\d/);
  if (said) return said;
  if (line.includes('undefined reference')) {
    const [, file, row, message] = LINKER.exec(line) ?? [];
    if (file === undefined) return undefined;
    return { type: 'error', message: messageOf(message), frame: frameAt(file, row ?? 1) };
  }
  if (line.startsWith('CMake Error')) {
    const [, file, row] = CMAKE.exec(line) ?? [];
    if (file === undefined) return undefined;
    const message = nextText(lines, at + 1);
    return { type: 'CMake Error', message, frame: frameAt(file, row ?? 1) };
  }
  const [, file, row, name, text] = line.includes('Assertion ') ? (ASSERT.exec(line) ?? []) : [];
  if (file === undefined || row === undefined) return undefined;
  return {
    type: 'Assertion',
    message: messageOf(text),
    frame: frameAt(file, row, null, name),
  };
}

function sanitizers(lines: readonly string[]): Finding[] {
  const found: Finding[] = [];
  let first = true;
  lines.forEach((line, at) => {
    const [, type, message] = line.includes('Sanitizer') ? (ASAN.exec(line) ?? []) : [];
    const last = found.at(-1);
    if (type !== undefined) {
      const error = { type, message: messageOf(message), frames: [], causes: [] };
      found.push({ from: at, to: at, weight: WEIGHT.error, error });
      first = true;
    } else if (last && first && line.includes(' 0x')) {
      const [, name, file, row, column] = ASAN_FRAME.exec(line) ?? [];
      if (file === undefined || row === undefined || at - last.to > 20) return;
      last.to = at;
      if (last.error.frames.length < MOST_FRAMES)
        last.error.frames.push(frameAt(file, row, column, name));
      // Where the memory was freed and allocated comes after the first trace.
    } else if (line.trim() === '' && last && last.error.frames.length > 0) first = false;
  });
  return found;
}

function makeIn(line: string): Raised | undefined {
  if (!line.includes('*** ')) return undefined;
  const [, file, row, target, said] = MAKE.exec(line) ?? [];
  if (file !== undefined && row !== undefined) {
    const message = messageOf(`[${target ?? ''}] ${said ?? ''}`);
    return { language: 'make', type: 'make', message, frames: [frameAt(file, row)], causes: [] };
  }
  const [, makefile, at, message] = MAKE_SYNTAX.exec(line) ?? [];
  if (makefile === undefined || at === undefined) return undefined;
  const frames = [frameAt(makefile, at)];
  return { language: 'make', type: 'make', message: messageOf(message), frames, causes: [] };
}

/** What make itself says is worth the least: the command that failed said why. */
function makes(lines: readonly string[]): Finding[] {
  const found: Finding[] = [];
  lines.forEach((line, at) => {
    const error = makeIn(line);
    if (error && found.length === 0) found.push({ from: at, to: at, weight: WEIGHT.frames, error });
  });
  return found;
}
