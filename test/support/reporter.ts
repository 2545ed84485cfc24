import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

/** One line of the result file: what happened to one test, or that the run came to its end. */
export type ResultLine =
  | { outcome: 'passed'; title: string; ms: number }
  | { outcome: 'skipped'; title: string }
  | { outcome: 'failed'; title: string; suite: string; error: string }
  /** What ran before or after tests. */
  | { outcome: 'hook'; title: string; ms: number }
  | { outcome: 'finished' };

const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_HOOK_END, EVENT_RUN_END } =
  Mocha.Runner.constants;

/**
 * Mocha's spec output, and every outcome as a line of JSON in the file named by PIPESCOPE_TEST_RESULTS. Written test by test, so that the
 * counts up to a crash or a hang are kept; a file without its last line is a run that did not end.
 */
export class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const file = process.env.PIPESCOPE_TEST_RESULTS;
    if (!file) return;
    const write = (line: ResultLine): void => appendFileSync(file, `${JSON.stringify(line)}\n`);
    const note = (outcome: 'passed' | 'hook') => (done: Mocha.Runnable) =>
      write({ outcome, title: done.fullTitle(), ms: done.duration ?? 0 });
    runner.on(EVENT_TEST_PASS, note('passed'));
    runner.on(EVENT_HOOK_END, note('hook'));
    runner.on(EVENT_TEST_FAIL, (test: Mocha.Test, error: Error) =>
      write({
        ...{ outcome: 'failed', title: test.fullTitle(), suite: test.parent?.fullTitle() ?? '' },
        error: error.stack ?? String(error),
      }),
    );
    runner.on(EVENT_TEST_PENDING, (test: Mocha.Test) =>
      write({ outcome: 'skipped', title: test.fullTitle() }),
    );
    runner.once(EVENT_RUN_END, () => write({ outcome: 'finished' }));
  }
}
