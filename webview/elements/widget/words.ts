import { t } from '@vscode/l10n';
import type { WidgetChart } from '../../customWidget.ts';
import {
  bytes,
  duration,
  memory,
  percent,
  unitSign,
  UNKNOWN,
} from '../../../service/protocol/describe.ts';
import { number } from '../../format.ts';
import type { Say } from '../../charts/spec.ts';

export function chartWord(chart: WidgetChart): string {
  switch (chart) {
    case 'line':
      return t('Lines');
    case 'stacked':
      return t('Stacked areas');
    case 'bars':
      return t('Bars of the newest values');
    case 'gauge':
      return t('Gauge of the newest value');
  }
}

const UNITS: Readonly<Record<string, Say>> = {
  percent,
  '%': percent,
  ms: duration,
  s: (value) => duration(value === null ? null : value * 1000),
  seconds: (value) => duration(value === null ? null : value * 1000),
  bytes,
  B: bytes,
  mb: memory,
  MB: memory,
};

/** How numbers of a unit are said; a rate is per second. */
export function sayIn(unit: string | null, isRate: boolean): Say {
  const plain = unit === null ? undefined : UNITS[unit];
  const say: Say = plain ?? ((value) => withUnit(value, unit));
  return isRate ? (value) => (value === null ? UNKNOWN : t('{0} a second', say(value))) : say;
}

function withUnit(value: number | null, unit: string | null): string {
  if (value === null) return UNKNOWN;
  return unit === null || unit === '' ? number(value) : `${number(value)} ${unitSign(unit)}`;
}
