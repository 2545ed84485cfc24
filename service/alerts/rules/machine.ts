/** This machine, and the machines of workers: what the four kinds of them have in common. */
import type { RuleKind, RuleOf } from '../../protocol/rule.ts';
import { boundOf } from './bound.ts';
import type { KindPart, RuleConfig, SeriesSpec, SeriesSubject } from './kind.ts';
import { beginning } from './kind.ts';
import { judgeValue } from './seriesVerdict.ts';

export type MachineKind = Extract<RuleKind, `machine_${string}`>;
type MachineRule = RuleOf<MachineKind>;

const RANGE_MS = 60_000;

export interface MachinePart {
  kind: MachineKind;
  /** Of this machine, and of workers where these have another. */
  metrics: readonly string[];
  /** `CPU`, as it stands in a sentence. */
  what: string;
  name: string;
  threshold: (config: RuleConfig) => number;
  for_ms: number;
  severity?: 'INFO' | 'WARNING';
}

/** A kind of machine rule. Its value is the mean of the last minute. */
export function machineKind(part: MachinePart): KindPart<MachineKind> {
  const { kind, metrics, what, name, for_ms, severity = 'WARNING' } = part;
  const begin = (config: RuleConfig): MachineRule =>
    beginning(kind, {
      name,
      severity,
      for_ms,
      params: { threshold_percent: part.threshold(config) },
    });
  const value = (subject: SeriesSubject) => {
    const found = metrics.map((metric) => subject.now(metric)).find(({ count }) => count > 0);
    return found?.value('avg') ?? null;
  };
  const judge = (subject: SeriesSubject, rule: MachineRule) => {
    const threshold = rule.params.threshold_percent;
    const { worker_id } = subject.labels;
    const where = worker_id === undefined ? 'This machine' : `The machine of worker ${worker_id}`;
    return judgeValue(value(subject), boundOf({ direction: 'above', threshold }, rule.recovery), {
      ...{ unit: 'percent', metric: metrics[0] ?? kind },
      describe: (share, limit) => ({
        title: `${where} is short of ${what}`,
        description: `${where} has had ${share} of its ${what} in use over the last minute; the threshold is ${limit}.`,
      }),
    });
  };
  return {
    ...{ kind, watches: 'series', builtin: true, begin, judge, value },
    limit: 'threshold_percent',
    unit: () => 'percent',
    bound: ({ threshold_percent }) => ({ direction: 'above', threshold: threshold_percent }),
    scope: ['worker'],
    series: (): SeriesSpec => ({
      metrics,
      labels: {},
      fits: ({ source, worker_id }) => source === 'host' || worker_id !== undefined,
      group_by: ['worker_id'],
      range_ms: RANGE_MS,
      twice: false,
      component: 'machine',
      component_label: 'worker_id',
    }),
  };
}
