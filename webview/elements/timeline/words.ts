/** What the timeline says of its rows, line by line. */
import { t } from '@vscode/l10n';
import {
  duration,
  percent,
  phaseLabel,
  progress,
  statusWord,
} from '../../../service/protocol/describe.ts';
import { tenths } from '../../../service/protocol/intl.ts';
import type { PhaseRecord } from '../../../service/protocol/record.ts';
import { preciseTime } from '../../format.ts';
import type { PathView } from '../../pathView.ts';
import type { Bar, Row } from './bars.ts';
import type { Waits } from '../../phaseWaits.ts';

export interface Around {
  /** What 0 stands for, epoch milliseconds. */
  origin: number;
  path: PathView | null;
}

/** What there is to know about a row: its name first. */
export function rowFacts(row: Row, bar: Bar, { origin, path }: Around): string[] {
  if (row.kind === 'sub') {
    const name = t('{0} in {1}', row.sub.name, row.phase.phase_id);
    return [name, stateLine(row, bar), ...spanLines(bar, origin)];
  }
  const { phase } = row;
  return [
    phaseLabel(phase),
    stateLine(row, bar),
    ...spanLines(bar, origin),
    ...usualLine(phase, bar),
    ...waitLines(bar.waits, phase.started_at === null),
    ...criticalLine(phase, path),
    ...(phase.attempt > 1 ? [t('attempt {0}', phase.attempt)] : []),
    ...skewLine(phase),
    ...(phase.reason === null ? [] : [phase.reason]),
  ];
}

function stateLine(row: Row, bar: Bar): string {
  const parts = [statusWord(bar.status)];
  if (row.kind === 'phase' && bar.status === 'RUNNING' && row.phase.progress !== null)
    parts.push(progress(row.phase.progress));
  if (bar.span !== null) parts.push(duration(bar.span.to - bar.span.from));
  return parts.join(' · ');
}

function spanLines({ span, status }: Bar, origin: number): string[] {
  if (span === null) return [];
  const start = preciseTime(origin + span.from);
  if (status === 'RUNNING') return [t('since {0}', start)];
  return [t('{0} to {1}', start, preciseTime(origin + span.to))];
}

function usualLine({ expected_ms: usual }: PhaseRecord, { span }: Bar): string[] {
  if (usual === null || span === null) return [];
  return [usualWords(span.to - span.from, usual) ?? t('usually {0}', duration(usual))];
}

/** `1.6x its usual 12.4 s`; null where it is about as usual. */
export function usualWords(ms: number, usual: number): string | null {
  if (!(usual > 0)) return null;
  const times = ms / usual;
  return times >= 1.15 ? t('{0}x its usual {1}', tenths(times), duration(usual)) : null;
}

export function waitLines({ blocked, ready }: Waits, waits: boolean): string[] {
  const lines: string[] = [];
  if (blocked !== null) {
    const time = duration(blocked.span.to - blocked.span.from);
    const by = names(blocked.by);
    lines.push(waits ? t('waits for {0}', by) : t('waited {0} for {1}', time, by));
  }
  if (ready !== null) {
    const time = duration(ready.span.to - ready.span.from);
    lines.push(
      waits ? t('ready, not started for {0}', time) : t('ready {0} before it started', time),
    );
  }
  return lines;
}

const MOST_NAMES = 5;

function names(ids: readonly string[]): string {
  const some = ids.slice(0, MOST_NAMES).join(', ');
  return ids.length > MOST_NAMES ? t('{0} and {1} more', some, ids.length - MOST_NAMES) : some;
}

function criticalLine({ phase_id: id }: PhaseRecord, path: PathView | null): string[] {
  if (path?.ids.has(id) !== true) return [];
  const share = path.steps.find(({ phaseId }) => phaseId === id)?.share ?? 0;
  return [t('on the critical path: {0} of the run', percent(share * 100))];
}

/** Two clocks told of it: the bar is drawn as a moment, and this says why. */
function skewLine({ started_at: start, ended_at: end }: PhaseRecord): string[] {
  if (start === null || end === null) return [];
  const back = Date.parse(start) - Date.parse(end);
  return back > 0
    ? [t('told to have ended {0} before it began: the clocks differ', duration(back))]
    : [];
}
