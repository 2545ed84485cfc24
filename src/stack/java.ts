import { caretBelow, colonsComplaint, type Complaint, firstComplaint, linkOf } from './compiler.ts';
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

/** `at com.app.Main.run(Main.java:12)`, with a module or a loader before it: `java.base/java.lang...`. */
const FRAME =
  /^\s{0,16}at (?:[\w.@$-]{0,200}\/){0,3}([\w.$<>-]{1,500})\.([\w$<>-]{1,200})\(([^():]{1,200}\.(?:java|kt|kts|scala|sc|groovy|clj)):(\d{1,9})\)/;
const ANY_FRAME =
  /^\s{0,16}at [\w.$<>/@-]{1,700}\((?:[^():]{1,200}\.(?:java|kt|kts|scala|sc|groovy|clj)(?::\d{1,9})?|Native Method|Unknown Source|<generated>)\)/;
const MORE = /^\s{0,16}\.\.\. \d{1,6} (?:more|common frames omitted)/;
const LIBRARY =
  /^(?:java|javax|jdk|sun|com\.sun|scala|kotlin|kotlinx|groovy|clojure|akka|io\.netty|org\.(?:apache|codehaus\.groovy|gradle|junit|springframework|hibernate|eclipse|scalatest))[.$]/;
const CAUSED = /^\s{0,16}Caused by: /;
const SUPPRESSED = /^\s{1,16}Suppressed: /;
const ENDS = /(?:Exception|Error|Throwable)(?=:|\s*$)/g;
/** A class that is not called an error: it needs its package to be told from prose. */
const QUALIFIED = /^((?:[a-z_]\w{0,60}\.){1,12}[A-Z][\w$]{0,100})(?:: (.*))?$/;
const PATIENCE = 20;

/** Stack traces of everything on the JVM, and the errors of javac, scalac, kotlinc, Maven and Gradle. */
export const java: StackLanguage = {
  id: 'java',
  innermost: 'first',
  signs: ['.java', '.kt', '.scala', '.groovy', '.clj', '\tat ', '  at '],
  frameIn(text) {
    if (!text.includes('(')) return linkOf(text, compiler(text));
    const [, owner, method, name, line] = text.includes('at ') ? (FRAME.exec(text) ?? []) : [];
    if (owner === undefined || name === undefined || line === undefined)
      return linkOf(text, compiler(text));
    return inLine(text, `${name}:${line}`, frameOf(owner, `${owner}.${method ?? ''}`, name, line));
  },
  find(lines) {
    return [...tracesIn(lines), ...firstComplaint(lines, (line, at) => complaint(lines, line, at))];
  },
};

function frameOf(owner: string, name: string, file: string, line: string): Frame {
  const dot = owner.lastIndexOf('.');
  const frame = frameAt(file, line, null, name);
  if (dot > 0) frame.also = [`${owner.slice(0, dot).replaceAll('.', '/')}/${file}`];
  return LIBRARY.test(`${owner}.`) ? { ...frame, library: true } : frame;
}

interface Trace {
  from: number;
  to: number;
  link: 'none' | 'cause' | 'suppressed';
  error: Raised;
  framed: boolean;
}

function tracesIn(lines: readonly string[]): Finding[] {
  const traces: Trace[] = [];
  let open: Trace | undefined;
  lines.forEach((line, at) => {
    const isFrame = line.includes('at ') && ANY_FRAME.test(line);
    if (isFrame && open && at - open.to <= PATIENCE) takeFrame(open, line, at);
    else if (isFrame && javaFrame(line)) {
      open = headless(at);
      traces.push(open);
      takeFrame(open, line, at);
    } else if (MORE.test(line)) {
      if (open) open.to = at;
    } else {
      const next = traceAt(line, at);
      // "nested exception is:" and the like: the first line says what was raised.
      const goesOn = open && !open.framed && (lines[at - 1] ?? '').endsWith(':');
      if (!next || (goesOn && next.link === 'none')) return;
      if (open && !open.framed && open.link === 'none') traces.pop();
      open = next;
      traces.push(next);
    }
  });
  return joined(traces);
}

