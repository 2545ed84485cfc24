/** One place named by a stack trace. `line` and `column` count from 1. */
export interface Frame {
  file: string;
  line: number;
  column: number | null;
  function: string | null;
  /** Other paths that may mean the same file, such as the package path of a Java class. */
  also?: readonly string[];
  /** Set where something else than the path says that this is code of a library: a class name, a generated file. */
  library?: true;
  /** The error that was raised here, where the text tells of others that led to it or that it led to. */
  raised?: string;
}

/** A frame and the characters of its line that name the place: what a link covers. */
export interface FrameInLine {
  frame: Frame;
  start: number;
  end: number;
}

export type LanguageId =
  | 'python'
  | 'javascript'
  | 'typescript'
  | 'java'
  | 'rust'
  | 'go'
  | 'csharp'
  | 'ruby'
  | 'php'
  | 'dart'
  | 'r'
  | 'bash'
  | 'awk'
  | 'make'
  | 'sql'
  | 'dbt'
  | 'gcc'
  | 'snakemake'
  | 'nextflow';

/** A place as an error names it: awk knows its line, but not its file. */
export interface Spot {
  file: string | null;
  line: number;
  column: number | null;
}

/** One error as it was printed, with what caused it. */
export interface Raised {
  /** Where it is another one than the language of the file that reads it. */
  language?: LanguageId;
  type: string | null;
  /** The first line of the message. */
  message: string | null;
  /** Innermost first. */
  frames: Frame[];
  /** A place without a file. */
  at?: Spot;
  /** Why it happened: the nearest cause first, the root cause last. */
  causes: Raised[];
}

/** How much a finding says. The last one of the greatest weight is what a text is about. */
export const WEIGHT = { frames: 1, line: 2, error: 3 } as const;

/** An error in a text, and the lines it takes, from 0. */
export interface Finding {
  from: number;
  to: number;
  weight: number;
  /** True for a tool that tells of a failure of what it runs: the failure before it is the cause. */
  wraps?: true;
  error: Raised;
}

/** How one language prints errors. Pure, never throws, and takes time in proportion to the text. */
export interface StackLanguage {
  readonly id: LanguageId;
  readonly innermost: 'first' | 'last';
  /** Every text of this language has one of these in it: looked for before anything else, because it is cheap. */
  readonly signs: readonly string[];
  /** The frame that a line of text names, if it names one. */
  frameIn(line: string): FrameInLine | undefined;
  /** The errors in a text without escape sequences, in their order. */
  find(lines: readonly string[]): Finding[];
}

export const MOST_FRAMES = 200;
/** A message longer than this is data. */
const LONGEST_MESSAGE = 2000;

/** A frame of what a pattern found. */
export function frameAt(
  file: string,
  line: string | number,
  column?: string | number | null,
  name?: string | null,
): Frame {
  return {
    file,
    line: Number(line),
    column: column === undefined || column === null ? null : Number(column),
    function: name ?? null,
  };
}

/** The place in a line where `place` stands, with its frame. */
export function inLine(line: string, place: string, frame: Frame): FrameInLine | undefined {
  const start = line.lastIndexOf(place);
  return start < 0 ? undefined : { frame, start, end: start + place.length };
}

/** A message in one line; null for none. */
export function messageOf(text: string | undefined | null): string | null {
  const trimmed = text?.trim().slice(0, LONGEST_MESSAGE);
  return trimmed ? trimmed : null;
}

/** The frames of a trace that were printed in the order of `innermost`, innermost first. */
export function innermostFirst(frames: readonly Frame[], innermost: 'first' | 'last'): Frame[] {
  const sorted = innermost === 'last' ? frames.toReversed() : [...frames];
  return sorted.slice(0, MOST_FRAMES);
}

/** The next line from `from` on that is not empty, at most `within` lines away. */
export function nextText(lines: readonly string[], from: number, within = 3): string | null {
  for (let i = from; i < Math.min(lines.length, from + within); i += 1) {
    const text = messageOf(lines[i]);
    if (text !== null) return text;
  }
  return null;
}
