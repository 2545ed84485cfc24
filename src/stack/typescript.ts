import { type Complaint, firstComplaint, linkOf, parensComplaint } from './compiler.ts';
import { frameAt, messageOf, type StackLanguage } from './frame.ts';

/** `src/a.ts:3:5 - error TS2322: message`: tsc with colours. */
const PRETTY = /^([^\s:][^:]{0,1000}):(\d{1,9}):(\d{1,9}) - error (TS\d{1,6}): (.*)$/;
/** The place that esbuild and vite print some lines below `[ERROR] message`. */
const BUNDLER = /^\s{2,8}([^\s:][^:]{0,1000}\.[cm]?[jt]sx?):(\d{1,9}):(\d{1,9}):$/;
const BUNDLER_SAYS = /^(?:[✘X] )?\[ERROR\] (.*)$/;

/** Errors of tsc in both of its styles, and of esbuild. */
export const typescript: StackLanguage = {
  id: 'typescript',
  innermost: 'first',
  signs: ['error TS', '[ERROR]', '✘'],
  frameIn(text) {
    return linkOf(text, tsc(text));
  },
  find(lines) {
    return firstComplaint(lines, (line, at) => tsc(line) ?? bundler(lines, at));
  },
};

function tsc(line: string): Complaint | undefined {
  if (!line.includes('error TS')) return undefined;
  const [, file, row, column, type, message] = PRETTY.exec(line) ?? [];
  if (file === undefined || row === undefined) return parensComplaint(line, /^TS/);
  return {
    type: type ?? null,
    message: messageOf(message),
    frame: frameAt(file, row, column),
  };
}

function bundler(lines: readonly string[], at: number): Complaint | undefined {
  const line = lines[at] ?? '';
  const said = line.includes('ERROR]') ? BUNDLER_SAYS.exec(line) : null;
  if (!said) return undefined;
  for (const below of lines.slice(at + 1, at + 4)) {
    const [, file, row, column] = BUNDLER.exec(below) ?? [];
    if (file === undefined || row === undefined) continue;
    return { type: null, message: messageOf(said[1]), frame: frameAt(file, row, column) };
  }
  return undefined;
}
