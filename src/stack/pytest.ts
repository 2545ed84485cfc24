import {
  type Finding,
  type Frame,
  frameAt,
  inLine,
  innermostFirst,
  messageOf,
  type StackLanguage,
  WEIGHT,
} from './frame.ts';

/** `tests/test_a.py:12: AssertionError`, `tests/test_a.py:12: in test_it`. */
const PLACE = /^([^\s:][^:]{0,500}\.py):(\d{1,9}):(?: in (\S{1,200})| ([A-Za-z_][\w.]{0,200}))? ?$/;
const SAID = /^E {2,12}(\S.*)$/;
const TYPED = /^([A-Za-z_][\w.]{0,200}):(?: (.*))?$/;
/** What parts one test from the next: `____ test_it ____`, `==== short test summary info ====`. */
const RULER = /^(?:_{3,}|={3,}) \S/;

interface Entry {
  from: number;
  to: number;
  frames: Frame[];
  said: string | null;
  /** The name that stands behind the last place. */
  name: string | null;
}

/** What pytest prints of a failure, in its long and short styles; the native style is Python's own. The first failing test counts. */
export const pytest: StackLanguage = {
  id: 'python',
  innermost: 'last',
  signs: ['E  '],
  frameIn(text) {
    if (!text.includes('.py:')) return undefined;
    const [, file, line, name] = PLACE.exec(text) ?? [];
    if (file === undefined || line === undefined) return undefined;
    return inLine(text, `${file}:${line}`, frameAt(file, line, null, name));
  },
  find(lines) {
    const [first, ...others] = entriesOf(lines);
    if (!first) return [];
    return [{ ...first, to: others.at(-1)?.to ?? first.to }];
  },
};

function entriesOf(lines: readonly string[]): Finding[] {
  const found: Finding[] = [];
  let entry: Entry | undefined;
  const end = (): void => {
    if (entry && entry.frames.length > 0 && entry.said !== null) found.push(findingOf(entry));
    entry = undefined;
  };
  lines.forEach((line, at) => {
    if (RULER.test(line)) return end();
    const said = line.startsWith('E  ') ? SAID.exec(line)?.[1] : undefined;
    const place = said === undefined && line.includes('.py:') ? PLACE.exec(line) : null;
    if (said === undefined && !place) return;
    entry ??= { from: at, to: at, frames: [], said: null, name: null };
    entry.to = at;
    entry.said ??= said ?? null;
    if (place?.[1] === undefined || place[2] === undefined) return;
    entry.frames.push(frameAt(place[1], place[2], null, place[3]));
    entry.name = place[4] ?? entry.name;
  });
  end();
  return found;
}

function findingOf({ from, to, frames, said, name }: Entry): Finding {
  const [, typed, rest] = TYPED.exec(said ?? '') ?? [];
  const isType = typed !== undefined && (name === null || typed.split('.').at(-1) === name);
  const type = isType ? typed : (name ?? 'AssertionError');
  const message = messageOf(isType ? rest : said);
  const error = { type, message, frames: innermostFirst(frames, 'last'), causes: [] };
  return { from, to, weight: WEIGHT.error, error };
}
