/** Bottlenecks, from what is measured and reported as it comes in. The thinking is in analysis/bottlenecks. */
import { availableParallelism } from 'node:os';
import { patternsOf } from '../analysis/bottlenecks/configured.ts';
import { BottleneckDetector } from '../analysis/bottlenecks/detector.ts';
import type { Changes } from '../analysis/bottlenecks/episodes.ts';
import { FrameMaker } from '../analysis/bottlenecks/frame.ts';
import type { QueueFact } from '../analysis/bottlenecks/queues.ts';
import type { Touched } from '../core/touched.ts';
import { BOTTLENECK_KINDS, type Bottleneck, type BottleneckKind } from '../protocol/bottleneck.ts';
import type { Finding } from '../protocol/finding.ts';
import type { Series } from '../series/series.ts';
import type { AnalysisPart, PartSources } from './part.ts';
import { pageBytes } from '../sampler/pageSize.ts';
import { RunningTrees } from './runningTrees.ts';
import { taskFactOf } from './whose.ts';

/** Looks at this machine that are rarer make no seconds of it. */
const RAREST_MS = 2000;
/** From here on some seconds have no look at this machine: the one before holds, and this much longer for its jitter. */
const RARE_MS = 500;
/** Points of the sampler are of now; a history that is read again is not. */
const NOW_MS = 5000;
/** An open one is told anew so often: its numbers move each second. */
const TELL_MS = 5000;
/** So many are told anew in one look, however many began in the same second: the others wait for the next. */
const MOST_RETOLD = 100;
const MOST_QUEUES = 500;

export class Bottlenecks implements AnalysisPart {
  readonly #sources: PartSources;
  readonly #detector: BottleneckDetector;
  readonly #frames = new FrameMaker();
  readonly #trees: RunningTrees;
  readonly #told = new Map<string, number>();
  readonly #machine = { cores: availableParallelism(), page_bytes: pageBytes() };
  /** By queue: the time its newest sample says, and when that was heard: clocks of others may be wrong. */
  readonly #heard = new Map<string, { time: number; at: number }>();
  readonly #stopListening: () => void;

