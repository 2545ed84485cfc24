/** What is said about a phase or a folded group of the graph, line by line: its name first. */
import { t } from '@vscode/l10n';
import {
  count,
  duration,
  memory,
  phaseLabel,
  progress,
  statusWord,
  UNKNOWN,
} from '../../../service/protocol/describe.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { PhaseRecord } from '../../../service/protocol/record.ts';
import { phaseMs } from '../../format.ts';
import { errorsText, groupFacts, slownessText, type Usual, waitOf, worst } from './figures.ts';
import type { Group } from './groups.ts';
import type { Scene } from './scene.ts';

export interface Telling {
  phases: ReadonlyMap<string, PhaseRecord>;
  usual: Usual;
  now: number;
  /** While the run goes on, what waits waits until now. */
  running: boolean;
  critical: boolean;
}

/** Names that are listed before the rest is only counted. */
const LISTED = 5;

export function linesOf(item: number, scene: Scene, told: Omit<Telling, 'critical'>): string[] {
  const telling = { ...told, critical: scene.critical.has(item) };
  const records = scene.records[item] ?? [];
  const group = scene.drawing.visible.items[item]?.folded ?? null;
  if (group !== null) return groupLines(group, records, telling);
  return records[0] === undefined ? [] : phaseLines(records[0], telling);
}

export function phaseLines(phase: PhaseRecord, telling: Telling): string[] {
  const { phases, usual, now } = telling;
  const lines = [phaseLabel(phase), stateLine(phase, now)];
  const slower = slownessText(phase, now, usual);
  if (slower !== '') lines.push(slower);
  const before = phase.depends_on.map((id) => phases.get(id));
  const wait = waitOf(phase, before, telling.running ? now : null);
  if (wait !== null && wait >= 1) lines.push(t('waited {0}', duration(wait)));
  if (phase.memory_mb !== null)
    lines.push(
      t('memory {0}, highest {1}', memory(phase.memory_mb.avg), memory(phase.memory_mb.max)),
    );
  lines.push(problems(phase));
  if (phase.reason !== null) lines.push(phase.reason);
  if (telling.critical) lines.push(t('on the critical path'));
  return [...lines, ...dependencyLines(phase, phases)];
}

function stateLine(phase: PhaseRecord, now: number): string {
  const parts = [statusWord(phase.status)];
  if (phase.status === 'RUNNING' && phase.progress !== null) parts.push(progress(phase.progress));
  const elapsed = phaseMs(phase, now);
  if (elapsed !== null) parts.push(duration(elapsed));
  return parts.join(' · ');
}

function problems(phase: PhaseRecord): string {
  const parts = [errorsText(phase.error_count)];
  if (phase.warning_count > 0)
    parts.push(count(phase.warning_count, t('{0} warning'), t('{0} warnings')));
  return parts.join(' · ');
}

/** What it needs; apart from that what it names, but is not in this run, or is itself. */
function dependencyLines(phase: PhaseRecord, phases: ReadonlyMap<string, PhaseRecord>): string[] {
  const ids = [...new Set(phase.depends_on)];
  const known = ids.flatMap((id) => (id === phase.phase_id ? [] : (phases.get(id) ?? [])));
  const unknown = ids.filter((id) => !phases.has(id));
  const lines: string[] = [];
  if (known.length > 0) lines.push(t('depends on {0}', listed(known.map(phaseLabel))));
  if (unknown.length > 0)
    lines.push(t('depends on {0}, which this run does not have', listed(unknown)));
  if (ids.includes(phase.phase_id)) lines.push(t('names itself as a dependency'));
  return lines;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, LISTED).map(short).join(', ');
  const rest = names.length - LISTED;
  return rest > 0 ? t('{0} and {1} more', shown, numeral(rest)) : shown;
}

/** A name may be a book. */
function short(name: string): string {
  return name.length <= 60 ? name : `${name.slice(0, 59)}…`;
}

/** What a phase depends on, for the table. */
export function dependencies(phase: PhaseRecord): string {
  return phase.depends_on.length === 0 ? UNKNOWN : listed([...new Set(phase.depends_on)]);
}

export function groupLines(
  group: Group,
  phases: readonly PhaseRecord[],
  { now }: Telling,
): string[] {
  const of = (metric: 'none' | 'time' | 'memory'): string[] =>
    groupFacts(phases, { metric, kind: group.kind }, now);
  const errors = phases.reduce((sum, phase) => sum + phase.error_count, 0);
  const what = group.kind === 'row' ? t('one after the other') : t('beside each other');
  return [
    group.name,
    statusWord(worst(phases)),
    `${of('none')[0] ?? ''} ${what}`,
    ...of('none').slice(1),
    ...of('time').slice(1),
    ...(phases.some((phase) => phase.memory_mb !== null)
      ? of('memory')
          .slice(1)
          .map((text) => t('memory {0}', text))
      : []),
    errorsText(errors),
    t('Enter unfolds it'),
  ];
}
