import assert from 'node:assert/strict';
import Mocha from 'mocha';
import { stopLeftovers } from './processes.ts';
import { CountingReporter } from './reporter.ts';

/** The one set of mocha options, for the suites in Node and for those inside VS Code. */
export function newMocha(): Mocha {
  const grep = process.env.PIPESCOPE_TEST_GREP;
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

/** Runs what was loaded; the number of failures. */
export function runMocha(mocha: Mocha): Promise<number> {
  return new Promise((resolve) => mocha.run(resolve));
}
