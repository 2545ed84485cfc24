import { duration, phaseLabel, progress, statusWord } from '../../../service/protocol/describe.ts';
import { preciseTime } from '../../format.ts';
import type { Bar, Row } from './bars.ts';

/** What there is to know about a row, line by line: its name first. */
export function rowFacts(row: Row, bar: Bar, origin: number): string[] {
  const name =
    row.kind === 'phase' ? phaseLabel(row.phase) : `${row.phase.phase_id}: ${row.sub.name}`;
  const lines = [name, stateLine(row, bar)];
  if (bar.span !== null) lines.push(spanLine(bar, origin));
  if (bar.waiting !== null) lines.push(`waited ${duration(bar.waiting.to - bar.waiting.from)}`);
  if (row.kind === 'phase' && row.phase.reason !== null) lines.push(row.phase.reason);
  return lines;
}

function stateLine(row: Row, bar: Bar): string {
  const parts = [statusWord(bar.status)];
  if (row.kind === 'phase' && bar.status === 'RUNNING' && row.phase.progress !== null)
    parts.push(progress(row.phase.progress));
  if (bar.span !== null) parts.push(duration(bar.span.to - bar.span.from));
  return parts.join(' · ');
}

function spanLine(bar: Bar, origin: number): string {
  const { from, to } = bar.span ?? { from: 0, to: 0 };
  const start = preciseTime(origin + from);
  return bar.status === 'RUNNING' ? `since ${start}` : `${start} to ${preciseTime(origin + to)}`;
}
