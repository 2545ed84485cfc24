/** `run`: a command as a job, or as a phase of one. The command comes first: it runs the same when no service answers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import { basename } from 'node:path';
import { messageOf } from '../protocol/errors.ts';
import { startSampling } from '../sampler/commandSampler.ts';
import { Reporter } from './reporter.ts';
import { LineTail } from './lineTail.ts';
import { invalidOption, parseOptions } from './options.ts';

export const usage = 'run [--job ID] [--name N] [--pipeline P] [--phase ID] -- CMD ARGS';

const OPTIONS = {
  job: { type: 'string' },
  name: { type: 'string' },
  pipeline: { type: 'string' },
  phase: { type: 'string' },
} as const;

/** Said every so often, so that a quiet command is not taken for a dead one. */
const LIFE_SIGN_MS = 60_000;

export async function runWrapped(args: readonly string[]): Promise<number> {
  const split = args.indexOf('--');
  const { values } = parseOptions(split === -1 ? args : args.slice(0, split), OPTIONS);
  const [command, ...rest] = split === -1 ? [] : args.slice(split + 1);
  if (command === undefined || command === '')
    throw invalidOption('Give the command after "--", for example: pipescope run -- make test');
  if (values.phase !== undefined && values.job === undefined) {
    throw invalidOption('--phase needs --job: the job that the phase belongs to');
  }
  const reporter = new Reporter(process.env);
  const child = spawn(command, rest, { stdio: ['inherit', 'inherit', 'pipe'] });
  const forward = forwardSignals(child);
  const tail = new LineTail();
  child.stderr.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk);
    tail.add(chunk);
  });
  const said = wordsFor(values, [command, ...rest], child.pid);
  reporter.say(said.started);
  const life = setInterval(() => reporter.say(said.alive), LIFE_SIGN_MS);
  const sampler = said.sampled && child.pid !== undefined ? startSampling(child.pid) : undefined;
  sampler?.onUsage((usage) => reporter.say({ ...said.sampled, ...usage }));
  const result = await resultOf(child);
  clearInterval(life);
  sampler?.close();
  forward.end();
  reporter.say(said.ended(result, tail.text()));
  await reporter.close();
  if (result.error) console.error(`${command} could not be started: ${messageOf(result.error)}.`);
  return result.code;
}

interface Result {
  code: number;
  signal: NodeJS.Signals | null;
  error?: Error;
}

const NOT_FOUND = 127;
const SIGNAL_BASE = 128;

function resultOf(child: ChildProcess): Promise<Result> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: NOT_FOUND, signal: null, error }));
    child.once('close', (code, signal) => {
      resolve({
        code: code ?? SIGNAL_BASE + (signal === null ? 0 : constants.signals[signal]),
        signal,
      });
    });
  });
}

/** The command decides what a signal means; the wrapper waits for it. */
function forwardSignals(child: ChildProcess): { end: () => void } {
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  return { end: () => signals.forEach((signal) => process.off(signal, forward)) };
}

interface Names {
  job?: string | undefined;
  name?: string | undefined;
  pipeline?: string | undefined;
  phase?: string | undefined;
}

/** The events of the run. */
function wordsFor(names: Names, command: readonly string[], pid: number | undefined) {
  const job_id = names.job ?? `run-${randomUUID()}`;
  const name = names.name ?? basename(command[0] ?? 'command');
  const of = names.phase === undefined ? 'job' : 'phase';
  const ids = names.phase === undefined ? { job_id } : { job_id, phase_id: names.phase };
  const pipeline = names.pipeline === undefined ? {} : { pipeline: names.pipeline };
  const facts =
    of === 'job' ? { kind: 'command', ...pipeline, ...(pid === undefined ? {} : { pid }) } : {};
  return {
    started: {
      type: `${of}.started`,
      ...ids,
      name,
      command: command.join(' ').slice(0, 2000),
      ...facts,
    },
    alive: { type: `${of}.progress`, ...ids },
    // The service samples jobs by their pid; a phase is sampled from here.
    sampled: of === 'phase' ? { type: 'resource.sampled', ...ids } : undefined,
    ended: ({ code, signal, error }: Result, stderr: string) => {
      if (code === 0) return { type: `${of}.completed`, ...ids };
      if (signal === 'SIGINT' || signal === 'SIGTERM')
        return { type: `${of}.cancelled`, ...ids, reason: signal };
      const lines = stderr.trimEnd().split('\n');
      const last = lines.findLast((line) => line.trim() !== '')?.trim();
      const message = error ? error.message : (last ?? `The command ended with exit code ${code}.`);
      return { type: `${of}.failed`, ...ids, error: { message, stack: stderr, exit_code: code } };
    },
  };
}
