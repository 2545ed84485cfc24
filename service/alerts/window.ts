/** One subject of the rules on series: what is known of the metrics of one group of series. */
import type { Rule } from '../protocol/rule.ts';
import { Bucket } from '../series/bucket.ts';
import type { Series } from '../series/series.ts';
import type { SeriesSpec, SeriesSubject, Stretch } from './rules/kind.ts';
import { Calm } from './calm.ts';
import type { Lane } from './lanes.ts';
import { fitsPattern } from './rules/pattern.ts';
import { QuickStretch, SlotStretch, Slots } from './slots.ts';

/** What some rules look at in the same way. */
export interface Watched {
  spec: SeriesSpec;
  rules: Rule[];
  lanes: readonly Lane[];
  windows: Map<string, Window>;
  quantiles: boolean;
  /** Subjects that found no room. */
  left: number;
  /** Epoch milliseconds: no window of it is changed by time alone before. */
  dueAt: number;
}

export interface Part {
  metric: string;
  kind: Series['info']['kind'];
  slots: Slots;
}

/** Epoch milliseconds: now, and when the service began. */
export interface Moment {
  now: number;
  startedAt: number;
}

/** A time in which no service ran is missed where it was longer than this share of the range. */
const LONG_SHARE = 1 / 4;

export class Window {
  readonly watched: Watched;
  readonly labels: Readonly<Record<string, string>>;
  readonly component_id: string;
  unit = '';
  /** Epoch milliseconds: when the first of its points was, and when the newest came. */
  first = Infinity;
  heard = 0;
  /** True when what is on disk was read. */
  isFilled = false;
  /** Epoch milliseconds of its newest point of before the service began; 0 where none is known. */
  #heardBefore = 0;
  dirty = false;
  /** Epoch milliseconds: when time alone changes what it says, or it can be let go. */
  dueAt = 0;
  readonly calm = new Calm();
  /** By metric; counters have one for each series, because their sum says nothing. */
  readonly #parts = new Map<string, Part>();
  /** The only one, mostly. */
  #only: Part | null = null;

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
      this.#only = this.#parts.size === 1 ? part : null;
      this.unit = info.unit ?? '';
    }
    return part;
  }

  changesAfter(now: number): number {
    if (this.#only !== null) return this.#only.slots.changesAfter(now);
    let at = Infinity;
    for (const { slots } of this.#parts.values()) at = Math.min(at, slots.changesAfter(now));
    return at;
  }

  /** True where what was heard before the service began, and what came since, leave no long time out. */
  bridges(listeningSince: number): boolean {
    const { range_ms } = this.watched.spec;
    return this.isFilled && listeningSince - this.#heardBefore < range_ms * LONG_SHARE;
  }

  /** Takes what is in memory of a series from `from` on. */
  takeRecent(series: Series, moment: Moment & { from: number }): void {
    const part = this.part(series);
    series.recent(moment.from, {
      point: (time, value) => {
        if (part.slots.add(time, value, moment.now)) this.#took(time, time, moment);
      },
      bucket: (bucket) => this.takeBucket(part, bucket, moment),
    });
  }

  takeBucket({ slots }: Part, bucket: Bucket, moment: Moment): void {
    slots.merge(bucket, moment.now);
    this.#took(bucket.firstTime, bucket.lastTime, moment);
  }

  #took(first: number, last: number, { now, startedAt }: Moment): void {
    this.first = Math.min(this.first, first);
    this.heard = Math.max(this.heard, Math.min(last, now));
    if (last <= startedAt) this.#heardBefore = Math.max(this.#heardBefore, last);
  }

  prune(now: number): void {
    for (const { slots } of this.#parts.values()) slots.prune(now);
  }

  isEmpty(now: number): boolean {
    for (const { slots } of this.#parts.values()) if (!slots.isEmpty(now)) return false;
    return true;
  }

  stretch(metric: string, now: number, which: 'now' | 'before'): Stretch {
    const { range_ms } = this.watched.spec;
    if (which === 'now' && this.#only?.metric === metric)
      return new QuickStretch(this.#only.slots, now, { kind: this.#only.kind, range_ms });
    const total = new Bucket(0);
    let increase = 0;
    let kind: Part['kind'] = 'histogram';
    for (const part of this.#parts.values()) {
      if (part.metric !== metric) continue;
      ({ kind } = part);
      increase += part.slots[which](now, total);
    }
    return new SlotStretch(total, increase, { kind, range_ms });
  }
}

/** Event ids and components are short; labels need not be. */
const MAX_ID = 200;

function idOf(
  { component, component_label, component_id, metrics }: SeriesSpec,
  labels: Series['labels'],
): string {
  if (component_label !== null && Object.hasOwn(labels, component_label))
    return labels[component_label] ?? '';
  if (component_id !== undefined) return component_id;
  if (component === 'machine') return 'host';
  return nameOf(metrics[0] ?? '', labels).slice(0, MAX_ID);
}

export function nameOf(metric: string, labels: Series['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? metric : `${metric}{${pairs.sort().join(',')}}`;
}

interface Look {
  now: number;
  /** Epoch milliseconds: before, points may have been missed. */
  listeningSince: number;
  baseline: (model: string) => number | null;
}

/** The window as its rules see it now. All that look at it in the same way see the same sums. */
export class WindowSubject implements SeriesSubject {
  /** Epoch milliseconds: from when on all of the time that is looked at was listened to. */
  readonly coveredFrom: number;
  readonly covered: boolean;
  readonly #window: Window;
  readonly #look: Look;
  #known: { metric: string; which: 'now' | 'before'; stretch: Stretch }[] | null = null;

  constructor(window: Window, look: Look) {
    this.#window = window;
    this.#look = look;
    const { range_ms, twice } = window.watched.spec;
    const span = twice ? 2 * range_ms : range_ms;
    // The time in which no service ran is missed, as a standstill of it would be, where it was long.
    const { first } = window;
    const since = window.bridges(look.listeningSince)
      ? first
      : Math.max(first, look.listeningSince);
    this.coveredFrom = since + span;
    this.covered = this.coveredFrom <= look.now;
  }

  get labels(): Readonly<Record<string, string>> {
    return this.#window.labels;
  }

  /** Only what an alert says asks for it. */
  get name(): string {
    return nameOf(this.#window.watched.spec.metrics[0] ?? '', this.#window.labels);
  }

  get unit(): string {
    return this.#window.unit;
  }

  now(metric: string): Stretch {
    return this.#stretch(metric, 'now');
  }

  before(metric: string): Stretch {
    return this.#stretch(metric, 'before');
  }

  baseline(model: string): number | null {
    return this.#look.baseline(model);
  }

  #stretch(metric: string, which: 'now' | 'before'): Stretch {
    const known = (this.#known ??= []);
    for (const held of known)
      if (held.metric === metric && held.which === which) return held.stretch;
    const stretch = this.#window.stretch(metric, this.#look.now, which);
    known.push({ metric, which, stretch });
    return stretch;
  }
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
