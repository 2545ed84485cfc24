/**
 * Bottlenecks as they begin and end: signs of this machine, of series, of tasks and of the processes of jobs go in once a
 * second; what lasts comes out. Deterministic: time and all figures are arguments.
 */
import type { Bottleneck, BottleneckKind } from '../../protocol/bottleneck.ts';
import { type Changes, Episodes } from './episodes.ts';
import type { Frame } from './frame.ts';
import { machineSigns } from './machine.ts';
import { BUILT_IN, type Pattern, type PatternPoint, PatternWatch } from './patterns.ts';
import { type QueueFact, QueueWatch } from './queues.ts';
import { type Labels, keyWith } from './sign.ts';
import { skewSigns } from './skew.ts';
import { type TreeUse, lockSigns } from './trees.ts';
import { type TaskFact, WorkBook } from './workBook.ts';

export interface Second {
  /** Epoch milliseconds. */
  now: number;
  frame: Frame;
  trees: readonly TreeUse[];
  queues: readonly QueueFact[];
}

/** Seen in what pipelines report of tasks and queues, and in the threads of jobs. */
const REPORTED: readonly BottleneckKind[] = ['QUEUE', 'LOCK', 'SKEW'];

export class BottleneckDetector {
  readonly #episodes = new Episodes();
  readonly #patterns = new PatternWatch();
  readonly #queues = new QueueWatch();
  readonly #book = new WorkBook();

  constructor(patterns: readonly Pattern[] = []) {
    this.usePatterns(patterns);
  }

  /** Those of the configuration, beside the built-in ones. */
  usePatterns(patterns: readonly Pattern[]): void {
    this.#patterns.use([...BUILT_IN, ...patterns]);
  }

  /** A value of any series, heard `now` (epoch milliseconds). */
  point(point: PatternPoint, now: number): void {
    this.#patterns.add(point, now);
  }

  task(fact: TaskFact, now: number): void {
    this.#book.task(fact, now);
  }

  taskRemoved(task_id: string): void {
    this.#book.removed(task_id);
  }

  /** One look; to be taken every second. */
  second({ now, frame, trees, queues }: Second): Changes {
    this.#book.forget(now);
    const isOpen = (key: string): boolean => this.#episodes.isOpen(key);
    // This machine is looked at closer than by a threshold where it is measured at all.
    const measured = frame.values.cpu_percent !== undefined;
    const signs = [
      ...machineSigns(frame, (kind) => this.#episodes.opensAny(kind), trees),
      ...lockSigns(frame, trees),
      ...this.#patterns
        .look(now, isOpen)
        .filter(({ pattern, labels }) => !(measured && pattern === null && isHost(labels))),
      ...skewSigns(this.#book, now, (worker) => this.#episodes.opensAny('SKEW', worker)),
      ...this.#queues.look(queues, this.#book, {
        now,
        isOpen: (queue) => isOpen(keyWith('QUEUE', null, 'queue_pending', { queue })),
      }),
    ];
    return this.#episodes.look(signs, now);
  }

  /** The classes that series, tasks and queues show; those of this machine are the frame's. */
  watched(): BottleneckKind[] {
    return [...REPORTED, ...this.#patterns.watched()];
  }

  /** All there are now, the greatest impact first. */
  open(): Bottleneck[] {
    return this.#episodes.open();
  }
}

function isHost(labels: Labels): boolean {
  return labels['source'] === 'host';
}
