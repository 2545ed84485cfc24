/**
 * Signs that last become bottlenecks: one begins when its sign has been seen for as long as it needs, and ends when it
 * has not been seen for five seconds (so one quiet second does not make two of it). Memory: one row an episode, bounded.
 */
import type { Bottleneck, BottleneckKind, ImpactBasis } from '../../protocol/bottleneck.ts';
import { NOBODY, type Sign, type Whose, fraction, keyOf } from './sign.ts';

/** Fewer where a sign needs less than so many seconds: it brings other evidence. */
const LEAST_SAMPLES = 3;
/** One that has not been said yet may be missing in this share of the looks that showed it. */
const YOUNG_MISSES = 1 / 3;
const GAP_MS = 5000;
/** Values may be this old: a worker reports every few seconds. What is older says nothing of now. */
const FRESH_MS = 30_000;
/** One value stands for a second. */
const STEP_MS = 1000;
const MOST_EPISODES = 500;
/** Of several metrics the one is told that was seen most in the last looks: each look counts this much of the next. */
const FADES = 0.9;
/** Another one is told from so many times the weight on: those that take turns must not take turns on the screen. */
const OUTWEIGHS = 1.5;

/** What one metric shows of an episode. */
interface Shown {
  sign: Sign;
  weight: number;
  average: number;
  points: number;
  max: number;
  last: number;
  last_at: number;
  /** Sum over the looks in which it was known, how many, and a share of what. */
  impact: number;
  known: number;
  basis: ImpactBasis;
}

interface Episode {
  id: string;
  /** The newest. */
  sign: Sign;
  since: number;
  seen_at: number;
  whose: Whose;
  isOpen: boolean;
  /** By metric: one, but for signs with a key of their own. */
  shown: Map<string, Shown>;
  /** The one that is told. */
  main: Shown;
  points: number;
  last_at: number;
  /** Sum over the looks. */
  fit: number;
  looks: number;
  missed: number;
}

export interface Ended {
  bottleneck: Bottleneck;
  why: string;
}

export interface Held {
  bottleneck_id: string;
  whose: Whose;
  record: () => Bottleneck;
}

export interface Changes {
  opened: Bottleneck[];
  /** Open ones whose numbers may have changed; `record` makes what is said of it now. */
  held: Held[];
  ended: Ended[];
}

export class Episodes {
  readonly #episodes = new Map<string, Episode>();
  /** Those that are said, by class; no empty sets. */
  readonly #open = new Map<BottleneckKind, Set<Episode>>();
  #lastAt = Number.NEGATIVE_INFINITY;

  /** True while it is said: its sign may be weaker then. */
  isOpen(key: string): boolean {
    return this.#episodes.get(key)?.isOpen ?? false;
  }

  /** True while one of the class is said, of that worker where one is named. */
  opensAny(kind: BottleneckKind, worker_id?: string): boolean {
    const open = this.#open.get(kind);
    if (open === undefined || worker_id === undefined) return open !== undefined;
    for (const { sign } of open) if (sign.whose.worker_id === worker_id) return true;
    return false;
  }

  /** Takes all signs of one look. `now`: epoch milliseconds; a clock that runs back begins anew. */
  look(signs: readonly Sign[], now: number): Changes {
    const ended = now < this.#lastAt ? this.#endAll('The clock of this machine was set back.') : [];
    this.#lastAt = now;
    const seen = new Set<string>();
    for (const sign of signs) {
      const key = keyOf(sign);
      if (!seen.has(key)) this.#see(key, sign, now);
      seen.add(key);
    }
    const opened: Bottleneck[] = [];
    const held: Held[] = [];
    for (const [key, episode] of this.#episodes) {
      if (this.#isOver(episode, seen.has(key), now)) {
        this.#episodes.delete(key);
        this.#close(episode);
        if (episode.isOpen) ended.push({ bottleneck: recordOf(episode), why: 'It is over.' });
      } else if (episode.isOpen) held.push(heldOf(episode));
      else if (lasted(episode)) {
        this.#say(episode);
        opened.push(recordOf(episode));
      }
    }
    return { opened, held, ended };
  }

  /** All that are said now, the greatest impact first, then those that nothing tells the impact of. */
  open(): Bottleneck[] {
    return [...this.#episodes.values()]
      .filter(({ isOpen }) => isOpen)
      .map(recordOf)
      .sort((a, b) => worth(b) - worth(a) || (a.bottleneck_id < b.bottleneck_id ? -1 : 1));
  }

  #see(key: string, sign: Sign, now: number): void {
    let episode = this.#episodes.get(key);
    if (episode === undefined) {
      if (this.#episodes.size >= MOST_EPISODES) return;
      const first = sign.samples.find(([time]) => now - time <= FRESH_MS);
      if (first === undefined) return;
      episode = begun(key, sign, first[0]);
      this.#episodes.set(key, episode);
    }
    episode.sign = sign;
    episode.seen_at = now;
    // Whose it is may be known a moment later; it is not forgotten for a look that did not tell.
    if (isKnown(sign.whose)) episode.whose = sign.whose;
    const shown = shownBy(episode, sign);
    for (const [time, value] of sign.samples) {
      if (!Number.isFinite(value) || time <= shown.last_at) continue;
      shown.points++;
      shown.average += (value - shown.average) / shown.points;
      shown.max = Math.max(shown.max, value);
      [shown.last, shown.last_at] = [value, time];
      episode.points++;
      episode.last_at = Math.max(episode.last_at, time);
    }
    if (sign.impact !== null) {
      shown.impact += fraction(sign.impact);
      shown.known++;
      shown.basis = sign.impact_basis;
    }
    episode.fit += fraction(sign.fit);
    episode.looks++;
  }

  #say(episode: Episode): void {
    episode.isOpen = true;
    const { kind } = episode.sign;
    const said = this.#open.get(kind);
    if (said) said.add(episode);
    else this.#open.set(kind, new Set([episode]));
  }

