import { OutputInTurn, type Turn } from './outputInTurn.ts';
import type { Part } from './suites.ts';

/** Runs one part; what it prints goes to `print`, or where this process prints. */
type RunOne<Result> = (part: Part, print?: (text: Buffer) => void) => Promise<Result>;

/**
 * Runs the parts, at most `lanes` side by side, in their order; those marked `alone` when the others have ended, one after the other. Their output
 * is shown one whole part after the other. Resolves with the results in the order of `parts`, whichever ended first; rejects, when all that was
 * begun has ended, with what one could not be run for.
 */
export async function runInLanes<Result>(
  parts: readonly Part[],
  lanes: number,
  run: RunOne<Result>,
  to: { write(text: string | Buffer): unknown } = process.stdout,
): Promise<Result[]> {
  const results = new Map<Part, Result>();
  const waiting = parts.filter(({ alone }) => !alone);
  const output = new OutputInTurn(to);
  const lane = async (): Promise<void> => {
    for (let part = waiting.shift(); part; part = waiting.shift())
      results.set(part, await inTurn(output.begin(heading(part)), part, run));
  };
  const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  for (const part of parts.filter(({ alone }) => alone)) {
    to.write(heading(part));
    results.set(part, await run(part));
  }
  return parts.flatMap((part) => results.get(part) ?? []);
}

async function inTurn<Result>(turn: Turn, part: Part, run: RunOne<Result>): Promise<Result> {
  try {
    return await run(part, (text) => turn.print(text));
  } finally {
    turn.end();
  }
}

function heading({ title }: Part): string {
  return `\n── ${title} ──\n`;
}
