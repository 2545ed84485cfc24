/**
 * Watches all series for what they never do. Learns silently after a start: nothing is said of the past, and nothing before
 * a series has been seen for two minutes or more. What is odd for longer becomes usual, and ends with that.
 */
import { type AnomalyReason, Detector, type Judgement } from '../analysis/anomalies/detector.ts';
import type { Findings } from '../analysis/findings.ts';
import type { Model } from '../core/fold.ts';
import { amount } from '../alerts/rules/words.ts';
import type { Finding } from '../protocol/finding.ts';
import type { Series } from '../series/series.ts';
import { aboutOf, keyOf, titleOf, unitOf } from './about.ts';

/** Most series that are watched: 20 kB each. */
const MOST_SERIES = 2000;
/** Below this score a value is usual again. */
const USUAL_SCORE = 0.5;
/** So long it must be usual, or nothing come, for the finding to end. */
const CALM_MS = 30_000;
const SILENT_MS = 120_000;
/** The reason becomes clear with the values that follow. */
const CLEAR_MS = 15_000;

export interface AnomalyCounts {
  watched: number;
  /** Of these: known for too short a time; odd so often that it takes much more to be so again. */
  learning: number;
  silenced: number;
  /** Series beyond the most that are watched. */
  left_out: number;
}

interface Watched {
  series: Series;
  detector: Detector;
  last: Judgement | null;
  open: Episode | null;
}

interface Episode {
  id: string;
  since: number;
  oddAt: number;
  heardAt: number;
  peak: Judgement & { value: number };
}

export class AnomalyWatch {
  readonly #watched = new Map<number, Watched>();
  readonly #open = new Set<Watched>();
  readonly #findings: Findings;
  readonly #model: Pick<Model, 'jobs'>;
  #leftOut = new Set<number>();

  constructor({ findings, model }: { findings: Findings; model: Pick<Model, 'jobs'> }) {
    this.#findings = findings;
    this.#model = model;
  }

  /** One value of a series; `now` is when it was noticed. */
  take(series: Series, { time, value, now }: { time: number; value: number; now: number }): void {
    const watched = this.#watched.get(series.id) ?? this.#watch(series);
    const judged = watched?.detector.add(time, value);
    if (!watched || !judged) return;
    watched.last = judged;
    if (watched.open === null) {
      if (judged.isAnomaly) this.#begin(watched, { ...judged, value }, { time, now });
      return;
    }
    watched.open.heardAt = now;
    if (isStillOdd(watched.open.peak, { ...judged, value })) watched.open.oddAt = now;
    this.#follow(watched, watched.open, { ...judged, value }, now);
  }

  /** Ends what is usual again. */
  tick(now: number): void {
    for (const watched of this.#open) {
      const { open } = watched;
      if (open === null) continue;
      if (now - open.heardAt > SILENT_MS) this.#end(watched, now, 'No values came any more.');
      else if (now - open.oddAt > CALM_MS) this.#end(watched, now, 'The values are usual again.');
    }
  }

  /** The series is gone. */
  forget(series_id: number, now: number): void {
    const watched = this.#watched.get(series_id);
    if (watched?.open) this.#end(watched, now, 'No values came any more.');
    this.#watched.delete(series_id);
    this.#leftOut.delete(series_id);
  }

  /** The series that are watched, of one metric or all. */
  series(metric?: string) {
    const all = [...this.#watched.values()].filter(
      ({ series }) => metric === undefined || series.metric === metric,
    );
    return all.map(({ series, detector, last, open }) => ({
      ...{ metric: series.metric, labels: series.labels, points: detector.points },
      state: detector.isLearning ? 'LEARNING' : detector.isSilenced ? 'SILENCED' : 'WATCHED',
      ...{ score: last?.score ?? null, reason: last?.reason ?? null },
      finding_id: open?.id ?? null,
    }));
  }

  get counts(): AnomalyCounts {
    const counts = {
      watched: this.#watched.size,
      learning: 0,
      silenced: 0,
      left_out: this.#leftOut.size,
    };
    for (const { detector } of this.#watched.values()) {
      if (detector.isLearning) counts.learning++;
      if (detector.isSilenced) counts.silenced++;
    }
    return counts;
  }

