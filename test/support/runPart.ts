import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { root } from './paths.ts';
import { endGroup } from './processGroup.ts';
import type { ResultLine } from './reporter.ts';
import type { Part } from './suites.ts';
import { makeTempDir, removeTempDir } from './tempDir.ts';

export interface Failure {
  /** Full titles of the test, and of the `describe` that it stands in. */
  title: string;
  suite: string;
  /** The first lines. */
  error: string;
}

export interface PartResult {
  title: string;
  passed: number;
  failed: number;
  skipped: number;
  durationMs: number;
  failures: Failure[];
  /** What waited in vain at first, and passed with the machine to itself. */
  secondTry?: Failure[];
  /** What took longest, tests and the hooks around them (those of one title together), longest first. */
  slowest: { title: string; ms: number }[];
  /** Why the part failed as a whole, beyond its failed tests. */
  problem?: string;
}

interface RunOptions {
  limitMs: number;
  /** How long it has for its end when it is asked to. Default: 5,000. */
  graceMs?: number;
  /** Takes what it prints; without it, that goes where this process prints. */
  print?: ((text: Buffer) => void) | undefined;
}

/** Runs one part to its end, or to the time limit. */
export async function runPart(part: Part, options: RunOptions): Promise<PartResult> {
  const folder = makeTempDir('results');
  const results = join(folder, 'results.ndjson');
  const started = performance.now();
  try {
    const end = await runChild(part, results, options);
    const durationMs = performance.now() - started;
    return { title: part.title, durationMs, ...judge(readResults(results), end) };
  } finally {
    removeTempDir(folder);
  }
}

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface End {
  code: number | null;
  timedOut: boolean;
}

function startChild(part: Part, results: string, print: RunOptions['print']): ChildProcess {
  const output = part.quiet ? 'ignore' : print ? 'pipe' : 'inherit';
  const child = spawn(process.execPath, ['--import', 'tsx', ...part.args], {
    cwd: root,
    env: { ...process.env, ...part.env, PIPESCOPE_TEST_RESULTS: results },
    // By the channel the part sees the end of this process, however it comes.
    stdio: ['ignore', output, output, 'ipc'],
    // A group of its own, so that a hung suite is ended with everything it started.
    detached: true,
  });
  if (print) for (const stream of [child.stdout, child.stderr]) stream?.on('data', print);
  return child;
}

function runChild(part: Part, results: string, options: RunOptions): Promise<End> {
  const { limitMs, graceMs = 5_000, print } = options;
  const child = startChild(part, results, print);
  // Asked first, so that the part can end what it has started in other groups (VS Code servers, browsers).
  const stop = (): void => {
    endGroup(child.pid, 'SIGTERM');
    setTimeout(() => endGroup(child.pid, 'SIGKILL'), graceMs).unref();
  };
  const interrupt = (): void => {
    stop();
    child.once('exit', () => process.exit(130));
  };
  stopSignals.forEach((signal) => process.once(signal, interrupt));
  let timedOut = false;
  const limit = setTimeout(() => {
    timedOut = true;
    stop();
  }, limitMs);
  return new Promise<End>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      // What the part left behind in its group goes with it.
      endGroup(child.pid, 'SIGKILL');
      void allPrinted(child).then(() => resolve({ code, timedOut }));
    });
  }).finally(() => {
    clearTimeout(limit);
    stopSignals.forEach((signal) => process.off(signal, interrupt));
  });
}

/** Its last words may come after its end; a process that it has left in another group could hold the line open for ever. */
async function allPrinted({ stdout, stderr }: ChildProcess): Promise<void> {
  const signal = AbortSignal.timeout(2_000);
  const streams = [stdout, stderr].filter((stream) => stream !== null);
  await Promise.allSettled(streams.map((stream) => finished(stream, { signal })));
}

function readResults(file: string): ResultLine[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as ResultLine);
}

function judge(lines: ResultLine[], end: End): Omit<PartResult, 'title' | 'durationMs'> {
  const count = (outcome: ResultLine['outcome']): number =>
    lines.filter((line) => line.outcome === outcome).length;
  const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')];
  const failures = lines.flatMap((line) =>
    line.outcome === 'failed'
      ? [{ title: line.title, suite: line.suite, error: firstLines(line.error) }]
      : [],
  );
  const problem = problemOf({
    ran: passed + failed + skipped,
    failed,
    end,
    finished: count('finished') > 0,
  });
  // A part that broke as a whole is one failure more, so that the last line can never look green.
  const outcome = { passed, failed, skipped, failures, slowest: slowest(lines) };
  return problem ? { ...outcome, failed: failed + 1, problem } : outcome;
}

function slowest(lines: readonly ResultLine[]): PartResult['slowest'] {
  const times = new Map<string, number>();
  for (const line of lines) {
    if (line.outcome !== 'passed' && line.outcome !== 'hook') continue;
    const title = line.outcome === 'hook' ? line.title.replace(/ for ".*"$/s, '') : line.title;
    times.set(title, (times.get(title) ?? 0) + line.ms);
  }
  return [...times].map(([title, ms]) => ({ title, ms })).sort((a, b) => b.ms - a.ms);
}

const ERROR_LINES = 8;

function firstLines(error: string): string {
  return error.split('\n').slice(0, ERROR_LINES).join('\n');
}

function problemOf(run: {
  ran: number;
  failed: number;
  end: End;
  finished: boolean;
}): string | undefined {
  if (run.end.timedOut) return 'did not end in time and was stopped';
  if (!run.finished) return `ended before its tests did (exit code ${run.end.code})`;
  if (run.ran === 0 && !process.env.PIPESCOPE_TEST_GREP) return 'ran no test';
  if (run.end.code !== 0 && run.failed === 0) return `ended with exit code ${run.end.code}`;
  return undefined;
}
