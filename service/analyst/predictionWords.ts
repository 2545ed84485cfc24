/** What is said of a limit ahead. The time of day stands in it: an alert keeps the sentence for as long as it lasts. */
import type { Ending } from '../analysis/predictions/forecast.ts';
import type { Approach } from '../analysis/predictions/outlook.ts';
import { amount } from '../alerts/rules/words.ts';
import { duration } from '../protocol/describe.ts';
import type { Finding } from '../protocol/finding.ts';
import { aboutOf, titleOf } from './about.ts';
import type { Course } from './courses.ts';
import type { NamedLimit } from './limits.ts';
import type { Runs } from './runs.ts';

export interface Foreseen {
  id: string;
  course: Course;
  limit: NamedLimit;
  approach: Approach;
  /** When it was seen first, epoch milliseconds. */
  since: number;
  value: number;
}

export function predictionFinding(
  { id, course, limit, approach, since, value }: Foreseen,
  { now, runs }: { now: number; runs: Runs },
): Finding {
  const at = new Date(since).toISOString();
  return {
    ...{ finding_id: id, kind: 'prediction', class: course.series.metric, impact: null },
    title: `${titleOf(course)} on its way to ${amount(limit.value, course.unit)}`,
    sentence: sentenceOf({ course, limit, approach, now }),
    ...{ since: at, noticed_at: at, until: null, ended_why: null },
    ...aboutOf(course, runs),
    ...{ value, threshold: limit.value, measure: Math.max(0, approach.at - now) },
    confidence: approach.confidence,
    evidence: evidenceOf(approach, limit),
  };
}

/** `run_over`: the run is, or another one's values come. `mixed`: those of several do. */
export type Why = Ending | 'run_over' | 'mixed';

export const ENDINGS: Record<Why, string> = {
  broken: 'The trend does not go on.',
  reached: 'The limit is reached.',
  silent: 'No values came any more.',
  run_over: 'The run is over.',
  mixed: 'Several runs share these values.',
};

interface Said {
  course: Course;
  limit: NamedLimit;
  approach: Approach;
  now: number;
}

function sentenceOf({ course, limit, approach, now }: Said): string {
  const { at, earliest, latest, per_second, span } = approach;
  const { unit } = course;
  const [about, first, last] = [at, earliest, latest].map((time) =>
    clock(time, { now, exact: at - now < EXACT_MS }),
  );
  const range = first === last ? '' : ` (${first} to ${last})`;
  const pace = `${amount(Math.abs(per_second) * 60, unit)} a minute`;
  const way = per_second > 0 ? 'grew' : 'fell';
  return `${titleOf(course)} reaches ${amount(limit.value, unit)}, ${limit.name}, at about ${about}${range} UTC if it goes on: it ${way} by ${pace} over the last ${duration(span)}.`;
}

/** What is nearer is said to the second. */
const EXACT_MS = 600_000;
const DAY_MS = 86_400_000;
const LAST_TIME = 8.64e15;

/** `14:32`, `14:32:05` where it is near, `2026-01-31 02:10` on another day. */
function clock(time: number, { now, exact }: { now: number; exact: boolean }): string {
  const step = exact ? 1000 : 60_000;
  const rounded = Math.min(LAST_TIME, Math.round(time / step) * step);
  const text = new Date(rounded).toISOString();
  const hours = text.slice(text.indexOf('T') + 1, -5);
  const day = Math.floor(rounded / DAY_MS) === Math.floor(now / DAY_MS) ? '' : text.split('T')[0];
  return `${day === '' ? '' : `${day} `}${exact ? hours : hours.slice(0, -3)}`;
}

function evidenceOf(approach: Approach, limit: NamedLimit): Finding['evidence'] {
  const { at, earliest, latest, per_second, level, span, points } = approach;
  const time = (ms: number) => new Date(Math.min(ms, LAST_TIME)).toISOString();
  return {
    ...{ limit: limit.value, limit_name: limit.name },
    ...{ rule_id: limit.rule_id, rule_name: limit.rule_name },
    ...{ at: time(at), earliest: time(earliest), latest: time(latest) },
    ...{ per_second, level, span_ms: span, points },
  };
}
