// @ts-check
import { existsSync, mkdtempSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `Usage: node main.mjs [--root DIR ...] [--out DIR] [--fail P06] [--job ID]
                     [--workers N] [--concurrency N] [--seconds N] [--quiet]
Environment: PIPESCOPE_URL, PIPESCOPE_TOKEN, PIPESCOPE_DEMO_SECONDS (instead of --seconds)`;

/**
 * @typedef {object} Options
 * @property {string[]} roots folders to read, absolute
 * @property {string} out folder for the results, absolute
 * @property {string | undefined} fail the phase that shall fail
 * @property {string} job
 * @property {number} workers
 * @property {number} concurrency how many of them work at once, at first
 * @property {number} seconds how long the run shall take
 * @property {boolean} quiet
 */

/** A mistake of the person at the command line: one sentence, exit code 2. */
export class UsageError extends Error {}

/**
 * @param {string[]} args
 * @param {string} here the folder of this example
 * @param {string[]} phaseIds
 * @returns {Options}
 */
export function parseOptions(args, here, phaseIds) {
  const values = read(args);
  if (values.fail !== undefined && !phaseIds.includes(values.fail)) {
    throw new UsageError(`--fail takes one of ${phaseIds.join(', ')}, not "${values.fail}".`);
  }
  const roots = (values.root ?? [projectFolder(here)]).map((root) => path.resolve(root));
  for (const root of roots) {
    if (!existsSync(root)) throw new UsageError(`--root ${root} does not exist.`);
  }
  const workers = number('--workers', values.workers, { fallback: 2, min: 2, max: 32 });
  const limits = { fallback: workers, min: 1, max: workers };
  return {
    roots,
    fail: values.fail,
    job: values.job || newJobId(new Date()),
    workers,
    concurrency: number('--concurrency', values.concurrency, limits),
    seconds: duration(values.seconds),
    quiet: values.quiet ?? false,
    // Last, so that a wrong option leaves no folder behind.
    out: outputFolder(values.out),
  };
}

/** @param {string[]} args */
function read(args) {
  try {
    return parseArgs({
      args,
      options: {
        root: { type: 'string', multiple: true },
        out: { type: 'string' },
        fail: { type: 'string' },
        job: { type: 'string' },
        workers: { type: 'string' },
        concurrency: { type: 'string' },
        seconds: { type: 'string' },
        quiet: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Of the option, else of the environment: who starts the demo from VS Code gives no options.
 * @param {string | undefined} option
 */
function duration(option) {
  const { PIPESCOPE_DEMO_SECONDS: variable } = process.env;
  const [name, text] =
    option === undefined ? ['PIPESCOPE_DEMO_SECONDS', variable] : ['--seconds', option];
  return number(name, text, { fallback: 28, min: 1, max: 3_600 });
}

/**
 * @param {string} name
 * @param {string | undefined} text
 * @param {{ fallback: number, min: number, max: number }} limits
 */
function number(name, text, { fallback, min, max }) {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`${name} takes a whole number from ${min} to ${max}, not "${text}".`);
}

/** @param {string | undefined} out */
function outputFolder(out) {
  if (out === undefined) return mkdtempSync(path.join(tmpdir(), 'document-pipeline-'));
  const folder = path.resolve(out);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * The project in which this example lies: the nearest folder above with a package.json.
 * @param {string} here
 */
function projectFolder(here) {
  for (let folder = here; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return folder;
    if (folder === path.dirname(folder)) return here;
  }
}

/** @param {Date} now */
function newJobId(now) {
  const stamp = now.toISOString().replace(/[-:]/g, '').slice(0, 15);
  return `documents-${stamp}-${Math.random().toString(16).slice(2, 6)}`;
}
