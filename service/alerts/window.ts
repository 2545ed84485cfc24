/** One subject of the rules on series: what is known of the metrics of one group of series. */
import type { Rule } from '../protocol/rule.ts';
import { Bucket } from '../series/bucket.ts';
import type { Series } from '../series/series.ts';
import type { SeriesSpec, SeriesSubject, Stretch } from './rules/kind.ts';
import { Calm } from './calm.ts';
import type { Lane } from './lanes.ts';
import { fitsPattern } from './rules/pattern.ts';
import { Slots, stretchOf } from './slots.ts';

/** What some rules look at in the same way. */
export interface Watched {
  spec: SeriesSpec;
  rules: Rule[];
  lanes: readonly Lane[];
  windows: Map<string, Window>;
  quantiles: boolean;
  /** Subjects that found no room. */
  left: number;
}

export interface Part {
  metric: string;
  kind: Series['info']['kind'];
  slots: Slots;
}

export class Window {
  readonly watched: Watched;
  readonly labels: Readonly<Record<string, string>>;
  readonly component_id: string;
  unit = '';
  /** Epoch milliseconds: when the first of its points was, and when the newest came. */
  first = Infinity;
  heard = 0;
  dirty = false;
  readonly calm = new Calm();
  /** By metric; counters have one for each series, because their sum says nothing. */
  readonly #parts = new Map<string, Part>();

  constructor(watched: Watched, labels: Readonly<Record<string, string>>) {
    this.watched = watched;
    this.labels = labels;
    this.component_id = idOf(watched.spec, labels);
  }

  part({ id, info, metric }: Series): Part {
    const key = info.kind === 'counter' ? `${metric}\n${id}` : metric;
    let part = this.#parts.get(key);
    if (part === undefined) {
      const { spec, quantiles } = this.watched;
      const slots = new Slots(spec.range_ms, { twice: spec.twice, quantiles });
      part = { metric, kind: info.kind, slots };
      this.#parts.set(key, part);
      this.unit = info.unit ?? '';
    }
    return part;
  }

  get changesAt(): number {
    let at = Infinity;
    for (const { slots } of this.#parts.values()) at = Math.min(at, slots.changesAt);
    return at;
  }

  prune(now: number): void {
    for (const { slots } of this.#parts.values()) slots.prune(now);
  }

  isEmpty(now: number): boolean {
    for (const { slots } of this.#parts.values()) if (!slots.isEmpty(now)) return false;
    return true;
  }

  stretch(metric: string, now: number, which: 'now' | 'before'): Stretch {
    const { spec } = this.watched;
    const total = new Bucket(0);
    let increase = 0;
    let kind: Part['kind'] = 'histogram';
    for (const part of this.#parts.values()) {
      if (part.metric !== metric) continue;
      ({ kind } = part);
      increase += part.slots[which](now, total);
    }
    return stretchOf(total, increase, { kind, range_ms: spec.range_ms });
  }
}

/** Event ids and components are short; labels need not be. */
const MAX_ID = 200;

function idOf(
  { component, component_label, metrics }: SeriesSpec,
  labels: Series['labels'],
): string {
  if (component_label !== null && Object.hasOwn(labels, component_label))
    return labels[component_label] ?? '';
  if (component === 'machine') return 'host';
  return nameOf(metrics[0] ?? '', labels).slice(0, MAX_ID);
}

export function nameOf(metric: string, labels: Series['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? metric : `${metric}{${pairs.sort().join(',')}}`;
}

/** The window as its rules see it. `listeningSince`: before, points may have been missed. */
export function subjectOf(
  window: Window,
  {
    now,
    listeningSince,
    baseline,
  }: { now: number; listeningSince: number; baseline: (model: string) => number | null },
): SeriesSubject {
  const { spec } = window.watched;
  const span = spec.range_ms * (spec.twice ? 2 : 1);
  // All rules that look at it in the same way see the same sums.
  const known: { metric: string; which: 'now' | 'before'; stretch: Stretch }[] = [];
  const stretch = (metric: string, which: 'now' | 'before'): Stretch => {
    for (const held of known)
      if (held.metric === metric && held.which === which) return held.stretch;
    const made = window.stretch(metric, now, which);
    known.push({ metric, which, stretch: made });
    return made;
  };
  return {
    labels: window.labels,
    // Only what an alert says asks for it.
    get name() {
      return nameOf(spec.metrics[0] ?? '', window.labels);
    },
    unit: window.unit,
    now: (metric) => stretch(metric, 'now'),
    before: (metric) => stretch(metric, 'before'),
    covered: Math.max(window.first, listeningSince) <= now - span,
    baseline,
  };
}

/** True for the labels of a series that the rule looks at. */
export function fitsSpec(spec: SeriesSpec, of: Series['labels']): boolean {
  const { labels } = spec;
  for (const name of Object.keys(labels)) {
    if (!Object.hasOwn(of, name) || !fitsPattern(labels[name] ?? '', of[name] ?? '')) return false;
  }
  return spec.fits?.(of) ?? true;
}

export function groupOf(
  { group_by }: SeriesSpec,
  labels: Series['labels'],
): Record<string, string> {
  if (group_by === null) return {};
  if (group_by.length === 0) return { ...labels };
  return Object.fromEntries(
    group_by.flatMap((name) => (Object.hasOwn(labels, name) ? [[name, labels[name] ?? '']] : [])),
  );
}
