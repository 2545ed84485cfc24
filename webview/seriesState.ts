import { t } from '@vscode/l10n';
import type { SeriesProblem, SeriesUpdate } from '../service/protocol/frame.ts';
import type { SeriesAnswer, SeriesLine } from '../service/protocol/series.ts';

/** What is known of one question of the series: the newest answer, or why there is none. */
export type SeriesState =
  | { kind: 'waiting' }
  | { kind: 'ready'; answer: SeriesAnswer }
  /** Nothing was measured so far, or the question is not right: a sentence says which. */
  | { kind: 'none'; message: string };

export const WAITING: SeriesState = { kind: 'waiting' };

/** The answer with what is new of it: steps of the same time take the place of those before, older ones leave. */
export function merge(known: SeriesState | undefined, update: SeriesUpdate): SeriesState {
  const before = known?.kind === 'ready' && update.reset !== true ? known.answer.series : [];
  const from = Date.parse(update.from) - update.step_ms;
  const lines = new Map(before.map((line) => [keyOf(line), line]));
  for (const line of update.series) {
    const old = lines.get(keyOf(line));
    lines.set(keyOf(line), old === undefined ? line : { ...line, points: join(old, line) });
  }
  const series = [...lines.values()]
    .map((line) => ({ ...line, points: line.points.filter(([time]) => time >= from) }))
    .filter((line) => line.points.length > 0);
  return { kind: 'ready', answer: { ...update, series } };
}

export function problem({ code, message }: SeriesProblem): SeriesState {
  const none = t('Nothing was measured so far.');
  return { kind: 'none', message: code === 'METRIC_UNKNOWN' ? none : message };
}

function keyOf(line: SeriesLine): string {
  return JSON.stringify(line.labels);
}

/** Both are in order of time, and the new points nearly always go to the end. */
function join(old: SeriesLine, line: SeriesLine): SeriesLine['points'] {
  const first = line.points[0]?.[0] ?? Infinity;
  const kept = old.points.filter(([time]) => time < first);
  const rest = old.points.slice(kept.length);
  if (rest.length === 0) return [...kept, ...line.points];
  const all = new Map([...rest, ...line.points]);
  return [...kept, ...[...all].sort(([a], [b]) => a - b)];
}