  #close(episode: Episode): void {
    const { kind } = episode.sign;
    const said = this.#open.get(kind);
    said?.delete(episode);
    if (said?.size === 0) this.#open.delete(kind);
  }

  #isOver(episode: Episode, seen: boolean, now: number): boolean {
    if (!seen) episode.missed++;
    if (now - episode.last_at > FRESH_MS + STEP_MS) return true;
    if (seen) return false;
    if (!episode.isOpen) return episode.missed > episode.looks * YOUNG_MISSES;
    return now - episode.seen_at >= GAP_MS;
  }

  #endAll(why: string): Ended[] {
    const open = [...this.#episodes.values()].filter(({ isOpen }) => isOpen);
    this.#episodes.clear();
    this.#open.clear();
    return open.map((episode) => ({ bottleneck: recordOf(episode), why }));
  }
}

function begun(key: string, sign: Sign, since: number): Episode {
  const main = newShown(sign);
  const shown = new Map([[sign.metric, main]]);
  return {
    ...{
      id: `${key}@${since}`,
      sign,
      since,
      seen_at: since,
      whose: NOBODY,
      isOpen: false,
      shown,
      main,
    },
    ...{ points: 0, last_at: Number.NEGATIVE_INFINITY, fit: 0, looks: 0, missed: 0 },
  };
}

function newShown(sign: Sign): Shown {
  return {
    ...{ sign, weight: 0, average: 0, points: 0, max: Number.NEGATIVE_INFINITY, last: 0 },
    ...{ last_at: Number.NEGATIVE_INFINITY, impact: 0, known: 0, basis: 'unknown' },
  };
}

/** Where the values of the sign's metric are kept; those of the others fade. */
function shownBy(episode: Episode, sign: Sign): Shown {
  const { shown } = episode;
  let held = shown.get(sign.metric);
  if (held === undefined) shown.set(sign.metric, (held = newShown(sign)));
  for (const one of shown.values()) one.weight *= FADES;
  held.weight++;
  held.sign = sign;
  if (held.weight > OUTWEIGHS * episode.main.weight) episode.main = held;
  return held;
}

function worth({ impact }: Bottleneck): number {
  return impact ?? -1;
}

function lasted({ sign, since, last_at, points }: Episode): boolean {
  const least = Math.min(LEAST_SAMPLES, Math.ceil(sign.needs_ms / STEP_MS));
  return points >= least && last_at + STEP_MS - since >= sign.needs_ms;
}

function isKnown({ job_id, pipeline, phase_id, worker_id }: Whose): boolean {
  return job_id !== null || pipeline !== null || phase_id !== null || worker_id !== null;
}

function heldOf(episode: Episode): Held {
  const record = (): Bottleneck => recordOf(episode);
  return { bottleneck_id: episode.id, whose: episode.whose, record };
}

function recordOf(episode: Episode): Bottleneck {
  const { main, whose, since, looks } = episode;
  const { sign, points, average } = main;
  return {
    bottleneck_id: episode.id,
    ...{ kind: sign.kind, title: sign.title, pattern: sign.pattern },
    ...{ metric: sign.metric, labels: { ...sign.labels }, ...whose },
    impact: main.known === 0 ? null : main.impact / main.known,
    impact_basis: main.basis,
    // Laplace's rule of succession (n values showed it, `missed` looks did not), times how well they fit the class.
    confidence:
      ((episode.points + 1) / (episode.points + episode.missed + 2)) *
      (episode.fit / Math.max(1, looks)),
    since: new Date(since).toISOString(),
    ...{ sentence: sentenceOf(sign, episode), facts: factsOf(sign, episode) },
    evidence: {
      ...{ unit: sign.unit, average, max: points === 0 ? 0 : main.max, last: main.last },
      ...{ threshold: sign.threshold, points, last_at: new Date(main.last_at).toISOString() },
    },
    evidence_series: sign.series.map((one) => ({ ...one, labels: { ...one.labels } })),
  };
}

/** The numbers of the sentence, and how long it has been so. */
function factsOf(sign: Sign, { since, last_at }: Episode): Bottleneck['facts'] {
  const facts = typeof sign.facts === 'function' ? sign.facts() : sign.facts;
  return { ...facts, lasts_ms: last_at + STEP_MS - since };
}

function sentenceOf(sign: Sign, { whose, since, last_at }: Episode): string {
  const seconds = Math.max(1, Math.round((last_at + STEP_MS - since) / 1000));
  const says = typeof sign.says === 'string' ? sign.says : sign.says();
  return `${says}, for ${seconds} s${placeOf(whose)}.`;
}

function placeOf({ pipeline, job_id, phase_id, worker_id }: Whose): string {
  const run = pipeline ?? job_id;
  const parts = [
    phase_id === null ? null : `phase ${phase_id}`,
    run === null ? null : `${phase_id === null ? 'run' : 'of'} ${run}`,
    worker_id === null
      ? null
      : `${run === null && phase_id === null ? '' : 'on '}worker ${worker_id}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? '' : ` (${parts.join(' ')})`;
}
