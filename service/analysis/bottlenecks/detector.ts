/**
 * Bottlenecks as they begin and end: signs of this machine, of series, of tasks and of the processes of jobs go in once a
 * second; what lasts comes out. Deterministic: time and all figures are arguments.
 */
import type { Bottleneck } from '../../protocol/bottleneck.ts';
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

  /** A value of any series. */
  point(point: PatternPoint): void {
    this.#patterns.add(point);
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
    const isOpen = (beginsWith: string): boolean => this.#episodes.isOpen(beginsWith);
    // This machine is looked at closer than by a threshold where it is measured at all.
    const measured = frame.values.cpu_percent !== undefined;
    const signs = [
      ...machineSigns(frame, (kind) => this.#episodes.opensAny(kind), trees),
      ...lockSigns(frame, trees),
      ...this.#patterns
        .look(now, (pattern, labels) => isOpen(patternKey(pattern, labels)))
        .filter(({ pattern, labels }) => !(measured && pattern === null && isHost(labels))),
      ...skewSigns(this.#book, now, (worker) => this.#episodes.opensAny('SKEW', worker)),
      ...this.#queues.look(queues, this.#book, {
        now,
        isOpen: (queue) => isOpen(keyWith('QUEUE', null, 'queue_pending', { queue })),
      }),
    ];
    return this.#episodes.look(signs, now);
  }

  /** All there are now, the greatest impact first. */
  open(): Bottleneck[] {
    return this.#episodes.open();
  }
}

function patternKey({ kind, name, conditions }: Pattern, labels: Labels): string {
  return keyWith(kind, name, conditions[0].metric, labels);
}

function isHost(labels: Labels): boolean {
  return labels['source'] === 'host';
}
