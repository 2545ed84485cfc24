/**
 * Watches all series for what they never do. After a start each is taught what it did before; nothing is said of the past,
 * and nothing before a series is known for two minutes or more. What is odd for longer becomes usual, and ends with that.
 */
import { type AnomalyReason, Detector, type Judgement } from '../analysis/anomalies/detector.ts';
import type { Findings } from '../analysis/findings.ts';
import { keyOf } from './about.ts';
import { type Episode, anomalyFinding } from './anomalyWords.ts';
import type { Course } from './courses.ts';
import { Places } from './places.ts';
import type { Beat } from './pulse.ts';
import type { Remembering } from './remembering.ts';
import type { Runs } from './runs.ts';

/** Most series that are watched: about 12 kB each. */
const MOST_SERIES = 2000;
/** Below this score a value is usual again. */
const USUAL_SCORE = 0.5;
/** So long it must be usual, or nothing come, for the finding to end. */
const CALM_MS = 30_000;
const SILENT_MS = 120_000;
/** The reason becomes clear with the values that follow. */
const CLEAR_MS = 15_000;
/** After a pause of so long, and so many times the time between values, a run begins: of its first values nothing is said. */
const PAUSE_MS = 300_000;
const PAUSE_TIMES = 10;
const FIRST_VALUES = 30;
/** Values that wait while a series is taught what it did before. */
const MOST_WAITING = 120;
/** A series that is older has a past. */
const NEW_MS = 60_000;
const SWEEP_MS = 60_000;

export interface AnomalyCounts {
  watched: number;
  /** Of these: known for too short a time; odd so often that it takes much more to be so again. */
  learning: number;
  silenced: number;
  /** Series beyond the most that are watched. */
  left_out: number;
}

interface Watched {
  course: Course;
  series: Course['series'];
  detector: Detector;
  last: Judgement | null;
  open: Episode | null;
  heardAt: number;
  /** Milliseconds between the newest two values. */
  gap: number;
  /** Values to come of which nothing is said. */
  passed: number;
  /** What came while it is taught the past; null when it knows it. */
  waiting: Beat[] | null;
}

export interface AnomalySources {
  findings: Findings;
  runs: Runs;
  remembering: Remembering;
}

export class AnomalyWatch {
  readonly #watched = new Places<Watched>(MOST_SERIES, (watched, now) =>
    this.#end(watched, now, 'No values came any more.'),
  );
  readonly #open = new Set<Watched>();
  readonly #sources: AnomalySources;
  #sweptAt = -Infinity;

  constructor(sources: AnomalySources) {
    this.#sources = sources;
  }

  /** One value of a course; `now` is when it was noticed. */
  take(course: Course, beat: Beat, now: number): void {
    const watched = this.#watched.get(course.key) ?? this.#watch(course, now);
    if (watched === null) return;
    const gap = now - watched.heardAt;
    if (gap > PAUSE_MS && gap > PAUSE_TIMES * watched.gap) watched.passed = FIRST_VALUES;
    watched.heardAt = now;
    watched.gap = gap;
    if (watched.waiting === null) this.#judge(watched, beat, now);
    else if (watched.waiting.push(beat) > MOST_WAITING) watched.waiting.shift();
  }

  /** Ends what is usual again. */
  tick(now: number): void {
    for (const watched of this.#open) {
      const { open } = watched;
      if (open === null) continue;
      if (now - open.heardAt > SILENT_MS) this.#end(watched, now, 'No values came any more.');
      else if (now - open.oddAt > CALM_MS) this.#end(watched, now, 'The values are usual again.');
    }
    if (now - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = now;
    this.#watched.sweep(now);
  }

  /** The series that are watched, of one metric or all. */
  series(metric?: string) {
    const all = [...this.#watched.all()].filter(
      ({ series }) => metric === undefined || series.metric === metric,
    );
    return all.map(({ course, series, detector, last, open }) => ({
      ...{ metric: series.metric, of: course.name, labels: series.labels, points: detector.points },
      state: detector.isLearning ? 'LEARNING' : detector.isSilenced ? 'SILENCED' : 'WATCHED',
      ...{ score: last?.score ?? null, reason: last?.reason ?? null },
      finding_id: open?.id ?? null,
    }));
  }

  get counts(): AnomalyCounts {
    const { size: watched, leftOut: left_out } = this.#watched;
    const counts = { watched, learning: 0, silenced: 0, left_out };
    for (const { detector } of this.#watched.all()) {
      if (detector.isLearning) counts.learning++;
      if (detector.isSilenced) counts.silenced++;
    }
    return counts;
  }

  #judge(watched: Watched, { time, value, sure }: Beat, now: number): void {
    const mayTell = sure && watched.passed === 0;
    if (watched.passed > 0) watched.passed--;
    const judged = watched.detector.add(time, value, mayTell);
    if (!judged) return;
    watched.last = judged;
    if (watched.open === null) {
      if (judged.isAnomaly) this.#begin(watched, { ...judged, value }, { time, now });
      return;
    }
    watched.open.heardAt = now;
    if (isStillOdd(watched.open.peak, { ...judged, value })) watched.open.oddAt = now;
    this.#follow(watched, watched.open, { ...judged, value }, now);
  }

  #watch(course: Course, now: number): Watched | null {
    const { series, key } = course;
    // Written out, not spread: it is changed with each value.
    const make = (): Watched => ({
      course,
      series,
      detector: new Detector(),
      last: null,
      open: null,
      heardAt: now,
      gap: Infinity,
      passed: 0,
      waiting: null,
    });
    const watched = this.#watched.add(key, series, { now, make });
    if (watched !== null && series.usedAt < now - NEW_MS) this.#teach(watched, now);
    return watched;
  }

  /** Makes known what the series did before, then looks at what came meanwhile. */
  #teach(watched: Watched, until: number): void {
    watched.waiting = [];
    const { detector, course } = watched;
    this.#sources.remembering.begin({
      ...{ course, until },
      each: (time, value) => detector.recall(time, value),
      done: (now) => {
        const { waiting } = watched;
        watched.waiting = null;
        for (const beat of waiting ?? []) this.#judge(watched, beat, now);
      },
    });
  }

  #begin(
    watched: Watched,
    peak: Episode['peak'],
    { time, now }: { time: number; now: number },
  ): void {
    const id = `anomaly/${keyOf(watched.course)}/${new Date(time).toISOString()}`;
    watched.open = { id, since: time, oddAt: now, heardAt: now, peak };
    this.#open.add(watched);
    this.#tell(watched.course, watched.open, now);
  }

  /** Tells again where it became stranger, or clearer what it is. */
  #follow(watched: Watched, open: Episode, judged: Episode['peak'], now: number): void {
    const isClearer = now - open.since <= CLEAR_MS && goesOn(open.peak, judged);
    const reason = isClearer ? clearer(open.peak.reason, judged.reason) : open.peak.reason;
    if (judged.score <= open.peak.score && reason === open.peak.reason) return;
    open.peak = judged.score > open.peak.score ? { ...judged, reason } : { ...open.peak, reason };
    this.#tell(watched.course, open, now);
  }

  #tell(course: Course, open: Episode, now: number): void {
    const { findings, runs } = this.#sources;
    const finding = anomalyFinding(course, open, { now, runs });
    const before = findings.get(open.id)?.noticed_at;
    findings.set(before === undefined ? finding : { ...finding, noticed_at: before });
  }

  #end(watched: Watched, now: number, why: string): void {
    if (watched.open !== null)
      this.#sources.findings.end(watched.open.id, new Date(now).toISOString(), why);
    watched.open = null;
    this.#open.delete(watched);
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
