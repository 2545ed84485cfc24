import {
  type Finding,
  frameAt,
  type FrameInLine,
  inLine,
  messageOf,
  MOST_FRAMES,
  type StackLanguage,
  WEIGHT,
} from './frame.ts';

/** The line below a function: `\t/app/main.go:12 +0x39`. */
const FRAME = /^[ \t]{1,8}((?:[A-Za-z]:)?[^\s:][^:]{0,1000}\.(?:go|s)):(\d{1,9})(?= \+0x| fp=|$)/;
const FUNCTION =
  /^\s{0,4}(?:created by )?([\w./%*()[\]{}$·-]{1,500}?)(?:\([^()]{0,500}\))?(?: in goroutine \d{1,12})?$/;
const PANIC = /^(panic|fatal error|runtime error|unexpected fault address): ?(.*)$/;
const GOROUTINE = /^\s{0,4}goroutine \d{1,18} \[/;
/** The compiler: `./main.go:3:5: undefined: x`. */
const COMPLAINT = /^(?:vet: )?((?:[A-Za-z]:)?[^\s:][^:]{0,1000}\.go):(\d{1,9}):(\d{1,9}): (.*)$/;
/** A failed test: `    main_test.go:12: got 1` below `--- FAIL: TestIt`. */
const TEST = /^\s{2,16}(\S[^:\s]{0,500}_test\.go):(\d{1,9}): (.*)$/;

/** Panics and fatal errors with the goroutine that raised them, the compiler, and `go test`. */
export const go: StackLanguage = {
  id: 'go',
  innermost: 'first',
  signs: ['.go:', 'goroutine ', 'panic: '],
  frameIn(text): FrameInLine | undefined {
    if (!text.includes('.go:') && !text.includes('.s:')) return undefined;
    const [, file, line, column] =
      FRAME.exec(text) ?? COMPLAINT.exec(text) ?? TEST.exec(text) ?? [];
    if (file === undefined || line === undefined) return undefined;
    const at = column !== undefined && /^\d+$/.test(column) ? column : undefined;
    const place = at === undefined ? `${file}:${line}` : `${file}:${line}:${at}`;
    return inLine(text, place, frameAt(file, line, at));
  },
  find(lines) {
    return [...panicsIn(lines), ...complaintsIn(lines)];
  },
};

function panicsIn(lines: readonly string[]): Finding[] {
  const found: Finding[] = [];
  let open: Finding | undefined;
  let routines = 0;
  lines.forEach((line, at) => {
    const [, type, message] = isPanic(line) ? (PANIC.exec(line) ?? []) : [];
    if (type !== undefined) {
      const text = messageOf(message?.replace(/ \[recovered.{0,40}\]$/, ''));
      const error = { type, message: text, frames: [], causes: [] };
      open = { from: at, to: at, weight: WEIGHT.error, error };
      found.push(open);
      routines = 0;
    } else if (GOROUTINE.test(line)) {
      routines += 1;
      if (open) open.to = at;
      else {
        const error = { type: null, message: null, frames: [], causes: [] };
        open = { from: at, to: at, weight: WEIGHT.frames, error };
        found.push(open);
      }
    } else if (open && line.includes(':')) {
      const [, file, row] = FRAME.exec(line) ?? [];
      if (file === undefined || row === undefined) return;
      open.to = at;
      // The first goroutine is the one that raised it; the others only were there.
      const { frames } = open.error;
      if (routines <= 1 && frames.length < MOST_FRAMES)
        frames.push(frameAt(file, row, null, functionIn(lines[at - 1])));
    }
  });
  return found.filter(({ error, to, from }) => error.frames.length > 0 || to > from);
}

function isPanic(line: string): boolean {
  return (
    line.startsWith('panic: ') ||
    line.startsWith('fatal error: ') ||
    line.startsWith('runtime error: ') ||
    line.startsWith('unexpected fault')
  );
}

function functionIn(line: string | undefined): string | null {
  return (line !== undefined && FUNCTION.exec(line)?.[1]?.trim()) || null;
}

function complaintsIn(lines: readonly string[]): Finding[] {
  let first: Finding | undefined;
  let failing: string | null = null;
  lines.forEach((line, at) => {
    if (line.includes('--- FAIL: ')) failing = /--- FAIL: (\S{1,200})/.exec(line)?.[1] ?? null;
    if (!line.includes('.go:')) return;
    const compiled = COMPLAINT.exec(line);
    const tested = compiled || failing === null ? null : TEST.exec(line);
    const [, file, row] = compiled ?? tested ?? [];
    if (file === undefined || row === undefined) return;
    const frames = [frameAt(file, row, compiled?.[3] ?? null, tested && failing)];
    const type = compiled ? 'error' : 'FAIL';
    const message = messageOf(compiled ? compiled[4] : tested?.[3]);
    first ??= {
      from: at,
      to: at,
      weight: WEIGHT.error,
      error: { type, message, frames, causes: [] },
    };
    first.to = at;
  });
  return first ? [first] : [];
}
