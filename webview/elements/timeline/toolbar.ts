import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { ChartFormat } from '../../charts/format.ts';
import { icon, type IconName } from '../../icons.ts';
import type { View } from '../../view.ts';
import '../chart/exportMenu.ts';
import type { Content } from '../shared/region.ts';

export interface Toolbar {
  as: View['timelineAs'];
  change: (change: Partial<View['timelineAs']>) => void;
  /** What the button for all sub-phases does; null where nothing folds. */
  folding: 'show' | 'hide' | null;
  /** Whether there is a critical path. */
  hasPath: boolean;
  zoomed: boolean;
  fold: (shown: boolean) => void;
  /** Above 1: closer. */
  zoomBy: (factor: number) => void;
  reset: () => void;
  save: (format: ChartFormat) => void;
}

/** The buttons to the right of the heading. */
export function toolbar(bar: Toolbar): TemplateResult {
  const { as, change, folding, zoomed, fold, zoomBy, reset, save } = bar;
  const phases = as.lanes === 'phases';
  return html`
    ${phases && folding !== null ? foldButton(folding === 'show', fold) : nothing}
    ${phases ? onlyPath(bar) : nothing} ${lanes(as, change)}
    ${toggle('watch', t('Times of the clock'), as.clock, () => change({ clock: !as.clock }))}
    ${toggle('table', t('Table of the timeline'), as.table, () => change({ table: !as.table }))}
    <pipescope-chart-export
      .name=${t('the timeline')}
      @pipescope-save=${(event: CustomEvent<ChartFormat>) => save(event.detail)}
    ></pipescope-chart-export>
    ${iconButton('zoomIn', [t('Zoom in'), '+'], () => zoomBy(1.5))}
    ${iconButton('zoomOut', [t('Zoom out'), '-'], () => zoomBy(1 / 1.5), !zoomed)}
    ${iconButton('screenFull', [t('Show the whole time'), '0'], reset, !zoomed)}
  `;
}

function iconButton(
  name: IconName,
  [label, key]: [label: string, key: string],
  does: () => void,
  disabled = false,
): TemplateResult {
  return html`<vscode-button
    appearance="icon"
    aria-label=${label}
    title="${label} (${key})"
    ?disabled=${disabled}
    @click=${does}
    >${icon(name)}</vscode-button
  >`;
}

function toggle(name: IconName, label: string, pressed: boolean, does: () => void): Content {
  return html`<button
    class="plain toggle"
    aria-label=${label}
    title=${label}
    aria-pressed=${pressed ? 'true' : 'false'}
    @click=${does}
  >
    ${icon(name)}
  </button>`;
}

function onlyPath({ as, change, hasPath }: Toolbar): Content {
  return html`<label
    class="check"
    title=${hasPath ? nothing : t('The critical path is not known yet.')}
    ><input
      type="checkbox"
      ?disabled=${!hasPath && !as.critical}
      .checked=${as.critical}
      @change=${() => change({ critical: !as.critical })}
    />${t('Only critical path')}</label
  >`;
}

function lanes(as: View['timelineAs'], change: Toolbar['change']): Content {
  const choice = (value: View['timelineAs']['lanes'], label: string): TemplateResult =>
    html`<button
      class="plain"
      aria-pressed=${as.lanes === value ? 'true' : 'false'}
      @click=${() => change({ lanes: value })}
    >
      ${label}
    </button>`;
  return html`<div class="choice" role="group" aria-label=${t('Rows of the timeline')}>
    ${choice('phases', t('Phases'))}${choice('workers', t('Workers'))}
  </div>`;
}

function foldButton(shows: boolean, fold: Toolbar['fold']): TemplateResult {
  return html`<vscode-button appearance="secondary" @click=${() => fold(shows)}
    >${shows ? t('Show sub-phases') : t('Hide sub-phases')}</vscode-button
  >`;
}
