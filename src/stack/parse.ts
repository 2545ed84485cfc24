import { LANGUAGES } from './languages.ts';
import {
  type Finding,
  type Frame,
  frameAt,
  type FrameInLine,
  type LanguageId,
  MOST_FRAMES,
  type Raised,
  type Spot,
  type StackLanguage,
  WEIGHT,
} from './frame.ts';
import { isOwn } from './library.ts';
import { linesOf, LONGEST_LINE, plain, withoutPrefix } from './lines.ts';

export { isLibrary } from './library.ts';

/** What an error says about its place, as it stands on the wire. */
export interface ErrorText {
  stack?: string;
  file?: string;
  line?: number;
  column?: number;
}

/** The error that a text is about. */
export interface ParsedError {
  language: LanguageId;
  type: string | null;
  /** The first line of the message. */
  message: string | null;
  /** Innermost first. */
  frames: Frame[];
  /** Where it was raised: the innermost frame in a person's own code, else the innermost at all. */
  primary: Spot | null;
  /** Why it happened: the nearest cause first, the root cause last. */
  causes: ParsedError[];
}

/** A text is looked at from its end, so much at a time: what failed last is what counts. */
const PART = 1_000_000;
/** So many parts from the end, then the one at the start: a text of any length takes a bounded time. */
const MOST_PARTS = 3;
/** So much of the part before is looked at again: an error may stand across both. */
const OVERLAP = 64_000;

/**
 * The error that a text of any language is about, without escape sequences and what logs put before lines. Of several
 * it is the last one; of a compiler the first. Of a text above 4 MB the first and the last are read, so that none
 * takes long (10 MB: less than 1 s). It never throws; null where no error is found.
 */
export function parseError(text: string): ParsedError | null {
  let framesOnly: ParsedError | null = null;
  for (const part of partsOf(text)) {
    const found = strongest(part);
    if (found && found.weight > WEIGHT.frames) return found.error;
    // Many goroutines, and the panic above all of them: the oldest frames are the nearest to it.
    framesOnly = found?.error ?? framesOnly;
  }
  return framesOnly;
}

function* partsOf(text: string): Generator<string> {
  let end = text.length;
  for (let n = 0; n < MOST_PARTS && end > 0; n += 1, end -= PART)
    yield text.slice(Math.max(0, end - PART - OVERLAP), end);
  if (end > 0) yield text.slice(0, PART);
}

const LONGEST_NAME = 200;

interface Known extends Finding {
  language: LanguageId;
}

function strongest(part: string): { error: ParsedError; weight: number } | undefined {
  const text = plain(part);
  const about = LANGUAGES.filter(({ signs }) => signs.some((sign) => text.includes(sign)));
  if (about.length === 0) return undefined;
  const lines = linesOf(text);
  const found = about.flatMap((language) =>
    language.find(lines).map((finding): Known => ({ ...finding, language: language.id })),
  );
  const wrapper = lastOf(found.filter(({ wraps }) => wraps));
  const inner = lastOf(found.filter(({ wraps }) => !wraps));
  const best = wrapper ?? inner;
  if (!best) return undefined;
  const error = parsed(best.error, best.language);
  if (wrapper && inner && inner.weight > WEIGHT.frames && error.causes.length === 0) {
    const cause = parsed(inner.error, inner.language);
    error.causes = [{ ...cause, causes: [] }, ...cause.causes];
  }
  return { error, weight: best.weight };
}

/** The last of those that say the most. */
function lastOf(found: readonly Known[]): Known | undefined {
  let best: Known | undefined;
  for (const finding of found)
    if (
      !best ||
      finding.weight > best.weight ||
      (finding.weight === best.weight && finding.to > best.to)
    )
      best = finding;
  return best;
}

function parsed(error: Raised, language: LanguageId): ParsedError {
  const { type, message, causes } = error;
  const frames = error.frames.slice(0, MOST_FRAMES);
  const frame = frames.find(isOwn) ?? frames[0];
  return {
    language: error.language ?? language,
    type,
    message,
    frames,
    primary: frame ? spotOf(frame) : (error.at ?? null),
    causes: causes.map((cause) => parsed(cause, language)),
  };
}

function spotOf({ file, line, column }: Frame): Spot {
  return { file, line, column };
}

/**
 * The frames of a text, innermost first: those of the root cause, then those of what it led to. Where there are
 * several errors, the innermost frame of each says which one was raised there.
 */
export function parseStack(text: string): Frame[] {
  const error = parseError(text);
  if (!error) return [];
  const { causes } = error;
  return causes.length === 0 ? error.frames : [...causes.toReversed(), error].flatMap(withName);
}

function withName(error: ParsedError): Frame[] {
  const first = error.frames.find(isOwn) ?? error.frames[0];
  return error.frames.map((frame) =>
    frame === first ? { ...frame, raised: nameOf(error) } : frame,
  );
}

function nameOf({ type, message }: ParsedError): string {
  return [type, message]
    .filter((part) => part !== null)
    .join(': ')
    .slice(0, LONGEST_NAME);
}

/** The frames of an error: its stack, then the place it names itself where the stack does not have it. */
export function framesOfError(error: ErrorText): Frame[] {
  const frames = error.stack === undefined ? [] : parseStack(error.stack);
  const { file, line } = error;
  if (file === undefined || frames.some((frame) => frame.file === file && frame.line === line))
    return frames;
  return [...frames, frameAt(file, Math.max(1, line ?? 1), error.column)];
}

/** The frame that a line of text names, in any language; the characters are those of the line as it was given. */
export function frameInLine(line: string): FrameInLine | undefined {
  const text = withoutPrefix(plain(line.slice(0, LONGEST_LINE)).replaceAll('\n', ' '));
  const found = firstFrame(LANGUAGES, text);
  if (!found) return undefined;
  const start = line.lastIndexOf(text.slice(found.start, found.end));
  if (start < 0 || found.end <= found.start) return undefined;
  return { frame: found.frame, start, end: start + found.end - found.start };
}

function firstFrame(languages: readonly StackLanguage[], line: string): FrameInLine | undefined {
  for (const language of languages) {
    const found = language.frameIn(line);
    if (found) return found;
  }
  return undefined;
}
