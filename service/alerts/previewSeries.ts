/** Stretches of time in which series were beyond the bound of a rule, as its own kind judges them. */
import type { Rule, RuleOf } from '../protocol/rule.ts';
import { duration } from '../protocol/describe.ts';
import { readNumber } from '../core/registers.ts';
import { Bucket } from '../series/bucket.ts';
import { Slices } from '../series/slices.ts';
import type { Summary } from '../series/types.ts';
import type { FoundOccasion, Previewed, PreviewParts, Span } from './previewParts.ts';
import { fitsSeries } from './ruleIndex.ts';
import { KINDS } from './rules/index.ts';
import type { KindPart, OnSeries, SeriesSpec, SeriesSubject, Verdict } from './rules/kind.ts';
import { SlotStretch } from './slots.ts';
import { fitsSpec, groupOf, nameOf } from './window.ts';

/** A preview looks so often at most: every 5 minutes of a day. */
const MAX_LOOKS = 288;
const MIN_STEP_MS = 10_000;
/** Series times looks: more take too long for somebody who waits. */
const MAX_READS = 100_000;

interface Going {
  since: number;
  occasion: FoundOccasion | null;
}

interface Look {
  rule: Rule;
  spec: SeriesSpec;
  at: number;
  going: Map<string, Going>;
  found: FoundOccasion[];
}

export async function previewSeries(
  rule: Rule,
  { from, to }: Span,
  parts: PreviewParts,
): Promise<Previewed> {
  const spec = specOf(rule);
  const known = parts.series.metrics().filter(({ metric }) => spec.metrics.includes(metric));
  const series = known.reduce((sum, one) => sum + one.series, 0);
  if (series === 0)
    return { found: [], limits: [`Nothing is known of ${spec.metrics.join(', ')}.`] };
  const looks = Math.max(12, Math.min(MAX_LOOKS, Math.floor(MAX_READS / series)));
  const step = Math.max(MIN_STEP_MS, Math.ceil((to - from) / looks));
  const going = new Map<string, Going>();
  const found: FoundOccasion[] = [];
  // Each look may be too short to pause in.
  const slices = new Slices(parts.pause ?? (() => Promise.resolve()));
  for (let at = from + step; at <= to; at += step) {
    await slices.step();
    parts.signal?.throwIfAborted();
    await lookAt({ rule, spec, at, going, found }, parts);
  }
  return { found, limits: [`Looked every ${duration(step)}: what was shorter may be missed.`] };
}

async function lookAt(look: Look, parts: PreviewParts): Promise<void> {
  const { rule, spec, at } = look;
  const now = await bucketsOf(look, { from: at - spec.range_ms, to: at }, parts);
  const before = spec.twice
    ? await bucketsOf(look, { from: at - 2 * spec.range_ms, to: at - spec.range_ms }, parts)
    : new Map<string, Group>();
  const kinds = new Map(parts.series.metrics().map(({ metric, kind }) => [metric, kind]));
  for (const [key, group] of now) {
    const stretch = (groups: ReadonlyMap<string, Group>) => (metric: string) =>
      new SlotStretch(
        groups.get(key)?.buckets.get(metric) ?? new Bucket(0),
        groups.get(key)?.increase.get(metric) ?? 0,
        {
          kind: kinds.get(metric) ?? 'gauge',
          range_ms: spec.range_ms,
        },
      );
    const subject: SeriesSubject = {
      labels: group.labels,
      name: nameOf(spec.metrics[0] ?? '', group.labels),
      unit: '',
      covered: true,
      now: stretch(now),
      before: stretch(before),
      baseline: (model) => {
        const state = parts.model.domain.models.get(model);
        return state ? readNumber(state.fields, 'baseline_mae') : null;
      },
    };
    take(look, subject.name, verdictOf(rule, subject));
  }
}

/** A queue has one level: its points are judged as the queue would have been. */
function verdictOf(rule: Rule, subject: SeriesSubject): Verdict {
  const part = KINDS[rule.kind] as unknown as OnSeries<'threshold'>;
  if (rule.kind !== 'queue_size' && rule.kind !== 'queue_wait')
    return part.judge(subject, rule as RuleOf<'threshold'>);
  const queue = KINDS.queue_size as KindPart<'queue_size'> & { watches: 'queue' };
  const judge = (rule.kind === 'queue_size' ? queue : KINDS.queue_wait) as typeof queue;
  const level = {
    queue: subject.labels['queue'] ?? '',
    pending: subject.now('queue_pending').value('last'),
    oldest_wait_ms: subject.now('queue_oldest_wait_ms').value('last'),
    ...{ grows: false, unsureFor: () => 0 },
  };
  return judge.judge(level, rule as RuleOf<'queue_size'>);
}

function take({ rule, at, going, found }: Look, name: string, verdict: Verdict): void {
  const held = going.get(name);
  if (verdict.is === 'bad') {
    const { value = null } = verdict.finding;
    const since = held?.since ?? at;
    let occasion = held?.occasion ?? null;
    if (occasion === null && at - since >= rule.for_ms) {
      occasion = { time: at, until: null, subject: name, value, job_id: null };
      found.push(occasion);
    }
    going.set(name, { since, occasion });
    return;
  }
  // Between the two bounds what fires goes on, and what was pending does not.
  if (held?.occasion && verdict.is === 'between') return;
  if (held?.occasion) held.occasion.until = at;
  going.delete(name);
}

interface Group {
  labels: Readonly<Record<string, string>>;
  buckets: Map<string, Bucket>;
  increase: Map<string, number>;
}

async function bucketsOf(
  { rule, spec }: Look,
  span: Span,
  { series }: PreviewParts,
): Promise<Map<string, Group>> {
  const groups = new Map<string, Group>();
  for (const metric of spec.metrics) {
    // Of each series by itself: labels that do not make a group may be asked for all the same.
    for (const one of await series.summaries({ metric, labels: {}, group_by: [], ...span }))
      if (fitsSpec(spec, one.labels) && fitsSeries(rule.scope, one.labels))
        addTo(groups, spec, { metric, ...one });
  }
  return groups;
}

function addTo(
  groups: Map<string, Group>,
  spec: SeriesSpec,
  { metric, labels, bucket }: Summary & { metric: string },
): void {
  const own = groupOf(spec, labels);
  const key = JSON.stringify(own);
  const group: Group = groups.get(key) ?? { labels: own, buckets: new Map(), increase: new Map() };
  groups.set(key, group);
  const held = group.buckets.get(metric) ?? new Bucket(0);
  held.merge(bucket);
  group.buckets.set(metric, held);
  group.increase.set(metric, (group.increase.get(metric) ?? 0) + bucket.increase);
}

function specOf(rule: Rule): SeriesSpec {
  if (rule.kind === 'queue_size' || rule.kind === 'queue_wait') {
    const metric = rule.kind === 'queue_size' ? 'queue_pending' : 'queue_oldest_wait_ms';
    return {
      ...{ metrics: [metric], labels: {}, group_by: ['queue'], range_ms: 60_000, twice: false },
      ...{ component: 'queue', component_label: 'queue' },
    };
  }
  const part = KINDS[rule.kind] as unknown as OnSeries<'threshold'>;
  return part.series(rule as RuleOf<'threshold'>);
}
