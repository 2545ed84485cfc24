/** What jobs can be filtered by: the values that there are, with how many jobs have each. */
import type { JobChoices } from '../protocol/jobStatistics.ts';
import type { JobRecord } from '../protocol/record.ts';

const MAX_VALUES = 200;
const MAX_LABELS = 50;
const MAX_LABEL_VALUES = 50;

type Counts = Map<string, number>;

export function jobChoices(jobs: readonly JobRecord[]): JobChoices {
  const pipelines: Counts = new Map();
  const kinds: Counts = new Map();
  const labels = new Map<string, Counts>();
  for (const job of jobs) {
    countIn(pipelines, job.pipeline);
    if (job.kind !== null) countIn(kinds, job.kind);
    for (const [name, value] of Object.entries(job.labels)) {
      const values = labels.get(name) ?? new Map<string, number>();
      labels.set(name, values);
      countIn(values, value);
    }
  }
  return {
    pipelines: mostFrequent(pipelines, MAX_VALUES),
    pipelines_total: pipelines.size,
    kinds: mostFrequent(kinds, MAX_VALUES),
    kinds_total: kinds.size,
    labels: labelChoices(labels),
    labels_total: labels.size,
  };
}

function labelChoices(labels: ReadonlyMap<string, Counts>): JobChoices['labels'] {
  const all = [...labels].map(([name, values]) => {
    let jobs = 0;
    for (const count of values.values()) jobs += count;
    return { name, jobs, values };
  });
  all.sort((a, b) => b.jobs - a.jobs || (a.name < b.name ? -1 : 1));
  return all.slice(0, MAX_LABELS).map(({ values, ...label }) => ({
    ...label,
    values: mostFrequent(values, MAX_LABEL_VALUES),
    values_total: values.size,
  }));
}

function countIn(counts: Counts, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

function mostFrequent(counts: Counts, limit: number): { value: string; jobs: number }[] {
  return [...counts]
    .map(([value, jobs]) => ({ value, jobs }))
    .sort((a, b) => b.jobs - a.jobs || (a.value < b.value ? -1 : 1))
    .slice(0, limit);
}
