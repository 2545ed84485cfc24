import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { ChartFormat } from '../../charts/format.ts';
import { icon, type IconName } from '../../icons.ts';
import type { FlowMetric, View } from '../../view.ts';
import '../chart/exportMenu.ts';
import { choice } from '../shared/choice.ts';

export interface Tools {
  flow: View['flow'];
  /** Whether all groups are unfolded; null where there is none. */
  unfolded: boolean | null;
  metric: (metric: FlowMetric) => void;
  foldAll: (folded: boolean) => void;
  zoomBy: (factor: number) => void;
  fitIn: () => void;
  show: (as: 'graph' | 'table') => void;
  save: (format: ChartFormat) => void;
}

const STEP = 1.25;
const METRICS: Record<FlowMetric, () => string> = {
  none: () => t('No shade'),
  time: () => t('Time'),
  errors: () => t('Errors'),
  memory: () => t('Memory'),
};

export function toolbar(tools: Tools): TemplateResult {
  const { as } = tools.flow;
  const other = as === 'graph' ? 'table' : 'graph';
  return html`${as === 'graph' ? graphTools(tools) : nothing}
    <vscode-button appearance="secondary" @click=${() => tools.show(other)}
      >${as === 'graph' ? t('Show as table') : t('Show as graph')}</vscode-button
    >
    <pipescope-chart-export
      .name=${t('the graph')}
      @pipescope-save=${(event: CustomEvent<ChartFormat>) => tools.save(event.detail)}
    ></pipescope-chart-export>`;
}

function graphTools(tools: Tools): TemplateResult {
  const { metric } = tools.flow;
  return html`${choice({
    label: t('Shade phases by'),
    value: metric,
    options: (Object.keys(METRICS) as FlowMetric[]).map((one) => [one, METRICS[one]()] as const),
    pick: tools.metric,
  })}
  ${
    tools.unfolded === null
      ? nothing
      : button(
          tools.unfolded ? t('Fold the groups') : t('Unfold the groups'),
          tools.unfolded ? 'foldAll' : 'unfoldAll',
          () => tools.foldAll(tools.unfolded === true),
        )
  }
  ${button(t('Zoom in'), 'zoomIn', () => tools.zoomBy(STEP))}
  ${button(t('Zoom out'), 'zoomOut', () => tools.zoomBy(1 / STEP))}
  ${button(t('Fit the graph in'), 'screenFull', tools.fitIn)}`;
}

function button(name: string, sign: IconName, act: () => void): TemplateResult {
  return html`<vscode-button appearance="icon" aria-label=${name} title=${name} @click=${act}
    >${icon(sign)}</vscode-button
  >`;
}
