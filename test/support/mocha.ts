import assert from 'node:assert/strict';
import Mocha from 'mocha';
import { stopLeftovers } from './processes.ts';
import { CountingReporter } from './reporter.ts';

/** The one set of mocha options, for the suites in Node and for those inside VS Code. */
export function newMocha(): Mocha {
  const grep = wanted(process.env.PIPESCOPE_TEST_GREP, process.env.PIPESCOPE_TEST_ALONE);
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 60_000,
    retries: 0,
    forbidOnly: Boolean(process.env.CI),
    color: Boolean(process.env.FORCE_COLOR) || process.stdout.isTTY,
    reporter: CountingReporter,
    ...(grep ? { grep } : {}),
  });
  mocha.rootHooks({
    afterAll: async () => {
      assert.deepEqual(await stopLeftovers(), [], 'processes were left running by these tests');
    },
  });
  return mocha;
}

/**
 * Which titles are run: those that `grep` matches, and of them only those with `@alone`, or only those without it. A test has
 * `@alone` in its title, or in that of its `describe`, when it measures what the machine does beside it would change.
 */
function wanted(grep = '', alone?: string): RegExp | undefined {
  if (alone === undefined) return grep ? new RegExp(grep) : undefined;
  return new RegExp(`^(?${alone === 'only' ? '=' : '!'}[^]*@alone)[^]*(?:${grep})`);
}

/** Runs what was loaded; the number of failures. */
export function runMocha(mocha: Mocha): Promise<number> {
  return new Promise((resolve) => mocha.run(resolve));
}
