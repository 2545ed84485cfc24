/** What is said of an anomaly. */
import type { AnomalyReason, Judgement } from '../analysis/anomalies/detector.ts';
import { amount } from '../alerts/rules/words.ts';
import type { Finding } from '../protocol/finding.ts';
import { aboutOf, titleOf } from './about.ts';
import type { Course } from './courses.ts';
import type { Runs } from './runs.ts';

/** What a course does that it never does. Times are epoch milliseconds. */
export interface Episode {
  id: string;
  since: number;
  oddAt: number;
  heardAt: number;
  /** The strangest of its values. */
  peak: Judgement & { value: number };
}

export function anomalyFinding(
  course: Course,
  { id, since, peak }: Episode,
  { now, runs }: { now: number; runs: Runs },
): Finding {
  const { score, reason, value, usual } = peak;
  const { series, unit } = course;
  const title = titleOf(course);
  return {
    ...{ finding_id: id, kind: 'anomaly', class: reason, confidence: score, impact: null },
    title: `${title}: ${HEADLINES[reason]}`,
    sentence: `${title} ${SENTENCES[reason](amount(value, unit), amount(usual, unit))}`,
    since: new Date(since).toISOString(),
    noticed_at: new Date(now).toISOString(),
    ...{ until: null, ended_why: null },
    ...aboutOf(course, runs),
    ...{ value, threshold: usual, measure: score * 100 },
    evidence: { score, reason, value, usual, series_id: series.id, of: course.name },
  };
}

const HEADLINES: Record<AnomalyReason, string> = {
  spike: 'unusual value',
  level: 'unusual level',
  variance: 'unusually rough or smooth',
  silence: 'stands still',
  pattern: 'unusual course',
};

const SENTENCES: Record<AnomalyReason, (value: string, usual: string) => string> = {
  spike: (value, usual) => `went to ${value}; lately it was ${usual} on average.`,
  level: (value, usual) => `has left its usual level: ${value} now, ${usual} on average lately.`,
  variance: (value) => `moves more, or less, than it ever did; it is ${value} now.`,
  silence: (value) =>
    `does not move any more, which it never did for so long; it stands at ${value}.`,
  pattern: (value, usual) =>
    `runs as it never did, or not at this time of the day: ${value} now, ${usual} on average lately.`,
};