  #watch(series: Series): Watched | null {
    if (this.#watched.size >= MOST_SERIES) {
      this.#leftOut.add(series.id);
      return null;
    }
    this.#leftOut.delete(series.id);
    const watched = { series, detector: new Detector(), last: null, open: null };
    this.#watched.set(series.id, watched);
    return watched;
  }

  #begin(
    watched: Watched,
    peak: Episode['peak'],
    { time, now }: { time: number; now: number },
  ): void {
    const id = `anomaly/${keyOf(watched.series)}/${new Date(time).toISOString()}`;
    watched.open = { id, since: time, oddAt: now, heardAt: now, peak };
    this.#open.add(watched);
    this.#findings.set(this.#finding(watched.series, watched.open, now));
  }

  /** Tells again where it became stranger, or clearer what it is. */
  #follow(watched: Watched, open: Episode, judged: Episode['peak'], now: number): void {
    const isClearer = now - open.since <= CLEAR_MS && goesOn(open.peak, judged);
    const reason = isClearer ? clearer(open.peak.reason, judged.reason) : open.peak.reason;
    if (judged.score <= open.peak.score && reason === open.peak.reason) return;
    open.peak = judged.score > open.peak.score ? { ...judged, reason } : { ...open.peak, reason };
    const before = this.#findings.get(open.id)?.noticed_at;
    const finding = this.#finding(watched.series, open, now);
    this.#findings.set(before === undefined ? finding : { ...finding, noticed_at: before });
  }

  #end(watched: Watched, now: number, why: string): void {
    if (watched.open !== null)
      this.#findings.end(watched.open.id, new Date(now).toISOString(), why);
    watched.open = null;
    this.#open.delete(watched);
  }

  #finding(series: Series, { id, since, peak }: Episode, now: number): Finding {
    const { score, reason, value, usual } = peak;
    const title = titleOf(series);
    const unit = unitOf(series);
    return {
      ...{ finding_id: id, kind: 'anomaly', class: reason, confidence: score, impact: null },
      title: `${title}: ${HEADLINES[reason]}`,
      sentence: `${title} ${SENTENCES[reason](amount(value, unit), amount(usual, unit))}`,
      since: new Date(since).toISOString(),
      noticed_at: new Date(now).toISOString(),
      ...{ until: null, ended_why: null },
      ...aboutOf(series, this.#model.jobs.values()),
      ...{ value, threshold: usual, measure: score * 100 },
      evidence: { score, reason, value, usual, series_id: series.id },
    };
  }
}

/** Means are off for long after a value was: where it is known which value was odd, the value says when it is over. */
function isStillOdd(peak: Episode['peak'], judged: Episode['peak']): boolean {
  const byValue = peak.reason === 'spike' || peak.reason === 'level';
  return judged.score >= USUAL_SCORE && (!byValue || goesOn(peak, judged));
}

/** True where a value is still more than half as far off as the strangest one. */
function goesOn(peak: Episode['peak'], { value }: Episode['peak']): boolean {
  const far = Math.abs(peak.value - peak.usual);
  return far > 0 && Math.abs(value - peak.usual) > far / 2;
}

/** What began as a spike and went on is another level; all else stays what it was. */
function clearer(before: AnomalyReason, now: AnomalyReason): AnomalyReason {
  return before === 'spike' && now !== 'spike' ? now : before;
}

const HEADLINES: Record<AnomalyReason, string> = {
  spike: 'unusual value',
  level: 'unusual level',
  variance: 'unusually rough or smooth',
  silence: 'stands still',
  pattern: 'unusual course',
};

const SENTENCES: Record<AnomalyReason, (value: string, usual: string) => string> = {
  spike: (value, usual) => `went to ${value}; lately it was ${usual} on average.`,
  level: (value, usual) => `has left its usual level: ${value} now, ${usual} on average lately.`,
  variance: (value) => `moves more, or less, than it ever did; it is ${value} now.`,
  silence: (value) =>
    `does not move any more, which it never did for so long; it stands at ${value}.`,
  pattern: (value, usual) =>
    `runs as it never did, or not at this time of the day: ${value} now, ${usual} on average lately.`,
};
