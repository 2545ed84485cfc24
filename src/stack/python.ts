import type { FrameInLine, StackLanguage } from './frame.ts';

/** `  File "a.py", line 3, in main`; inside exception groups each line carries `| ` before it. */
const FRAME = /^[\s|+-]{0,64}File "([^"<][^"]{0,1000})", line (\d{1,9})(?:, in (.{1,200}))?/;

/**
 * Python prints the innermost frame last. With chained exceptions and exception groups the last traceback is the one
 * that was raised (or the leaf), so the reversed text has the right order as a whole.
 */
export const python: StackLanguage = {
  innermost: 'last',
  frameIn(text): FrameInLine | undefined {
    const match = FRAME.exec(text);
    const [, file, line, name] = match ?? [];
    if (!match || file === undefined || line === undefined) return undefined;
    const start = match[0].indexOf('File "');
    const place = `File "${file}", line ${line}`;
    const frame = { file, line: Number(line), column: null, function: name?.trim() ?? null };
    return { frame, start, end: start + place.length };
  },
};
