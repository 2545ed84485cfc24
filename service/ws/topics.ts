/** What a client sees: its topics, parsed once. */
import { ProductError } from '../protocol/errors.ts';
import { SERIES, checkedSeriesTopic } from './seriesTopic.ts';

export interface Topics {
  jobs: boolean;
  alerts: boolean;
  /** Workers, queues and tasks. */
  workers: boolean;
  /** The named messages for other programs. */
  events: boolean;
  /** Jobs whose parts are wanted as well. */
  jobIds: ReadonlySet<string>;
  /** Queries of series, as they stand in the topics. */
  series: ReadonlySet<string>;
  /** Jobs whose pipelines listen here for what they are asked. */
  control: ReadonlySet<string>;
}

const MAX_TOPICS = 256;
/** Each is evaluated once a second. */
export const MAX_SERIES_TOPICS = 32;
const MAX_CONTROL_TOPICS = 32;
const CONTROL = 'control:';

export const NO_TOPICS: Topics = {
  jobs: false,
  alerts: false,
  workers: false,
  events: false,
  jobIds: new Set(),
  series: new Set(),
  control: new Set(),
};

const FLAGS = ['jobs', 'alerts', 'workers', 'events'] as const;

/** Throws FRAME_INVALID naming the topic that is none, or the field of a query that is wrong. `now` is epoch milliseconds. */
export function parseTopics(value: unknown, now: number): Topics {
  if (!Array.isArray(value) || value.length > MAX_TOPICS)
    throw invalid(`"topics" must be an array of at most ${MAX_TOPICS} topics.`);
  const flags = { jobs: false, alerts: false, workers: false, events: false };
  const jobIds = new Set<string>();
  const series = new Set<string>();
  const control = new Set<string>();
  for (const topic of value as unknown[]) {
    const flag = FLAGS.find((name) => name === topic);
    if (flag) flags[flag] = true;
    else if (typeof topic === 'string' && topic.length > 4 && topic.startsWith('job:'))
      jobIds.add(topic.slice(4));
    else if (typeof topic === 'string' && topic.startsWith(SERIES))
      series.add(checkedSeriesTopic(topic, now));
    else if (typeof topic === 'string' && isControl(topic))
      control.add(topic.slice(CONTROL.length));
    else throw unknownTopic(topic);
  }
  if (control.size > MAX_CONTROL_TOPICS)
    throw invalid(
      `"topics" has ${control.size} of control; at most ${MAX_CONTROL_TOPICS} are allowed.`,
    );
  if (series.size > MAX_SERIES_TOPICS)
    throw invalid(`"topics" has ${series.size} series; at most ${MAX_SERIES_TOPICS} are allowed.`);
  return { ...flags, jobIds, series, control };
}

function isControl(topic: string): boolean {
  return topic.length > CONTROL.length && topic.startsWith(CONTROL);
}

function unknownTopic(topic: unknown): ProductError {
  const name = typeof topic === 'string' ? `"${topic.slice(0, 80)}"` : 'that';
  const known = [
    ...FLAGS.map((flag) => `"${flag}"`),
    '"job:<id>"',
    '"series:<query>"',
    '"control:<job id>"',
  ];
  return invalid(`There is no topic ${name}. Topics: ${known.join(', ')}.`);
}

function invalid(detail: string): ProductError {
  return new ProductError('FRAME_INVALID', { detail });
}

/** True for a client that reads no records: what a pipeline is asked is none. */
export function isNone({ jobIds, series, control: _, ...flags }: Topics): boolean {
  return jobIds.size + series.size === 0 && !Object.values(flags).includes(true);
}

/** What `topics` has and `before` has not. */
export function addedTopics(topics: Topics, before: Topics): Topics {
  const without = (ids: ReadonlySet<string>, known: ReadonlySet<string>) =>
    new Set([...ids].filter((id) => !known.has(id)));
  return {
    jobs: topics.jobs && !before.jobs,
    alerts: topics.alerts && !before.alerts,
    workers: topics.workers && !before.workers,
    events: topics.events && !before.events,
    jobIds: without(topics.jobIds, before.jobIds),
    series: without(topics.series, before.series),
    control: without(topics.control, before.control),
  };
}

/** Two clients with the same key get the same records; series and messages go their own way. */
export function topicsKey({ jobs, alerts, workers, jobIds }: Topics): string {
  return JSON.stringify([jobs, alerts, workers, ...[...jobIds].sort()]);
}
