import { t } from '@vscode/l10n';
import { nothing, svg, html } from 'lit';
import { numeral } from '../../../service/protocol/intl.ts';
import type { Content } from '../shared/region.ts';
import type { Point } from './throughput.ts';

const WIDTH = 100;
const HEIGHT = 20;

/** `0,20 50,4 100,0`: from zero up, the highest at the top. */
export function sparkPoints(values: readonly number[]): string {
  const highest = Math.max(...values, 0);
  const step = values.length > 1 ? WIDTH / (values.length - 1) : 0;
  const y = (value: number): number => HEIGHT - (highest > 0 ? (value / highest) * HEIGHT : 0);
  return values.map((value, i) => `${round(i * step)},${round(y(value))}`).join(' ');
}

/** A line without axes beside a number: how it went, not how much. Pressed, it opens what says how much. */
export function sparkline(
  points: readonly Point[],
  unit: string,
  { opened, toggle }: { opened: boolean; toggle: () => void },
): Content {
  if (points.length < 2) return nothing;
  const values = points.map(({ y }) => y);
  const highest = short(Math.max(...values));
  const last = short(values.at(-1) ?? 0);
  const label = t('Over time: last {0} {2}, highest {1} {2}', last, highest, unit);
  return html`<button
    class="plain spark"
    aria-label=${label}
    title=${label}
    aria-expanded=${opened ? 'true' : 'false'}
    @click=${toggle}
  >
    <svg viewBox="0 -1 ${WIDTH} ${HEIGHT + 2}" preserveAspectRatio="none" aria-hidden="true">
      ${svg`<polyline points=${sparkPoints(values)} vector-effect="non-scaling-stroke"></polyline>`}
    </svg>
  </button>`;
}

function short(value: number): string {
  return numeral(value, { most: 1 });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
