import {
  type Finding,
  type Frame,
  frameAt,
  type FrameInLine,
  inLine,
  messageOf,
  MOST_FRAMES,
  type Raised,
  type StackLanguage,
  WEIGHT,
} from './frame.ts';

/** `    at name (file:1:2)`, `    at async file:///x.mjs:1:2`, `    at file:1`; ` {` begins the error's own fields. */
const FRAME = /^\s{0,64}at (.{1,1500}?)(?: \{|,)?$/;
const PLACE = /^((?:file:\/\/|[A-Za-z]:[\\/]|[/.\w@~-])[^\n]*?):(\d{1,9})(?::(\d{1,9}))?$/;
/** The line above the source excerpt of a syntax error or an uncaught error: `/app/x.js:12`. */
const HEADER = /^((?:file:\/\/\/|\/|[A-Za-z]:[\\/])[^:"'()\s][^:"'()]{0,1000}):(\d{1,9})$/;
const SYNTHETIC = /^(?:node:|https?:|internal\/|native$|eval at|webpack:|<)/;
/** C# says ` in ` before its file. */
const OTHERS = / in (?:\/|[A-Za-z]:|<)/;
/** Rust, Java and the rest print `at` too; what they say of themselves is for their own files. */
const FOREIGN = /\.(?:rs|cs|java|kt|scala|dart|php|rb|go)$/;
const INTERNAL = /^\s+at (?:.{0,300}\()?(?:node:|<anonymous>|native\b|https?:|eval at)/;
const TYPED =
  /^\s{0,16}(\[cause\]: |Caused by: )?(?:Uncaught |Unhandled )?([A-Za-z_$][\w$.]{0,100}(?:Error|Exception))(?: \[[\w]{1,100}\])?(?:: (.*))?$/;
const NAMED = /^\s{0,16}(?:Uncaught )?([A-Z][\w$.]{0,100})(?:: (.*))?$/;
const MOST_MESSAGE_LINES = 20;

/** Node prints the innermost frame first. */
export const node: StackLanguage = {
  id: 'javascript',
  innermost: 'first',
  signs: ['at ', 'Error'],
  frameIn(text) {
    const at = text.includes('at ') ? FRAME.exec(text) : null;
    if (!at) return header(text);
    const inner = (at[1] ?? '').trimEnd();
    const open = inner.endsWith(')') ? inner.indexOf(' (') : -1;
    const place = open < 0 ? inner.replace(/^async /, '') : inner.slice(open + 2, -1);
    const last = place.charCodeAt(place.length - 1);
    if (last < 48 || last > 57) return undefined;
    const [, raw, line, column] = PLACE.exec(place) ?? [];
    if (raw === undefined || line === undefined || SYNTHETIC.test(raw)) return undefined;
    if (!/[./\\]/.test(raw) || OTHERS.test(raw)) return undefined; // "at 10:30" is a time
    const name = open < 0 ? '' : inner.slice(0, open);
    const frame = frameAt(pathOf(raw), line, column, name ? name.replace(/^async /, '') : null);
    return inLine(text, place, frame);
  },
  find(lines) {
    const reader = new Reader(lines);
    lines.forEach((line, at) => reader.take(line, at));
    reader.end();
    return reader.found;
  },
};

interface Head {
  at: number;
  cause: boolean;
  type: string | null;
  message: string | null;
}

/** Reads line by line: a header with a place, the error, its frames. */
class Reader {
  readonly found: Finding[] = [];
  private place: { frame: Frame; at: number } | undefined;
  private head: Head | undefined;
  private frames: Frame[] = [];
  private inFrames = false;
  private last = 0;
  /** Inside the errors of an AggregateError: the first of them says why. */
  private many: 'no' | 'first' | 'more' = 'no';

  constructor(private readonly lines: readonly string[]) {}

  take(line: string, at: number): void {
    if (this.inFrames && /^\s+(?:at \S|\.\.\. \d+ lines)/.test(line))
      return this.takeFrame(line, at);
    const isFrame = line.includes('at ') && this.isFirstFrame(line);
    if (isFrame) {
      if (!this.inFrames) this.head ??= this.headAbove(at);
      this.inFrames = true;
      return this.takeFrame(line, at);
    }
    if (this.inFrames) this.end();
    if (line.endsWith('[errors]: [')) this.many = 'first';
    else if (this.many !== 'no' && /^\s*\]/.test(line)) this.many = 'no';
    const place = header(line);
    if (place) {
      this.end();
      this.place = { frame: place.frame, at };
    } else if (line.includes('Error') || line.includes('Exception')) this.takeHead(line, at);
    else if (this.head && at - this.head.at > MOST_MESSAGE_LINES) this.end();
  }

  /** What was read since the last end becomes a finding, where it names a place or has frames. */
  end(): void {
    const { place, head, frames, inFrames } = this;
    if (inFrames || (place && head)) {
      const own = place && !frames.some(sameLine(place.frame)) ? [this.withColumn(place)] : [];
      const error = {
        type: head?.type ?? null,
        message: head?.message ?? null,
        frames: [...own, ...frames],
        causes: [],
      };
      this.add(error, place?.at ?? head?.at ?? this.last);
    }
    this.place = undefined;
    this.head = undefined;
    this.frames = [];
    this.inFrames = false;
  }

  private add(error: Raised, from: number): void {
    const { head, last } = this;
    const before = this.found.at(-1);
    if (head?.cause && before && from - before.to <= 3) {
      before.error.causes.push(error);
      before.to = last;
    } else if (before && this.many === 'more') before.to = last;
    else if (head || error.frames.length > 0) {
      const weight = head ? WEIGHT.error : WEIGHT.frames;
      this.found.push({ from, to: Math.max(last, head?.at ?? 0), weight, error });
      if (this.many === 'first') this.many = 'more';
    }
  }

  private takeFrame(line: string, at: number): void {
    this.last = at;
    const found = node.frameIn(line);
    if (found && !FOREIGN.test(found.frame.file) && this.frames.length < MOST_FRAMES)
      this.frames.push(found.frame);
  }

  private takeHead(line: string, at: number): void {
    const [, cause, type, message] = TYPED.exec(line) ?? [];
    if (type === undefined) return;
    if (this.place && at - this.place.at > MOST_MESSAGE_LINES) this.place = undefined;
    const text = messageOf(message);
    this.head = { at, cause: cause !== undefined, type, message: text };
  }

  private isFirstFrame(line: string): boolean {
    const found = /^\s/.test(line) || line.startsWith('at ') ? node.frameIn(line) : undefined;
    if (found) return !FOREIGN.test(found.frame.file);
    return INTERNAL.test(line);
  }

  /** A thrown class need not be called an error: the line above the first frame says what it is. */
  private headAbove(at: number): Head | undefined {
    const above = at > 0 ? (this.lines[at - 1] ?? '') : '';
    const [, type, message] = NAMED.exec(above) ?? [];
    if (type === undefined || /^\s+at /.test(above)) return undefined;
    return { at: at - 1, cause: false, type, message: messageOf(message) };
  }

  /** The column that the `^` below the excerpt points at. */
  private withColumn({ frame, at }: { frame: Frame; at: number }): Frame {
    const caret = /^\s*(?=\^+\s*$)/.exec(this.lines[at + 2] ?? '');
    return caret ? { ...frame, column: caret[0].length + 1 } : frame;
  }
}

function sameLine(frame: Frame): (other: Frame) => boolean {
  return ({ file, line }) => file === frame.file && line === frame.line;
}

function header(text: string): FrameInLine | undefined {
  const last = text.charCodeAt(text.length - 1);
  if (!(last >= 48 && last <= 57)) return undefined;
  const [place, raw, line] = HEADER.exec(text) ?? [];
  if (place === undefined || raw === undefined || line === undefined) return undefined;
  return { frame: frameAt(pathOf(raw), line), start: 0, end: place.length };
}

/** The path a `file:` URL names; any other text as it is. */
export function pathOf(raw: string): string {
  if (!raw.startsWith('file://')) return raw;
  const path = raw.slice('file://'.length).replace(/[?#].*$/, '');
  // file:///C:/x is C:/x
  const local = /^\/[A-Za-z]:[\\/]/.test(path) ? path.slice(1) : path;
  try {
    return decodeURIComponent(local);
  } catch {
    return local; // a stray % in the name: the text itself is the best guess
  }
}