  constructor(sources: PartSources) {
    this.#sources = sources;
    const { settings, series, model, logger } = sources;
    this.#detector = new BottleneckDetector(patternsOf(settings.config.bottleneck_patterns));
    this.#trees = new RunningTrees({ model, logger });
    this.#stopListening = settings.onChange(({ bottleneck_patterns }) => {
      this.#detector.usePatterns(patternsOf(bottleneck_patterns));
    });
    series.follow((one, time, value) => this.#point(one, time, value));
  }

  /** All there are now, the greatest impact first. */
  open(): Bottleneck[] {
    return this.#detector.open();
  }

  /** The classes that are looked for now, as far as anything shows them, in the order of the protocol. */
  watching(): { watched: BottleneckKind[]; watches_machine: boolean } {
    const { now } = this.#sources;
    const watched = new Set([...this.#frames.watched(now()), ...this.#detector.watched()]);
    return {
      watched: BOTTLENECK_KINDS.filter((kind) => watched.has(kind)),
      watches_machine: this.#isSampled,
    };
  }

  /** Often enough for seconds to be made of it. */
  get #isSampled(): boolean {
    const { host_interval_ms: interval } = this.#sources.settings.config.sampling;
    return interval > 0 && interval <= RAREST_MS;
  }

  changed({ jobs, removedJobs, tasks, removedTasks, queues }: Touched): void {
    const { model, now } = this.#sources;
    this.#trees.changed(jobs);
    this.#trees.changed(removedJobs);
    const at = now();
    for (const queue of queues) this.#hear(queue, at);
    for (const id of tasks) {
      const task = model.domain.tasks.get(id);
      if (task) this.#detector.task(taskFactOf(task, model), at);
    }
    for (const id of removedTasks) this.#detector.taskRemoved(id);
  }

  #hear(queue: string, at: number): void {
    const sample = this.#sources.model.domain.queues.get(queue)?.sample ?? null;
    if (sample !== null && sample.time !== this.#heard.get(queue)?.time)
      this.#heard.set(queue, { time: sample.time, at });
  }

  tick(now: number): void {
    const { host_interval_ms: interval } = this.#sources.settings.config.sampling;
    const frame = this.#frames.take(
      now,
      this.#machine,
      interval > RARE_MS ? interval + RARE_MS : 0,
    );
    const trees = this.#trees.now(frame);
    this.#tell(this.#detector.second({ now, frame, trees, queues: this.#queues(now) }), now);
  }

  close(): void {
    this.#stopListening();
  }

  #point({ info, labels }: Series, time: number, value: number): void {
    const now = this.#sources.now();
    if (this.#isSampled && isHost(labels) && now - time < NOW_MS)
      this.#frames.add(info.name, value);
    this.#detector.point({ metric: info.name, labels, time, value, unit: info.unit ?? '' }, now);
  }

  #queues(now: number): QueueFact[] {
    const facts: QueueFact[] = [];
    const { queues } = this.#sources.model.domain;
    for (const [queue, { at }] of this.#heard) {
      const sample = queues.get(queue)?.sample ?? null;
      if (sample === null || now - at > FRESH_MS) this.#heard.delete(queue);
      else if (now - sample.time <= FRESH_MS && facts.length < MOST_QUEUES)
        facts.push({ queue, pending: sample.pending, oldest_wait_ms: sample.oldest_wait_ms });
    }
    return facts;
  }

  #tell({ opened, held, ended }: Changes, now: number): void {
    const { findings } = this.#sources;
    for (const one of opened) {
      findings.set(findingOf(one, now, now));
      this.#told.set(one.bottleneck_id, now);
    }
    let retold = 0;
    for (const { bottleneck_id, whose, record } of held) {
      const before = findings.get(findingId({ bottleneck_id }));
      const isNews = before?.phase_id !== whose.phase_id || before.job_id !== whose.job_id;
      const isDue = now - (this.#told.get(bottleneck_id) ?? 0) >= TELL_MS;
      if (!isNews && (!isDue || retold >= MOST_RETOLD)) continue;
      retold++;
      findings.set(findingOf(record(), before ? Date.parse(before.noticed_at) : now, now));
      this.#told.set(bottleneck_id, now);
    }
    for (const { bottleneck, why } of ended) {
      findings.end(findingId(bottleneck), new Date(now).toISOString(), why);
      this.#told.delete(bottleneck.bottleneck_id);
    }
  }
}

/** What a queue said longer ago says nothing of now. */
const FRESH_MS = 30_000;

function isHost(labels: Readonly<Record<string, string>>): boolean {
  return labels['source'] === 'host' && Object.keys(labels).length === 1;
}

function findingId({ bottleneck_id }: Pick<Bottleneck, 'bottleneck_id'>): string {
  return `bottleneck:${bottleneck_id}`;
}

/** A bottleneck as a finding; times are epoch milliseconds. */
export function findingOf(one: Bottleneck, noticed: number, now: number): Finding {
  const { evidence, impact } = one;
  return {
    finding_id: findingId(one),
    kind: 'bottleneck',
    class: one.kind,
    ...{ title: one.title, sentence: one.sentence, since: one.since },
    noticed_at: new Date(Math.min(noticed, now)).toISOString(),
    ...{ until: null, ended_why: null },
    ...{ job_id: one.job_id, pipeline: one.pipeline },
    ...{ phase_id: one.phase_id, worker_id: one.worker_id },
    ...{ metric: one.metric, unit: evidence.unit, labels: one.labels },
    ...{ value: evidence.last, threshold: evidence.threshold },
    measure: (impact ?? 0) * 100,
    ...{ impact, confidence: one.confidence },
    evidence: {
      ...evidence,
      ...{ impact_basis: one.impact_basis, pattern: one.pattern, facts: one.facts },
      series: one.evidence_series,
    },
  };
}
