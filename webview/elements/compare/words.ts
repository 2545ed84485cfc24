/** Differences as people read them: with sign, unit and a word, never by colour alone. */
import { t } from '@vscode/l10n';
import {
  duration,
  memory,
  percent,
  rate,
  statusWord,
  UNKNOWN,
} from '../../../service/protocol/describe.ts';
import type {
  ComparisonPage,
  Difference,
  PhaseComparison,
} from '../../../service/protocol/compare.ts';
import type { DiffersIn, RunMeasure } from '../../../service/protocol/compareMeasures.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { JobRecord } from '../../../service/protocol/record.ts';
import { number } from '../../format.ts';
import type { Measure } from './arrange.ts';

type AnyMeasure = Measure | RunMeasure;

const NAMES: Record<AnyMeasure, () => string> = {
  time_ms: () => t('Time'),
  memory_mb: () => t('Highest memory'),
  cpu_percent: () => t('Average CPU'),
  throughput: () => t('Throughput'),
  error_count: () => t('Errors'),
  warning_count: () => t('Warnings'),
  artifact_count: () => t('Artifacts'),
  phases_total: () => t('Phases'),
  phases_done: () => t('Phases done'),
  phases_failed: () => t('Phases failed'),
};

export function measureName(measure: AnyMeasure): string {
  return NAMES[measure]();
}

export function valueText(measure: AnyMeasure, value: number | null): string {
  if (value === null) return UNKNOWN;
  if (measure === 'time_ms') return duration(value);
  if (measure === 'memory_mb') return memory(value);
  if (measure === 'cpu_percent') return percent(value);
  return measure === 'throughput' ? rate(value) : number(value);
}

/** `+3.2 s (+40 %)`, `−12 MB (−8 %)`, `no change`; a minus that is as wide as the plus. */
export function differenceText(measure: AnyMeasure, { delta, ratio }: Difference): string {
  if (delta === null) return UNKNOWN;
  if (delta === 0) return t('no change');
  const sign = delta > 0 ? '+' : '−';
  const size = `${sign}${valueText(measure, Math.abs(delta))}`;
  if (ratio === null || measure === 'cpu_percent') return size;
  const part = Math.abs(ratio - 1) * 100;
  return part >= 1000
    ? t('{0}, {1} times', size, number(ratio))
    : `${size} (${sign}${percent(part)})`;
}

/** Whether more of it is good, bad, or neither. */
const MORE_IS: Record<AnyMeasure, 'better' | 'worse' | 'other'> = {
  ...{ time_ms: 'worse', memory_mb: 'worse', error_count: 'worse', warning_count: 'worse' },
  ...{ phases_failed: 'worse', throughput: 'better', phases_done: 'better' },
  ...{ cpu_percent: 'other', artifact_count: 'other', phases_total: 'other' },
};

/** `slower`, `faster`, `more`, `less`; empty where nothing changed. */
export function directionWord(measure: AnyMeasure, { delta }: Difference): string {
  if (delta === null || delta === 0) return '';
  if (measure === 'time_ms') return delta > 0 ? t('slower') : t('faster');
  if (measure === 'throughput') return delta > 0 ? t('faster') : t('slower');
  return delta > 0 ? t('more') : t('less');
}

/** What colour goes with it; the word and the sign say the same. */
export function tone(measure: AnyMeasure, { delta }: Difference): 'better' | 'worse' | '' {
  const more = MORE_IS[measure];
  if (delta === null || delta === 0 || more === 'other') return '';
  return delta > 0 === (more === 'better') ? 'better' : 'worse';
}

const REASONS: Record<DiffersIn, () => string> = {
  added: () => t('only in this run'),
  removed: () => t('missing in this run'),
  status: () => t('ended otherwise'),
  depends_on: () => t('waits for other phases'),
  time: () => t('another time'),
  memory: () => t('another use of memory'),
  errors: () => t('another number of errors'),
};

export function reasonText(differs: readonly DiffersIn[]): string {
  return differs.map((one) => REASONS[one]()).join(', ');
}

/** `failed instead of completed`; empty where both ended the same way. */
export function statusText({ job, other }: PhaseComparison): string {
  if (job === null || other === null || job.status === other.status) return '';
  return t('{0} instead of {1}', statusWord(job.status), statusWord(other.status));
}

/** What a run is called in this place. */
export function runName(job: Pick<JobRecord, 'name' | 'job_id'>): string {
  return job.name === job.job_id ? job.job_id : `${job.name} (${job.job_id})`;
}

export function otherName({ other }: ComparisonPage): string {
  if (other.kind === 'job') return runName(other.job);
  const { runs } = other;
  return runs.length === 1
    ? t('the completed run before')
    : t('the median of {0} runs', numeral(runs.length));
}

/** The whole comparison in one sentence. */
export function verdict(answer: ComparisonPage): string {
  const { totals, job } = answer;
  const { delta } = totals.time_ms;
  const names = [runName(job), otherName(answer)] as const;
  if (delta === null) return t('{0} against {1}: one of them has no duration yet.', ...names);
  if (delta === 0) return t('{0} took as long as {1}.', ...names);
  const text = differenceText('time_ms', totals.time_ms);
  return delta > 0
    ? t('{0} was slower than {1}: {2}.', ...names, text)
    : t('{0} was faster than {1}: {2}.', ...names, text);
}
