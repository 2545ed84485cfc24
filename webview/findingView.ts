/** What the analysis found, as lists and charts show it: where each leads, how sure it is, and its signs on a chart. */
import { t } from '@vscode/l10n';
import { percent } from '../service/protocol/describe.ts';
import type { Finding } from '../service/protocol/finding.ts';
import type { App } from './app.ts';
import type { Sign, TimeChart } from './charts/spec.ts';
import { classWord } from './findingWords.ts';
import type { IconName } from './icons.ts';
import { latestJob } from './jobs.ts';
import { placeOf } from './places.ts';
import type { RegionName } from './regionNames.ts';

export interface FoundPage {
  findings: Finding[];
  total: number;
}

/** Anomalies and predictions of `query`, such as `label.source=host`: those that are so now first. */
export function foundPath(query: string): string {
  return `/api/v1/findings?kind=anomaly,prediction&limit=200&${query}`;
}

export const KIND_SIGNS: Record<Finding['kind'], IconName> = {
  ...({ bottleneck: 'flame', change: 'graphLine', anomaly: 'pulse', prediction: 'watch' } as const),
};

const KINDS: Record<Finding['kind'], () => string> = {
  bottleneck: () => t('Bottleneck'),
  change: () => t('Change'),
  anomaly: () => t('Anomaly'),
  prediction: () => t('Prediction'),
};

export function kindWord({ kind }: Pick<Finding, 'kind'>): string {
  return KINDS[kind]();
}

/** `84 % sure`; of an anomaly how odd it is. */
export function sureOf({ kind, measure, confidence }: Finding): string {
  if (kind === 'anomaly') return t('score {0}', scoreOf(measure));
  return t('{0} sure', percent(within(confidence * 100, 99)));
}

function scoreOf(measure: number): string {
  return percent(within(measure, 100));
}

/** What that number is. */
export function sureHint({ kind }: Pick<Finding, 'kind'>): string {
  return kind === 'anomaly'
    ? t('How unusual it is: 0 % is as ever, 100 % was never seen')
    : t('How sure it is');
}

function within(value: number, most: number): number {
  return Number.isFinite(value) ? Math.min(most, Math.max(0, value)) : 0;
}

/** Where more of it stands; null where no region shows its values. */
export function regionOfFinding(
  finding: Pick<Finding, 'kind' | 'metric' | 'labels' | 'job_id'>,
): RegionName | null {
  switch (finding.kind) {
    case 'bottleneck':
      return 'Bottlenecks';
    case 'change':
      return 'Performance';
    case 'anomaly':
    case 'prediction':
      return placeOf(finding) ?? (finding.job_id === null ? null : 'Resources');
  }
}

/** Shows the run, the phase, the worker or the machine that it is of, where more of it stands. */
export function leadTo(app: App, finding: Finding, region: RegionName): void {
  const { session, store } = app;
  const { job_id: job, phase_id: phase, pipeline, labels } = finding;
  if (job !== null) session.showJob(job, phase);
  else if (pipeline !== null) {
    // Several runs go on: the newest is shown, and said by its name.
    const runs = [...store.jobs.values()].filter((one) => one.pipeline === pipeline);
    const latest = latestJob(runs);
    if (latest !== undefined) session.showJob(latest.job_id, phase);
  }
  if (region === 'Resources') session.set({ resourcesOf: sourceOf(labels) });
  store.go(region);
}

function sourceOf(labels: Finding['labels']): 'run' | 'host' | `worker:${string}` {
  const { source, worker_id: worker } = labels;
  if (source === 'host') return 'host';
  return source === 'worker' && worker !== undefined ? `worker:${worker}` : 'run';
}

/** On the charts of this metric: where each began. `by` is the label that names one of several lines. */
export function signsOf(findings: readonly Finding[], metric: string, by = ''): Sign[] {
  return findings.flatMap((one): Sign[] => {
    const at = Date.parse(one.since);
    if (one.metric !== metric || !Number.isFinite(at)) return [];
    const word =
      one.kind === 'anomaly' ? `${signWord(one)}, ${scoreOf(one.measure)}` : signWord(one);
    const of = one.labels[by];
    const label = of === undefined ? word : `${of}: ${word}`;
    return [{ at, label, tone: one.until === null ? 'bad' : 'plain' }];
  });
}

/** Short enough for a chart. */
export function signWord(finding: Finding): string {
  return finding.kind === 'prediction' ? kindWord(finding) : classWord(finding);
}

/** The limits that values of this metric are on their way to, as lines across a chart. */
export function foreseenIn(
  findings: readonly Finding[],
  metric: string,
): NonNullable<TimeChart['marks']> {
  const open = findings.filter(
    (one) => one.kind === 'prediction' && one.until === null && one.metric === metric,
  );
  const values = new Set(open.flatMap(({ threshold }) => threshold ?? []));
  return [...values].map((value) => ({ label: t('limit'), value }));
}

/** Those that were listed keep their places, others come after them: nothing moves under a pointer. */
export function steady(findings: readonly Finding[], before: readonly string[]): Finding[] {
  const places = new Map(before.map((id, place) => [id, place]));
  const placeOfOne = ({ finding_id: id }: Finding): number => places.get(id) ?? before.length;
  return [...findings].sort((a, b) => placeOfOne(a) - placeOfOne(b));
}
