import {
  type Finding,
  type Frame,
  frameAt,
  inLine,
  messageOf,
  MOST_FRAMES,
  nextText,
  type StackLanguage,
  WEIGHT,
} from './frame.ts';

/** What stands before a place: `from `, `  3: from `, `# `. */
const BEFORE = /^\s{0,16}(?:(?:\d{1,5}: )?from |# |- )?/;
const PLACE = /^((?:[A-Za-z]:)?[^\s:'"`][^:'"`]{0,1000}):(\d{1,9}):in $/;
const RAISED = /^: (.*) \(([A-Z][\w:]{0,200})\)$/;
/** The message goes on in further lines; the class stands at the end of the first. */
const RAILS = /^\s{0,4}([A-Z][\w:]{0,200}(?:Error|Exception|NotFound|Invalid)\w{0,40}) \((.*)\):$/;
const SYNTAX = /^((?:[A-Za-z]:)?[^\s:][^:]{0,1000}\.rb):(\d{1,9}): (syntax errors?.*)$/;
const RSPEC = /^\s{2,12}Failure\/Error: (.*)$/;

/** Traces of Ruby in both orders, Rails logs, rspec, and syntax errors. */
export const ruby: StackLanguage = {
  id: 'ruby',
  innermost: 'first',
  signs: [':in `', ":in '", '.rb:'],
  frameIn(text) {
    const found = placeIn(text);
    if (!found) return undefined;
    return inLine(text, `${found.frame.file}:${found.frame.line}`, found.frame);
  },
  find(lines) {
    return [...tracesIn(lines), ...syntaxIn(lines)];
  },
};

function placeIn(line: string): { frame: Frame; rest: string; from: boolean } | undefined {
  const tick = line.indexOf(':in `');
  const at = tick < 0 ? line.indexOf(":in '") : tick;
  if (at < 0) return undefined;
  const before = BEFORE.exec(line)?.[0] ?? '';
  const [, file, row] = PLACE.exec(line.slice(before.length, at + 4)) ?? [];
  const close = line.indexOf("'", at + 5);
  if (file === undefined || row === undefined || close < 0) return undefined;
  const name = line.slice(at + 5, close).slice(0, 200);
  const frame = frameAt(file, row, null, name);
  return { frame, rest: line.slice(close + 1), from: before.includes('from') };
}

function tracesIn(lines: readonly string[]): Finding[] {
  const found: Finding[] = [];
  let open: Finding | undefined;
  lines.forEach((line, at) => {
    const place = placeIn(line);
    if (!place) {
      const [, type, message] = line.endsWith('):') ? (RAILS.exec(line) ?? []) : [];
      if (type !== undefined) open = begin(found, at, type, message ?? null);
      return;
    }
    const raised = RAISED.exec(place.rest);
    if (raised || (place.rest.startsWith(': ') && !place.from)) {
      const type = raised?.[2] ?? typeBelow(lines, at);
      const outer = open;
      open = begin(found, at, type, raised?.[1] ?? place.rest.slice(2));
      // A cause is printed right below the frames of what it caused.
      if (outer?.to === at - 1 && outer.weight === WEIGHT.error) {
        outer.error.causes.push(open.error);
        found.pop();
        outer.to = at;
      }
    } else if (!open || at - open.to > 12) open = begin(found, at, null, rspecAbove(lines, at));
    open.to = at;
    if (open.error.frames.length < MOST_FRAMES) open.error.frames.push(place.frame);
  });
  return found.filter(({ error }) => error.frames.length > 0);
}

function begin(found: Finding[], at: number, type: string | null, message: string | null): Finding {
  const error = { type, message: messageOf(message), frames: [], causes: [] };
  const weight = type === null && message === null ? WEIGHT.frames : WEIGHT.error;
  const finding = { from: at, to: at, weight, error };
  found.push(finding);
  return finding;
}

/** `message (` and further lines, then `Class)`: the class of a message of several lines. */
function typeBelow(lines: readonly string[], at: number): string | null {
  for (const line of lines.slice(at, at + 6)) {
    const [, type] = /\(([A-Z][\w:]{0,200}(?:Error|Exception)\w{0,40})\)\s*$/.exec(line) ?? [];
    if (type !== undefined) return type;
  }
  return null;
}

function rspecAbove(lines: readonly string[], at: number): string | null {
  for (let i = at - 1; i >= Math.max(0, at - 12); i -= 1) {
    const line = lines[i] ?? '';
    if (line.includes('Failure/Error: ') && RSPEC.test(line)) return nextText(lines, i + 1);
  }
  return null;
}

function syntaxIn(lines: readonly string[]): Finding[] {
  for (const [at, line] of lines.entries()) {
    if (!line.includes('.rb:')) continue;
    const [, file, row, message] = SYNTAX.exec(line.replace(/^ruby: /, '')) ?? [];
    if (file === undefined || row === undefined) continue;
    const frames = [frameAt(file, row)];
    const error = { type: 'SyntaxError', message: messageOf(message), frames, causes: [] };
    return [{ from: at, to: at, weight: WEIGHT.error, error }];
  }
  return [];
}
