/** One place named by a stack trace. `line` and `column` count from 1. */
export interface Frame {
  file: string;
  line: number;
  column: number | null;
  function: string | null;
}

/** A frame and the characters of its line that name the place: what a link covers. */
export interface FrameInLine {
  frame: Frame;
  start: number;
  end: number;
}

/** How one language prints a stack trace. */
export interface StackLanguage {
  readonly innermost: 'first' | 'last';
  /** The frame that a line of text names, if it names one. */
  frameIn(line: string): FrameInLine | undefined;
}

/** A line longer than this is data, not a stack frame; it also bounds what a pattern may cost. */
const LONGEST_LINE = 2000;
const MOST_FRAMES = 200;

/** The frames of a text, innermost first. */
export function framesOf(language: StackLanguage, text: string): Frame[] {
  const frames: Frame[] = [];
  for (const line of text.split(/\r?\n/)) {
    const found = line.length > LONGEST_LINE ? undefined : language.frameIn(line);
    if (found) frames.push(found.frame);
  }
  return (language.innermost === 'last' ? frames.reverse() : frames).slice(0, MOST_FRAMES);
}
