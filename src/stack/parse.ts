import { type Frame, type FrameInLine, framesOf, type StackLanguage } from './frame.ts';
import { node } from './node.ts';
import { python } from './python.ts';

/** One line a language: the rest follows. */
const LANGUAGES: readonly StackLanguage[] = [python, node];

/** What an error says about its place, as it stands on the wire. */
export interface ErrorText {
  stack?: string;
  file?: string;
  line?: number;
  column?: number;
}

/** The frames of a stack trace, innermost first; of a text in two languages, those of the one that printed more first. */
export function parseStack(text: string): Frame[] {
  return LANGUAGES.map((language) => framesOf(language, text))
    .sort((a, b) => b.length - a.length)
    .flat();
}

/** The frames of an error: its stack, then the place it names itself where the stack does not have it. */
export function framesOfError(error: ErrorText): Frame[] {
  const frames = error.stack === undefined ? [] : parseStack(error.stack);
  const { file, line } = error;
  if (file === undefined || frames.some((frame) => frame.file === file && frame.line === line))
    return frames;
  const named = {
    file,
    line: Math.max(1, line ?? 1),
    column: error.column ?? null,
    function: null,
  };
  return [...frames, named];
}

/** The frame that a line of text names, in any language. */
export function frameInLine(line: string): FrameInLine | undefined {
  for (const language of LANGUAGES) {
    const found = language.frameIn(line);
    if (found) return found;
  }
  return undefined;
}

const LIBRARY = /[\\/](?:node_modules|site-packages|dist-packages|\.venv|venv)[\\/]/;

/** True for code that somebody else wrote and was installed here: a person's own frame is the better place to look. */
export function isLibrary(file: string): boolean {
  return LIBRARY.test(file);
}
