/**
 * A strategy in JavaScript that the owner of this machine named in the configuration file. It runs in a thread of its own:
 * what it does to itself, it does not do to the service, and a call that takes too long is cut off.
 */
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type Static, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { MODULE_STRATEGY } from '../analysis/proposals/names.ts';
import type { Idea } from '../analysis/proposals/types.ts';
import type { TunerInput } from '../analysis/proposals/tunerInput.ts';
import type { Logger } from '../logger.ts';
import { ProductError, messageOf } from '../protocol/errors.ts';
import { describeValueError } from '../protocol/parse.ts';

const CALL_MS = 1000;
/** The first call loads the module. */
const FIRST_CALL_MS = 5000;
/** After so many failures in a row it is not asked again until the next start. */
const MOST_FAILURES = 3;
const HEAP_MB = 64;

const Answer = Type.Array(
  Type.Object({
    parameter: Type.String({ minLength: 1, maxLength: 256 }),
    to: Type.Union([Type.Number(), Type.String({ maxLength: 256 }), Type.Boolean()]),
    sentence: Type.String({ maxLength: 2000 }),
    expected_gain: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
    confidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    costs: Type.Optional(Type.Boolean()),
    needs_person: Type.Optional(Type.Boolean()),
  }),
  { maxItems: 100 },
);
const check = TypeCompiler.Compile(Answer);

/** Runs in the thread: loads the module once, then answers each question. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const loaded = import(workerData.url);
parentPort.on('message', async ({ ref, question }) => {
  try {
    const { propose } = await loaded;
    if (typeof propose !== 'function') throw new Error('it exports no function "propose"');
    parentPort.postMessage({ ref, answer: await propose(question) });
  } catch (error) {
    parentPort.postMessage({ ref, error: String(error && error.message || error) });
  }
});
`;

type Ideas = ReadonlyMap<string, Idea & { strategy: string }>;
const NONE: Ideas = new Map();

export class OwnStrategies {
  readonly #path: string;
  readonly #logger: Logger;
  #worker: Worker | null = null;
  #ref = 0;
  #failures = 0;
  #isAsking = false;

  /** Throws CONFIG_INVALID for a path that is not absolute. */
  constructor(path: string, logger: Logger) {
    if (!isAbsolute(path)) {
      throw new ProductError('CONFIG_INVALID', {
        detail: `"optimizer_module" is "${path}": give the absolute path of a module.`,
      });
    }
    this.#path = path;
    this.#logger = logger;
  }

  /** Ideas by parameter; none where the module fails, which is logged. Never rejects. */
  async ask({ now, job, parameters, situation, rates, settings }: TunerInput): Promise<Ideas> {
    if (this.#isAsking || this.#failures >= MOST_FAILURES) return NONE;
    this.#isAsking = true;
    const { caches, conditions, ...machine } = situation;
    const samples = rates.best(now - settings.window_ms)?.samples.map(({ rate }) => rate) ?? [];
    const question = { now, job, parameters, situation: machine, rates: samples };
    try {
      const ideas = ideasOf(await this.#call(JSON.parse(JSON.stringify(question))));
      this.#failures = 0;
      return ideas;
    } catch (error) {
      this.#failures++;
      const end =
        this.#failures < MOST_FAILURES ? '' : ' It is not asked again until the next start.';
      this.#logger.warn(`The strategy ${this.#path} failed: ${messageOf(error)}.${end}`);
      await this.close();
      return NONE;
    } finally {
      this.#isAsking = false;
    }
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #call(question: unknown): Promise<unknown> {
    const isFirst = this.#worker === null;
    const worker = (this.#worker ??= this.#started());
    const ref = ++this.#ref;
    return new Promise((resolve, reject) => {
      const ms = isFirst ? FIRST_CALL_MS : CALL_MS;
      const fail = (error: Error) => done(() => reject(error));
      const gone = () => fail(new Error('its thread ended'));
      const take = (message: { ref: number; answer?: unknown; error?: string }) => {
        if (message.ref !== ref) return;
        if (message.error === undefined) done(() => resolve(message.answer));
        else fail(new Error(message.error));
      };
      const timer = setTimeout(() => fail(new Error(`it took longer than ${ms} ms`)), ms);
      const done = (settle: () => void) => {
        clearTimeout(timer);
        worker.off('message', take).off('error', fail).off('exit', gone);
        settle();
      };
      worker.on('message', take).on('error', fail).on('exit', gone);
      worker.postMessage({ ref, question });
    });
  }

  #started(): Worker {
    const worker = new Worker(THREAD, {
      eval: true,
      workerData: { url: pathToFileURL(this.#path).href },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      // It sees nothing of the service's own environment, where tokens may be.
      env: {},
      stdin: false,
    });
    // What ends it between two calls is told by the next one.
    worker.on('error', () => undefined);
    worker.unref();
    return worker;
  }
}

function ideasOf(answer: unknown): Ideas {
  if (answer === null || answer === undefined) return NONE;
  if (!check.Check(answer)) {
    const error = check.Errors(answer).First();
    const where = error ? `${error.path} ${describeValueError(error).message}` : '';
    throw new Error(`its answer is not a list of changes: ${where}`);
  }
  return new Map(answer.map((one) => [one.parameter, ideaOf(one)]));
}

function ideaOf({ to, sentence, ...one }: Static<typeof Answer>[number]) {
  const { expected_gain = null, confidence = 0.5, costs = false, needs_person = false } = one;
  const known = { expected_gain, confidence, costs, needs_person };
  return { to, sentence, ...known, evidence: [], strategy: MODULE_STRATEGY };
}
