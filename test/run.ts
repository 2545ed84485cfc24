// Runs the test suites, each in processes of its own, two side by side where there are two processors.
//   node --import tsx test/run.ts [unit|browser|faults|e2e|extension ...] [--grep TEXT] [--limit MINUTES] [--slowest N] [--lanes N]
// The last line is `N passed, N failed`, and `, N skipped` when there are any.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { runInLanes } from './support/lanes.ts';
import { runPart, type PartResult } from './support/runPart.ts';
import { secondTries } from './support/secondTry.ts';
import { suites } from './support/suites.ts';
import { builtVsix } from './support/vscode/vsix.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    grep: { type: 'string' },
    limit: { type: 'string', default: '30' },
    // The limits of the tests were tried with two, on two processors.
    lanes: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    slowest: { type: 'string', default: '0' },
  },
});
if (values.grep) process.env.PIPESCOPE_TEST_GREP = values.grep;

const names = positionals.length > 0 ? positionals : Object.keys(suites);
const parts = names.flatMap((name) => {
  const suite = suites[name];
  if (suite) return suite();
  console.error(`There is no suite "${name}". Choose from: ${Object.keys(suites).join(', ')}.`);
  process.exit(2);
});

const lanes = Number(values.lanes);
if (!Number.isInteger(lanes) || lanes < 1) {
  console.error(`--lanes is how many suites run side by side, at least 1, not "${values.lanes}".`);
  process.exit(2);
}
// Packaging builds `dist` anew: not while a part beside it starts services from there.
if (names.some((name) => name === 'e2e' || name === 'extension')) await builtVsix();

const limitMs = Number(values.limit) * 60_000;
const began = performance.now();
const first = await runInLanes(parts, lanes, (part, print) =>
  runPart(part, { limitMs, print: lanes > 1 ? print : undefined }),
);
const results = await secondTries(parts, first, (part) => {
  console.log(`\n── ${part.title} ──\n`);
  return runPart(part, { limitMs });
});

console.log(`\nSummary of ${((performance.now() - began) / 60_000).toFixed(1)} minutes`);
for (const result of results) console.log(`  ${describeResult(result)}`);
for (const { title, slowest } of results)
  for (const { title: what, ms } of slowest.slice(0, Number(values.slowest)))
    console.log(`${(ms / 1000).toFixed(2).padStart(8)} s  ${title}: ${what}`);
// Once more at the end: a long log is often kept from its end only.
for (const { title, failures } of results)
  for (const failure of failures)
    console.log(`\n  failed in ${title}: ${failure.title}\n${indented(failure.error)}`);
for (const { title, secondTry = [] } of results)
  for (const failure of secondTry)
    console.log(
      `\n  passed at the second try in ${title}: ${failure.title}\n${indented(failure.error)}`,
    );
const total = countsOf(sumOf(results));
console.log(`\n${total}`);
process.exitCode = results.some((result) => result.failed > 0) ? 1 : 0;

function describeResult(result: PartResult): string {
  const time = `${(result.durationMs / 1000).toFixed(1)} s`.padStart(8);
  const line = `${result.title.padEnd(20)}${time}  ${countsOf(result)}`;
  return result.problem ? `${line}; it ${result.problem}` : line;
}

function indented(text: string): string {
  return text.replace(/^/gm, '    ');
}

function sumOf(all: PartResult[]): Pick<PartResult, 'passed' | 'failed' | 'skipped'> {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of all) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  return sum;
}

function countsOf({
  passed,
  failed,
  skipped,
}: Pick<PartResult, 'passed' | 'failed' | 'skipped'>): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
