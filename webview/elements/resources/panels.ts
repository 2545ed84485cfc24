import { t } from '@vscode/l10n';
import { memory, percent } from '../../../service/protocol/describe.ts';
import { roundMemory, type Metric } from '../../charts/series.ts';
import { type Color, METRIC_COLORS, type Say } from '../../charts/spec.ts';

export interface Panel {
  metric: Metric;
  name: () => string;
  color: Color;
  say: Say;
  top: (highest: number) => number;
}

/** The order and the colours of metrics are the same everywhere. */
export const PANELS: readonly Panel[] = [
  {
    ...{ metric: 'cpu_percent', color: METRIC_COLORS.cpu, say: percent },
    name: () => t('CPU'),
    top: (highest) => Math.max(100, Math.ceil(highest / 100) * 100),
  },
  {
    ...{ metric: 'memory_mb', color: METRIC_COLORS.memory, say: memory },
    name: () => t('Memory'),
    top: roundMemory,
  },
];
