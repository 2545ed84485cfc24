import {
  type Finding,
  type Frame,
  frameAt,
  inLine,
  messageOf,
  MOST_FRAMES,
  type StackLanguage,
  WEIGHT,
} from './frame.ts';

/** `#1 /app/a.php(20): run()`. */
const FRAME = /^\s{0,8}#\d{1,6} ((?:[A-Za-z]:)?[^\s:()][^:()]{0,1000})\((\d{1,9})\): (.{0,300})/;
const FATAL = /(?:PHP )?(?:Fatal|Parse|Recoverable fatal) error: {1,2}(.*)$/;
const NEXT = /^Next ([A-Z\\][\w\\]{0,200})(?:: (.*))?$/;
/** Until PHP 5: `Uncaught exception 'T' with message 'm' in /f.php:60`. */
const OLD = /^Uncaught exception '([\w\\]{1,200})' with message '(.*)$/;
const UNCAUGHT = /^(?:PHP )?Uncaught ([A-Z\\][\w\\]{0,200})(?:: (.*))?$/;
/** The end of a message: ` in /app/a.php:60`, ` in /app/a.php on line 60`. */
const END = /^((?:[A-Za-z]:)?[^:]{1,1000}\.\w{1,8})(?::| on line )(\d{1,9})$/;
const THROWN = /^\s{0,4}thrown in ((?:[A-Za-z]:)?[^:]{1,1000}) on line (\d{1,9})$/;
const PATIENCE = 40;

/** Fatal and parse errors, uncaught exceptions with what came before them, in the formats of PHP 5 to 8. */
export const php: StackLanguage = {
  id: 'php',
  innermost: 'first',
  signs: ['PHP ', 'Fatal error: ', 'Parse error: ', '.php'],
  frameIn(text) {
    const frame = frameOf(text);
    if (frame) return inLine(text, `${frame.file}(${frame.line})`, frame);
    const [, file, line] = text.includes('thrown in') ? (THROWN.exec(text) ?? []) : [];
    if (file !== undefined && line !== undefined)
      return inLine(text, `${file} on line ${line}`, frameAt(file, line));
    const said = text.includes('error: ') ? FATAL.exec(text)?.[1] : undefined;
    const end = said === undefined ? undefined : endOf(said);
    return end?.frame ? inLine(text, end.place, end.frame) : undefined;
  },
  find: findErrors,
};

function frameOf(line: string): Frame | undefined {
  if (!line.includes('#')) return undefined;
  const [, file, row, call] = FRAME.exec(line) ?? [];
  if (file === undefined || row === undefined) return undefined;
  return frameAt(file, row, null, call?.split('(')[0] ?? null);
}

/** A message without the place at its end, and that place. */
function endOf(said: string): { message: string; place: string; frame: Frame | undefined } {
  const cut = said.lastIndexOf(' in ');
  const place = cut < 0 ? '' : said.slice(cut + 4).trimEnd();
  const [, file, row] = END.exec(place) ?? [];
  const frame = file === undefined || row === undefined ? undefined : frameAt(file, row);
  return { message: frame ? said.slice(0, cut) : said, place, frame };
}

function findErrors(lines: readonly string[]): Finding[] {
  const found: Finding[] = [];
  lines.forEach((line, at) => {
    const last = found.at(-1);
    const near = last && at - last.to <= PATIENCE ? last : undefined;
    const said = line.includes('error: ') ? FATAL.exec(line)?.[1] : undefined;
    if (said !== undefined) {
      // With display_errors and a log both on, PHP prints all of it twice.
      found.push(findingOf(at, said, line));
    } else if (near && line.startsWith('Next ')) {
      const [, type, message] = NEXT.exec(line) ?? [];
      if (type === undefined) return;
      const next = findingOf(at, `Uncaught ${type}: ${message ?? ''}`, line);
      next.error.causes = [{ ...near.error, causes: [] }, ...near.error.causes];
      found[found.length - 1] = { ...next, from: near.from };
    } else if (near) {
      const frame = frameOf(line);
      const [, file, row] = line.includes('thrown in') ? (THROWN.exec(line) ?? []) : [];
      if (frame && near.error.frames.length < MOST_FRAMES) near.error.frames.push(frame);
      if (frame || file !== undefined) near.to = at;
      if (file !== undefined && row !== undefined && near.error.frames.length === 0)
        near.error.frames.push(frameAt(file, row));
    } else {
      const frame = frameOf(line);
      if (!frame) return;
      const error = { type: null, message: null, frames: [frame], causes: [] };
      found.push({ from: at, to: at, weight: WEIGHT.frames, error });
    }
  });
  return found;
}

function findingOf(at: number, said: string, line: string): Finding {
  const { message, frame } = endOf(said);
  const old = OLD.exec(message);
  const uncaught = old ?? UNCAUGHT.exec(message);
  const kind = /(\w+(?: fatal)?) error: /.exec(line)?.[1];
  const type = uncaught ? uncaught[1] : `${kind ?? 'Fatal'} error`;
  const text = old?.[2]?.replace(/'$/, '') ?? (uncaught ? uncaught[2] : message);
  const error = {
    type: type?.replace(/^\\/, '') ?? null,
    message: messageOf(text),
    frames: frame ? [frame] : [],
    causes: [],
  };
  return { from: at, to: at, weight: WEIGHT.error, error };
}
