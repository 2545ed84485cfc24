#!/usr/bin/env node
// @ts-check
/** A real pipeline over text documents that reports its run to Pipescope by HTTP. See README.md. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { JobEvents } from './lib/jobEvents.mjs';
import { parseOptions, USAGE, UsageError } from './lib/options.mjs';
import { PipelineRun } from './lib/pipeline.mjs';
import { WorkerPool } from './lib/pool.mjs';
import { Reporter } from './lib/reporter.mjs';
import { Tuning } from './lib/tuning.mjs';
import { phases } from './phases/index.mjs';

const source_file = fileURLToPath(import.meta.url);
const EXIT_CODES = { completed: 0, failed: 1 };
const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143 };

/** @param {string} line */
const complain = (line) => void process.stderr.write(`${line}\n`);

function readOptions() {
  try {
    const ids = phases.map(({ phase_id }) => phase_id);
    return parseOptions(process.argv.slice(2), path.dirname(source_file), ids);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(`${error.message}\n${USAGE}`);
    return undefined;
  }
}

/** @param {import('./lib/options.mjs').Options} options */
async function main(options) {
  const submitted_at = new Date().toISOString();
  const started = performance.now();
  const print = (/** @type {string} */ line) =>
    options.quiet ? undefined : void process.stdout.write(`${line}\n`);
  const { PIPESCOPE_URL: url, PIPESCOPE_TOKEN: token } = process.env;
  const reporter = new Reporter({ url, token, say: complain });
  const events = new JobEvents(reporter, options.job);
  const pool = new WorkerPool(options.workers, options.concurrency);
  const tuning = new Tuning({ slots: pool.slots, workers: options.workers, events });
  const run = new PipelineRun({ phases, options, pool, events, tuning, print });
  const signal = stopOnSignals(run);

  print(`Job ${options.job}: ${phases.length} phases in ${options.workers} workers`);
  const name = `Documents of ${path.basename(options.roots[0] ?? '')}`;
  events.jobStarted(phases, { name, source_file, submitted_at });
  const listening = tuning.listen({ url, token });
  const outcome = await run.execute();
  tuning.close();
  await listening;
  await Promise.all([pool.end(), reporter.close()]);

  const took = ((performance.now() - started) / 1_000).toFixed(1);
  print(`Job ${options.job} ${outcome} after ${took} s. Results: ${options.out}`);
  if (run.failure) complain(stackOf(run.failure.error));
  return outcome === 'cancelled' ? SIGNAL_CODES[signal() ?? 'SIGTERM'] : EXIT_CODES[outcome];
}

/**
 * The first SIGINT or SIGTERM stops the run in good order; the returned function says which one came.
 * @param {PipelineRun} run
 */
function stopOnSignals(run) {
  /** @type {keyof typeof SIGNAL_CODES | undefined} */
  let came;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.on(signal, () => {
      came ??= signal;
      run.stop(`The run was stopped by ${came}.`);
    });
  }
  return () => came;
}

/** @param {unknown} error */
function stackOf(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const options = readOptions();
process.exitCode = options ? await main(options) : 2;
