/** What a schema cannot say is wrong with a rule. */
import { type FieldError, messageOf } from '../protocol/errors.ts';
import { printable } from '../protocol/parse.ts';
import type { Rule, RuleOf, RuleScope } from '../protocol/rule.ts';
import { KINDS } from './rules/index.ts';
import type { KindPart, ScopeField } from './rules/kind.ts';
import { nextRun, scheduleOf } from './rules/missedSchedule.ts';
import { messageFault } from './template.ts';

const MAX_LABELS = 32;
const MAX_LABEL = 256;

export function ruleFaults(rule: Rule): FieldError[] {
  const faults = [...scopeFaults(rule), ...recoveryFaults(rule), ...labelFaults(rule)];
  const message = rule.message === null ? null : messageFault(rule.message);
  if (message) faults.push(message);
  if (rule.kind === 'missed_schedule') faults.push(...scheduleFaults(rule));
  if (rule.kind === 'slow_phase') faults.push(...slowFaults(rule));
  return faults;
}

const SCOPE_WORDS: Record<ScopeField, string> = {
  pipeline: 'a pipeline',
  phase: 'a phase',
  worker: 'a worker',
  subject: 'an endpoint, queue, model or cache',
  labels: 'labels',
};

function scopeFaults({ kind, scope }: Rule): FieldError[] {
  const known = KINDS[kind].scope;
  return (Object.keys(scope) as (keyof RuleScope)[])
    .filter((field) => !known.includes(field))
    .map((field) => ({
      path: `/scope/${field}`,
      message: `A rule of the kind "${kind}" is not about ${SCOPE_WORDS[field]}. Remove it.`,
    }));
}

function recoveryFaults(rule: Rule): FieldError[] {
  if (rule.recovery === null) return [];
  const path = '/recovery';
  const part = KINDS[rule.kind] as unknown as KindPart<'threshold'>;
  const bound = part.bound?.(rule.params as RuleOf<'threshold'>['params']);
  if (!bound)
    return [
      { path, message: `A rule of the kind "${rule.kind}" has no such bound. Leave it out.` },
    ];
  const { direction, threshold } = bound;
  const isGood = direction === 'above' ? rule.recovery <= threshold : rule.recovery >= threshold;
  if (isGood) return [];
  const words = direction === 'above' ? 'at or below' : 'at or above';
  return [{ path, message: `Give a value ${words} the threshold of ${threshold}: there it ends.` }];
}

function labelFaults({ params, scope }: Rule): FieldError[] {
  const places: [string, Record<string, string> | undefined][] = [
    ['/scope/labels', scope.labels],
    ['/params/labels', 'labels' in params ? params.labels : undefined],
  ];
  return places.flatMap(([path, labels = {}]) => {
    const pairs = Object.entries(labels);
    if (pairs.length > MAX_LABELS) return [{ path, message: `Give at most ${MAX_LABELS} labels.` }];
    const long = pairs.find((pair) => pair.some((text) => text.length > MAX_LABEL));
    if (long === undefined) return [];
    const message = `The label "${printable(long[0])}" is too long: at most ${MAX_LABEL} letters.`;
    return [{ path, message }];
  });
}

function slowFaults({ params }: RuleOf<'slow_phase'>): FieldError[] {
  if (params.threshold_ms !== null || params.times_usual !== null) return [];
  const message = 'Give a "threshold_ms", a "times_usual", or both.';
  return [{ path: '/params/threshold_ms', message }];
}

function scheduleFaults({ params, scope }: RuleOf<'missed_schedule'>): FieldError[] {
  const faults: FieldError[] = [];
  if (scope.pipeline === undefined)
    faults.push({ path: '/scope/pipeline', message: 'Name the pipeline that should run.' });
  if (params.timezone !== null && !isTimezone(params.timezone)) {
    const message = `"${printable(params.timezone)}" is no time zone. Give a name like Europe/Berlin.`;
    faults.push({ path: '/params/timezone', message });
    return faults;
  }
  const message = scheduleFault(params);
  if (message !== null) faults.push({ path: '/params/schedule', message });
  return faults;
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A fixed moment, so that the same rule is right or wrong on every day: a leap year comes within four of it. */
const SOME_TIME = Date.UTC(2026, 0, 1);

function scheduleFault(params: RuleOf<'missed_schedule'>['params']): string | null {
  const example = 'Give minute, hour, day, month and day of the week, like "0 6 * * 1-5"';
  if (params.schedule.trim().split(/\s+/).length !== 5) return `${example}.`;
  try {
    const next = nextRun(scheduleOf(params), SOME_TIME);
    return next === null ? 'There is no such day. Change the day or the month.' : null;
  } catch (error) {
    const why = printable(messageOf(error).replace(/^CronPattern: /, '')).replace(/\.$/, '');
    return `${example}: ${why}.`;
  }
}
