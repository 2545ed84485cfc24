import type { Failure, PartResult } from './runPart.ts';
import type { Part } from './suites.ts';

/** More of them are no chance, but a fault, or a machine that is too slow for any of it. */
const MOST = 5;

/**
 * Two parts side by side can take from a test the time that it is given. So a suite in which a test waited in vain is run
 * once more with the machine to itself, and has to pass as a whole. Wrong results are never tried again, nor is what ended
 * early. What passed then is named in the summary.
 */
export async function secondTries(
  parts: readonly Part[],
  results: readonly PartResult[],
  run: (part: Part) => Promise<PartResult>,
): Promise<PartResult[]> {
  let left = MOST;
  const all: PartResult[] = [];
  for (const result of results) {
    const part = parts.find(({ title }) => title === result.title);
    const suites = lateSuites(result);
    if (part === undefined || result.problem !== undefined || suites.length > left) {
      all.push(result);
      continue;
    }
    left -= suites.length;
    let after = result;
    for (const suite of suites) after = judged(after, suite, await run(again(part, suite)));
    all.push(after);
  }
  return all;
}

/** Those whose first failure is a wait in vain: what failed after it may follow from it. */
function lateSuites({ failures }: PartResult): string[] {
  const first = new Map<string, Failure>();
  for (const failure of failures) if (!first.has(failure.suite)) first.set(failure.suite, failure);
  return [...first].flatMap(([suite, { error }]) =>
    suite !== '' && ranOutOfTime(error) ? [suite] : [],
  );
}

/** What mocha, Playwright and our own `eventually` say. */
export function ranOutOfTime(error: string): boolean {
  const [first = ''] = error.split('\n');
  return /\btimeout\b.*\d+ ?ms\b|(did not happen|: not) within \d+ ms/i.test(first);
}

function again(part: Part, suite: string): Part {
  const text = suite.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const env = { ...part.env, PIPESCOPE_TEST_GREP: `^${text} ` };
  return { ...part, title: `${part.title}, again: ${suite}`, env, alone: true };
}

function judged(before: PartResult, suite: string, second: PartResult): PartResult {
  if (second.failed > 0 || second.passed === 0) return before;
  const passed = before.failures.filter((failure) => failure.suite === suite);
  return {
    ...before,
    passed: before.passed + passed.length,
    failed: before.failed - passed.length,
    failures: before.failures.filter((failure) => failure.suite !== suite),
    secondTry: [...(before.secondTry ?? []), ...passed],
  };
}
