/**
 * What Prometheus scrapes. Everything that the model knows is read from it at each scrape; only durations are counted as
 * they happen. No label ever holds the id of a run.
 */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Point } from '../series/types.ts';
import { SerialQueues } from '../storage/serialQueues.ts';
import { BoundedHistogram } from './boundedHistogram.ts';
import { domainMetrics } from './domainMetrics.ts';
import { jobMetrics } from './jobMetrics.ts';
import type { ExpositionParts, Read } from './read.ts';
import { serviceMetrics } from './serviceMetrics.ts';

/** Seconds: from a quick request to a phase of an hour. */
const BUCKETS = [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600];
const MS = 1000;

export interface AnsweredRequest {
  method: string;
  /** The route's pattern, never the address that was asked for. */
  route: string;
  status: number;
  seconds: number;
}

export class Exposition {
  readonly #registry = new Registry();
  readonly #scrapes = new SerialQueues();
  readonly #durations: ReadonlyMap<string, BoundedHistogram>;
  readonly #requests: Histogram;
  readonly #stopListening: () => void;

  constructor(parts: ExpositionParts) {
    const { monitor } = parts;
    for (const read of [
      ...jobMetrics(monitor),
      ...domainMetrics(monitor),
      ...serviceMetrics(parts),
    ])
      this.#register(read);
    this.#durations = new Map([
      [
        'task_processing_ms',
        this.#bounded(
          'pipescope_task_duration_seconds',
          'How long tasks took, from start to end.',
          ['queue', 'content_type'],
        ),
      ],
      [
        'task_wait_ms',
        this.#bounded(
          'pipescope_task_wait_seconds',
          'How long tasks waited, from their submission to their start.',
          ['queue', 'content_type'],
        ),
      ],
      [
        'phase_execution_time_ms',
        this.#bounded(
          'pipescope_phase_duration_seconds',
          'How long phases took, from start to end.',
          ['pipeline', 'phase_id'],
        ),
      ],
      [
        'request_duration_ms',
        this.#bounded(
          'pipescope_recorded_request_duration_seconds',
          'How long requests to observed endpoints took.',
          ['endpoint', 'method'],
        ),
      ],
    ]);
    this.#requests = this.#histogram(
      'pipescope_http_request_duration_seconds',
      'How long this service took to answer.',
      ['method', 'route', 'status'],
    );
    collectDefaultMetrics({ register: this.#registry });
    // promtool objects: gauges must not be named like counters.
    for (const kind of ['handles', 'requests', 'resources'])
      this.#registry.removeSingleMetric(`nodejs_active_${kind}_total`);
    this.#stopListening = monitor.measures.onPoint((point) => this.#observe(point));
  }

  /** Counts an answer of this service. */
  answered({ method, route, status, seconds }: AnsweredRequest): void {
    this.#requests.observe({ method, route, status: String(status) }, seconds);
  }

  /** The text of a scrape in the format that `accept` asks for: text 0.0.4, or OpenMetrics 1.0. */
  scrape(accept: string | undefined): Promise<{ text: string; type: string }> {
    const open = accept?.includes('application/openmetrics-text') ?? false;
    // The format is a setting of the registry: one scrape at a time.
    return this.#scrapes.run('scrape', async () => {
      const type = open ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE;
      (this.#registry as Registry<typeof type>).setContentType(type);
      return { text: await this.#registry.metrics(), type };
    });
  }

  close(): void {
    this.#stopListening();
    this.#registry.clear();
  }

  #observe({ metric, labels, value }: Point): void {
    this.#durations.get(metric)?.observe(labels, value / MS);
  }

  #bounded(name: string, help: string, labelNames: string[]): BoundedHistogram {
    return new BoundedHistogram(this.#histogram(name, help, labelNames), labelNames);
  }

  #histogram(name: string, help: string, labelNames: string[]): Histogram {
    return new Histogram({ name, help, labelNames, buckets: BUCKETS, registers: [this.#registry] });
  }

  #register({ name, help, kind, labels, read }: Read): void {
    const options = { name, help, labelNames: [...labels], registers: [this.#registry] };
    if (kind === 'gauge') {
      const gauge: Gauge = new Gauge({
        ...options,
        collect: () => {
          gauge.reset();
          for (const [values, value] of read()) gauge.set(values, value);
        },
      });
    } else {
      const counter: Counter = new Counter({
        ...options,
        collect: () => {
          counter.reset();
          for (const [values, value] of read()) counter.inc(values, value);
        },
      });
    }
  }
}
