import {
  type Finding,
  type Frame,
  frameAt,
  type FrameInLine,
  inLine,
  innermostFirst,
  messageOf,
  nextText,
  type Raised,
  type StackLanguage,
  WEIGHT,
} from './frame.ts';

/** `  File "a.py", line 3, in main`; inside exception groups each line carries `| ` before it. */
const FRAME = /^[\s|+│-]{0,64}File "([^"<][^"]{0,1000})", line (\d{1,9})(?:,? in (.{1,200}))?/;
/** IPython and notebooks: `File ~/a.py:3, in main(x)`. */
const NOTEBOOK = /^File (\S[^:]{0,500}\.pyw?):(\d{1,9})(?:, in (.{1,200}))?$/;
/** The boxes of `rich`: `│ /app/a.py:3 in main      │`. */
const RICH = /^[│|] (\S[^:]{0,500}\.pyw?):(\d{1,9}) in (\S{1,200})/;
const HEADER = /(Exception Group )?Traceback \(most recent call last\)/;
const FAULT = '(most recent call first):';
const EXCEPTION = /^([A-Za-z_][\w.]{0,200})(?:: ?(.*))?$/;
const USUAL = /(?:Error|Exception|Warning|Group|Interrupt|Exit)$/;
const CHAINED = /During handling of the above exception|direct cause of the following exception/;
/** Lines after the last frame in which the exception is looked for: other output may come between. */
const PATIENCE = 40;

interface Block {
  from: number;
  to: number;
  /** The column at which the header and the exception begin. */
  column: number;
  headed: boolean;
  innermost: 'first' | 'last';
  frames: Frame[];
  type: string | null;
  message: string | null;
  ended: boolean;
  /** The exception before this one led to it. */
  chained: boolean;
  /** The exceptions inside a group. */
  inner: Block[];
}

/** Tracebacks, chained ones, exception groups, syntax errors, faulthandler, notebooks, and the boxes of `rich`. */
export const python: StackLanguage = {
  id: 'python',
  innermost: 'last',
  signs: ['File ', 'Traceback (most recent call last)', '.py:'],
  frameIn(text): FrameInLine | undefined {
    if (!text.includes('File ') && !text.includes('.py:')) return undefined;
    const match = FRAME.exec(text);
    if (match?.[1] !== undefined && match[2] !== undefined) {
      const [, file, line, name] = match;
      return inLine(text, `File "${file}", line ${line}`, frameAt(file, line, null, name?.trim()));
    }
    const [, file, line, name] = NOTEBOOK.exec(text) ?? RICH.exec(text) ?? [];
    if (file === undefined || line === undefined) return undefined;
    return inLine(text, `${file}:${line}`, frameAt(file, line, null, name?.trim()));
  },
  find(lines) {
    return chainsOf(blocksOf(lines)).map(findingOf);
  },
};

function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let chained = false;
  const open = (from: number, column: number, headed: boolean): Block => {
    const block: Block = {
      from,
      to: from,
      column,
      headed,
      innermost: 'last',
      frames: [],
      type: null,
      message: null,
      ended: false,
      chained,
      inner: [],
    };
    chained = false;
    blocks.push(block);
    return block;
  };
  lines.forEach((line, at) => {
    if (line.length < 4) return;
    const last = blocks.at(-1);
    const found = python.frameIn(line);
    if (found) {
      const block =
        last && !last.ended && at - last.to <= PATIENCE
          ? last
          : open(at, Math.max(0, found.start - 2), false);
      block.frames.push(found.frame);
      block.to = at;
    } else if (line.includes('Traceback (most recent')) {
      const start = HEADER.exec(line)?.index ?? 0;
      open(at, /^[\s|+-]*$/.test(line.slice(0, start)) ? start : 0, true);
    } else if (line.endsWith(FAULT)) fault(open(at, 0, true), lines, at);
    else if (CHAINED.test(line)) chained = true;
    else if (last && !last.ended && at - last.to <= PATIENCE) endAt(last, lines, at);
  });
  return blocks;
}

/** faulthandler says first why, and prints the innermost frame first. */
function fault(block: Block, lines: readonly string[], at: number): void {
  block.innermost = 'first';
  for (const line of lines.slice(Math.max(0, at - 4), at)) {
    const [, type, message] = /^(Fatal Python error): (.*)$/.exec(line) ?? [];
    if (type === undefined) continue;
    block.type = type;
    block.message = messageOf(message);
  }
}

/** Ends a block where its exception stands: in the column of its header, with only bars before it. */
function endAt(block: Block, lines: readonly string[], at: number): void {
  const line = lines[at] ?? '';
  if (!/^[\s|+│]*$/.test(line.slice(0, block.column))) return;
  const text = line.slice(block.column);
  const [, type, message] = EXCEPTION.exec(text) ?? [];
  if (type === undefined || (!block.headed && !USUAL.test(type))) return;
  block.type = type;
  const next = message === undefined ? null : nextText(lines, at + 1, 2);
  block.message = messageOf(message) ?? next;
  block.to = at;
  block.ended = true;
}

/** Exceptions that led to each other, oldest first; those of a group hang below it. */
function chainsOf(blocks: readonly Block[]): Block[][] {
  const chains: Block[][] = [];
  for (const block of blocks) {
    const chain = chains.at(-1);
    const last = chain?.at(-1);
    if (last?.type?.endsWith('Group') && block.column > last.column) last.inner.push(block);
    else if (chain && block.chained) chain.push(block);
    else chains.push([block]);
  }
  return chains;
}

function findingOf(chain: readonly Block[]): Finding {
  const [first] = chain;
  const last = chain.at(-1);
  const error = raisedOf(chain);
  return {
    from: first?.from ?? 0,
    to: last?.inner.at(-1)?.to ?? last?.to ?? 0,
    weight: error.type === null ? WEIGHT.frames : WEIGHT.error,
    error,
  };
}

function raisedOf(chain: readonly Block[]): Raised {
  const [last, ...earlier] = chain.toReversed().map(ofBlock);
  if (!last) return { type: null, message: null, frames: [], causes: [] };
  return { ...last, causes: [...last.causes, ...earlier.flatMap(withCauses)] };
}

function withCauses(error: Raised): Raised[] {
  return [{ ...error, causes: [] }, ...error.causes];
}

/** Of a group its first leaf is what went wrong; how the group came about is told after it. */
function ofBlock(block: Block): Raised {
  const { type, message, innermost, inner } = block;
  const frames = innermostFirst(block.frames, innermost);
  const [leaf] = chainsOf(inner);
  if (!leaf) return { type, message, frames, causes: [] };
  const error = raisedOf(leaf);
  return { ...error, frames: [...error.frames, ...frames] };
}
