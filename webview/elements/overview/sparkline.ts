import { t } from '@vscode/l10n';
import { nothing, svg, html } from 'lit';
import { numeral } from '../../../service/protocol/intl.ts';
import type { Content } from '../shared/region.ts';

const WIDTH = 100;
const HEIGHT = 20;

/** `0,20 50,4 100,0`: from zero up, the highest at the top. */
export function sparkPoints(values: readonly number[]): string {
  const highest = Math.max(...values, 0);
  const step = values.length > 1 ? WIDTH / (values.length - 1) : 0;
  const y = (value: number): number => HEIGHT - (highest > 0 ? (value / highest) * HEIGHT : 0);
  return values.map((value, i) => `${round(i * step)},${round(y(value))}`).join(' ');
}

/** A line without axes beside a number: how it went, not how much. */
export function sparkline(values: readonly number[], unit: string): Content {
  if (values.length < 2) return nothing;
  const highest = short(Math.max(...values));
  const label = t('Last {0} {2}, highest {1} {2}', short(values.at(-1) ?? 0), highest, unit);
  return html`<svg
    class="spark"
    viewBox="0 -1 ${WIDTH} ${HEIGHT + 2}"
    preserveAspectRatio="none"
    role="img"
    aria-label=${label}
  >
    ${svg`<polyline points=${sparkPoints(values)} vector-effect="non-scaling-stroke"></polyline>`}
  </svg>`;
}

function short(value: number): string {
  return numeral(value, { most: 1 });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
