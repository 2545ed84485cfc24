import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../../icons.ts';
import { statusIcon } from '../shared/status.ts';
import type { Row } from './bars.ts';
import { openOf } from './folds.ts';

export interface Label {
  row: Row;
  index: number;
  /** The keyboard is on it. */
  active: boolean;
  selected: boolean;
  /** Some row of the timeline folds: all of them then are items of a tree. */
  folding: boolean;
  critical: boolean;
  /** What there is to know about the row, for those who do not see the bar. Its name comes first. */
  facts: readonly string[];
}

export interface LabelActions {
  select(index: number): void;
  toggle(row: Row): void;
  hover(index: number): void;
}

/** The name of a row, to the left of its bar. */
export function rowLabel(label: Label, actions: LabelActions): TemplateResult {
  const { row, index, active, selected, folding, critical } = label;
  const open = openOf(row);
  return html`<div
    id="row-${index}"
    class="row ${row.kind} ${active ? 'active' : ''}"
    role=${folding ? 'treeitem' : 'option'}
    aria-level=${folding ? (row.kind === 'phase' ? 1 : 2) : nothing}
    aria-expanded=${open ?? nothing}
    aria-selected=${selected ? 'true' : 'false'}
    aria-label=${spoken(label)}
    @click=${() => actions.select(index)}
    @pointerenter=${() => actions.hover(index)}
  >
    ${folding ? twistie(row, open, actions) : nothing}
    ${row.kind === 'phase' ? statusIcon(row.phase.status) : nothing}
    <span class="cut name">${name(row)}</span>
    ${row.kind === 'phase' && row.phase.attempt > 1 ? html`<span class="attempt">${t('attempt {0}', row.phase.attempt)}</span>` : nothing}
    ${critical ? criticalMark() : nothing}
  </div>`;
}

/** Begins with the words that are seen, in their order: who says them must be understood. */
function spoken({ row, critical, facts }: Label): string {
  const [name = '', ...rest] = facts;
  const seen = [name];
  if (row.kind === 'phase' && row.phase.attempt > 1) seen.push(t('attempt {0}', row.phase.attempt));
  if (critical) seen.push(t('critical'));
  return [seen.join(' '), ...rest].join(', ');
}

/** For those who do not see the line below the bar. */
function criticalMark(): TemplateResult {
  return html`<span class="mark-critical" title=${t('on the critical path')}
    >${icon('milestone')}<span class="word">${t('critical')}</span></span
  >`;
}

function twistie(row: Row, open: boolean | null, actions: LabelActions): TemplateResult {
  if (open === null) return html`<span class="twistie"></span>`;
  const toggle = (event: Event): void => {
    event.stopPropagation(); // The row would be selected.
    actions.toggle(row);
  };
  return html`<span class="twistie" @click=${toggle}
    >${icon(open ? 'chevronDown' : 'chevronRight')}</span
  >`;
}

function name(row: Row): string | TemplateResult {
  if (row.kind === 'sub') return row.sub.name;
  const { phase_id: id, name: words } = row.phase;
  if (words === id) return id;
  return html`<bdi class="id cut">${id}</bdi> <bdi class="muted">${words}</bdi>`;
}
