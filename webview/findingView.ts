/** What the analysis found, as lists and charts show it: where each leads, how sure it is, and its signs on a chart. */
import { t } from '@vscode/l10n';
import { percent } from '../service/protocol/describe.ts';
import type { Finding } from '../service/protocol/finding.ts';
import type { App } from './app.ts';
import { classWord } from './findingWords.ts';
import type { Sign } from './charts/spec.ts';
import type { IconName } from './icons.ts';
import type { RegionName } from './regionNames.ts';

export interface FoundPage {
  findings: Finding[];
  total: number;
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
  if (kind === 'anomaly') return t('score {0}', percent(within(measure, 100)));
  return t('{0} sure', percent(within(confidence * 100, 99)));
}

function within(value: number, most: number): number {
  return Number.isFinite(value) ? Math.min(most, Math.max(0, value)) : 0;
}

const REGIONS: Record<Finding['kind'], RegionName> = {
  ...({ bottleneck: 'Bottlenecks', change: 'Performance' } as const),
  ...({ anomaly: 'Resources', prediction: 'Resources' } as const),
};

/** Where more of it stands. */
export function regionOfFinding({ kind }: Pick<Finding, 'kind'>): RegionName {
  return REGIONS[kind];
}

/** Shows the run, the phase or the machine that it is of, where more of it stands. */
export function leadTo(app: App, finding: Finding): void {
  const { job_id: job, phase_id: phase, labels, worker_id: worker } = finding;
  if (job !== null) app.session.showJob(job, phase);
  const region = regionOfFinding(finding);
  if (region === 'Resources' && job === null) {
    const of = worker ?? (labels['source'] === 'worker' ? labels['worker_id'] : undefined);
    app.session.set({ resourcesOf: of === undefined ? 'host' : `worker:${of}` });
  }
  app.store.go(region);
}

/** On the charts of this metric of this source: where each began. */
export function signsOf(
  findings: readonly Finding[],
  metric: string,
  isOf: (finding: Finding) => boolean,
): Sign[] {
  return findings.flatMap((one): Sign[] => {
    const at = Date.parse(one.since);
    if (one.metric !== metric || !Number.isFinite(at) || !isOf(one)) return [];
    const word = classWord(one);
    const label = one.kind === 'anomaly' ? `${word}, ${sureOf(one)}` : word;
    return [{ at, label, tone: one.until === null ? 'bad' : 'plain' }];
  });
}
