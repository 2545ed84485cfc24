/** What a client sees: its topics, parsed once. */
import { ProductError } from '../protocol/errors.ts';

export interface Topics {
  jobs: boolean;
  alerts: boolean;
  /** Jobs whose parts are wanted as well. */
  jobIds: ReadonlySet<string>;
}

const MAX_TOPICS = 256;

export const NO_TOPICS: Topics = { jobs: false, alerts: false, jobIds: new Set() };

/** Throws FRAME_INVALID naming the topic that is none. */
export function parseTopics(value: unknown): Topics {
  if (!Array.isArray(value) || value.length > MAX_TOPICS) {
    throw new ProductError('FRAME_INVALID', {
      detail: `"topics" must be an array of at most ${MAX_TOPICS} topics.`,
    });
  }
  const jobIds = new Set<string>();
  let jobs = false;
  let alerts = false;
  for (const topic of value as unknown[]) {
    if (topic === 'jobs') jobs = true;
    else if (topic === 'alerts') alerts = true;
    else if (typeof topic === 'string' && topic.length > 4 && topic.startsWith('job:'))
      jobIds.add(topic.slice(4));
    else {
      const name = typeof topic === 'string' ? `"${topic.slice(0, 80)}"` : 'that';
      throw new ProductError('FRAME_INVALID', {
        detail: `There is no topic ${name}. Topics: "jobs", "alerts", "job:<id>".`,
      });
    }
  }
  return { jobs, alerts, jobIds };
}

/** Two clients with the same key get the same frames. */
export function topicsKey(topics: Topics): string {
  return JSON.stringify([topics.jobs, topics.alerts, ...[...topics.jobIds].sort()]);
}
