/** A bottleneck as people read it. */
import { t } from '@vscode/l10n';
import type { Bottleneck, BottleneckKind } from '../../../service/protocol/bottleneck.ts';
import type { Severity } from '../../../service/protocol/states.ts';
import { cut } from '../../charts/pictures/cut.ts';
import { asFinding, titleOf } from '../../findingWords.ts';
import { regionOf } from '../../places.ts';
import type { RegionName } from '../../regionNames.ts';
import type { ResourcesOf } from '../../view.ts';
import { sayIn } from './evidence.ts';

const LONGEST_NAME = 60;

/** From these impacts on (0 at the threshold, 1 where nothing is left). One that is not known is no more than a warning. */
const SEVERITIES: readonly [least: number, severity: Severity][] = [
  [0.75, 'CRITICAL'],
  [0.4, 'ERROR'],
  [0, 'WARNING'],
];

export function severityOf({ impact }: Pick<Bottleneck, 'impact'>): Severity {
  return SEVERITIES.find(([least]) => impact !== null && impact >= least)?.[1] ?? 'WARNING';
}

/** What is beyond a threshold that comes with the service. */
const BEYOND: Partial<Record<BottleneckKind, () => string>> = {
  CPU: () => t('CPU is used up'),
  MEMORY: () => t('Memory is used up'),
  IPC: () => t('Messages between processes are slow'),
  GPU: () => t('The GPU is used up'),
};

/** Of a pattern of the configuration its name. */
export function whatOf(one: Bottleneck): string {
  if (one.pattern !== null) return cut(one.pattern, LONGEST_NAME);
  const isThreshold = one.facts['conditions'] !== undefined;
  return (isThreshold ? BEYOND[one.kind]?.() : undefined) ?? titleOf(asFinding(one));
}

export interface Where {
  text: string;
  region: RegionName;
  /** Whose resources are to be shown there; null: it is not about those. */
  resourcesOf: ResourcesOf | null;
  /** The pipeline whose newest run it leads to; null: none. */
  pipeline: string | null;
  /** The run and its phase that it leads to; null: none. */
  job: string | null;
  phase: string | null;
}

type Place = Pick<Bottleneck, 'job_id' | 'pipeline' | 'phase_id' | 'worker_id' | 'metric'>;

const NOWHERE = { resourcesOf: null, pipeline: null, job: null, phase: null } as const;
const RESOURCES = { region: 'Resources', job: null, phase: null } as const;

/** Things with a name of their own: the label that has it, where they stand, and what they are called. */
const THINGS: readonly (readonly [
  label: string,
  region: RegionName,
  called: (name: string) => string,
])[] = [
  ['queue', 'Workers', (name) => t('queue {0}', name)],
  ['endpoint', 'API', (name) => t('endpoint {0}', name)],
  ['model', 'Models', (name) => t('model {0}', name)],
  ['cache', 'Cache', (name) => t('cache {0}', name)],
];

/** Whose it is: the phase of a run, a worker, a queue or the like, a pipeline, or this machine. */
export function whereOf(one: Pick<Bottleneck, 'labels'> & Partial<Place>): Where {
  const { labels, job_id: job = null, phase_id: phase = null } = one;
  const { source } = labels;
  const worker = one.worker_id ?? (source === 'worker' ? labels['worker_id'] : undefined);
  const pipeline = one.pipeline ?? (source === 'job' ? labels['pipeline'] : undefined);
  const thing = thingOf(labels);
  if (job !== null && phase !== null) {
    const text = cut(phase, LONGEST_NAME);
    const on = worker === undefined ? text : t('{0} on {1}', text, cut(worker, LONGEST_NAME));
    const whole = t('phase {0}', on);
    const said = thing === null ? whole : `${thing.text}, ${whole}`;
    return { ...NOWHERE, region: thing?.region ?? 'Phases', text: said, job, phase };
  }
  if (worker !== undefined)
    return { ...NOWHERE, region: 'Workers', text: t('worker {0}', cut(worker, LONGEST_NAME)) };
  if (thing !== null) return { ...NOWHERE, ...thing };
  if (pipeline !== undefined)
    return { text: cut(pipeline, LONGEST_NAME), ...RESOURCES, resourcesOf: 'run', pipeline };
  if (source === 'host')
    return { text: t('this machine'), ...RESOURCES, resourcesOf: 'host', pipeline: null };
  return { ...NOWHERE, region: regionOf(one.metric ?? ''), text: namedBy(one) };
}

function thingOf(labels: Bottleneck['labels']): { text: string; region: RegionName } | null {
  for (const [label, region, called] of THINGS) {
    const name = labels[label];
    if (name !== undefined) return { region, text: called(cut(name, LONGEST_NAME)) };
  }
  return null;
}

/** Of values with labels of their own these, else the metric itself. */
function namedBy({ labels, metric = '' }: Pick<Bottleneck, 'labels'> & Partial<Place>): string {
  const all = Object.entries(labels).map(([name, value]) => `${name} ${value}`);
  return cut(all.length === 0 ? metric : all.join(', '), LONGEST_NAME);
}

/** `96 % on average, 99 % at most; the threshold is 85 %`. */
export function measuredOf({ evidence }: Pick<Bottleneck, 'evidence'>): string {
  const say = sayIn(evidence.unit);
  const { average, threshold, max } = evidence;
  if (threshold === null) return t('{0} on average, {1} at most', say(average), say(max));
  return t(
    '{0} on average, {1} at most; the threshold is {2}',
    say(average),
    say(max),
    say(threshold),
  );
}