function takeFrame(open: Trace, line: string, at: number): void {
  open.to = at;
  open.framed = true;
  const found = javaFrame(line);
  if (found && open.error.frames.length < MOST_FRAMES) open.error.frames.push(found.frame);
}

function javaFrame(line: string): FrameInLine | undefined {
  return line.includes('(') ? java.frameIn(line) : undefined;
}

function headless(at: number): Trace {
  const error: Raised = { type: null, message: null, frames: [], causes: [] };
  return { from: at, to: at, link: 'none', error, framed: false };
}

/** The trace that a line begins, if it begins one. */
function traceAt(line: string, at: number): Trace | undefined {
  const link = CAUSED.test(line) ? 'cause' : SUPPRESSED.test(line) ? 'suppressed' : 'none';
  const named = nameIn(line, link !== 'none');
  if (!named) return undefined;
  const error: Raised = { ...named, message: messageOf(named.message), frames: [], causes: [] };
  return { from: at, to: at, link, error, framed: false };
}

/** The first `some.Exception: message` in a line: logs put much before it. */
function nameIn(
  line: string,
  linked: boolean,
): { type: string; message: string | null } | undefined {
  if (line.length < 5) return undefined;
  const body = linked ? line.slice(line.indexOf(': ') + 2) : line;
  ENDS.lastIndex = 0;
  const end = ENDS.exec(body) && ENDS.lastIndex;
  if (end) {
    let start = end;
    while (start > 0 && /[\w.$]/.test(body.charAt(start - 1))) start -= 1;
    const type = body.slice(start, end);
    return { type, message: body.charAt(end) === ':' ? body.slice(end + 1) : null };
  }
  const [, type, message] = /^[a-z_]\w*\./.test(body) ? (QUALIFIED.exec(body) ?? []) : [];
  return type === undefined ? undefined : { type, message: message ?? null };
}

/** Causes go to what they caused; what never had a frame was prose. */
function joined(traces: readonly Trace[]): Finding[] {
  const findings: Finding[] = [];
  for (const { from, to, link, error, framed } of traces) {
    const before = findings.at(-1);
    if (link === 'cause' && before) {
      before.error.causes.push(error);
      before.to = to;
    } else if (link === 'suppressed') {
      if (before) before.to = to;
    } else if (framed) {
      const weight = error.type === null ? WEIGHT.frames : WEIGHT.error;
      findings.push({ from, to, weight, error });
    }
  }
  return findings;
}

const SOURCE = /\.(?:java|kt|kts|scala|groovy)$/;
/** Maven: `/app/A.java:[3,5] message`. */
const MAVEN = /^(\/[^:]{1,1000}\.(?:java|kt|scala)):\[(\d{1,9}),(\d{1,9})\] (.*)$/;
/** kotlinc: `e: file:///app/A.kt:3:5 message`, `e: /app/A.kt: (3, 5): message`; sbt: `/app/A.scala:3:5: message`. */
const KOTLIN =
  /^e: (?:file:\/\/)?(\/[^:]{1,1000}\.kts?):(?: \()?(\d{1,9})(?:, |:)(\d{1,9})(?:\):)? (.*)$/;
const SBT = /^(\/[^:]{1,1000}\.scala):(\d{1,9}):(?:(\d{1,9}):)? (.*)$/;

function compiler(line: string): Complaint | undefined {
  const javac = colonsComplaint(line, (file) => SOURCE.test(file));
  if (javac) return javac;
  const match =
    line.startsWith('/') || line.startsWith('e: ')
      ? (MAVEN.exec(line) ?? KOTLIN.exec(line) ?? SBT.exec(line))
      : null;
  const [, file, row, column, message] = match ?? [];
  if (file === undefined || row === undefined || message?.startsWith('warning')) return undefined;
  return { type: 'error', message: messageOf(message), frame: frameAt(file, row, column) };
}

function complaint(lines: readonly string[], line: string, at: number): Complaint | undefined {
  const found = compiler(line);
  if (!found || found.frame.column !== null) return found;
  return { ...found, frame: { ...found.frame, column: caretBelow(lines, at) } };
}
