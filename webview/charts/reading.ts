/** A chart as something that is read: at each of its places a title, and names with values. Pointer, keys and screen readers go by it. */
import { t } from '@vscode/l10n';
import { count } from '../../service/protocol/describe.ts';
import { numeral } from '../../service/protocol/intl.ts';
import { momentLabel } from './axis.ts';
import { isValue, momentsOf, valueAt } from './moments.ts';
import type { At } from './pictures/picture.ts';
import type {
  Band,
  BarChart,
  ChartSpec,
  Color,
  DistributionChart,
  GaugeChart,
  HeatmapChart,
  RunsChart,
  Sign,
  TimeChart,
} from './spec.ts';
import { boxOf } from './stats.ts';

export interface Entry {
  name: string;
  value: string;
  /** Null where no line or bar has it. */
  color: Color | null;
}

/** What stands at one place. */
export interface Stop {
  title: string;
  entries: readonly Entry[];
  /** The entry that is meant, where there are several. */
  current: number;
  /** Where a click leads. */
  jobId: string | null;
  phaseId?: string | undefined;
  /** Epoch milliseconds; null where no time is. */
  time: number | null;
}

export interface Reading {
  columns: number;
  /** Lines, bars or rows that can be gone through at one column. */
  rows: number;
  stop: (at: At) => Stop | null;
  /** Of charts against time: the moments, in order. */
  moments: readonly number[];
}

const NO_MOMENTS: readonly number[] = [];

export function readingOf(spec: ChartSpec): Reading {
  switch (spec.kind) {
    case 'time':
      return timeReading(spec);
    case 'runs':
      return runsReading(spec);
    case 'bars':
      return barsReading(spec);
    case 'box':
    case 'violin':
      return distributionReading(spec);
    case 'heatmap':
      return heatmapReading(spec);
    case 'gauge':
      return gaugeReading(spec);
  }
}

/** `10:42:07 · CPU 41 %`: of several lines the one that is meant. */
export function spoken({ title, entries, current }: Stop, rows: number): string {
  const one = entries[current];
  const said = rows > 1 && one !== undefined ? [one] : entries;
  return [title, ...said.map(({ name, value }) => `${name} ${value}`.trim())].join(' · ');
}

/** The phases that ran at a moment. */
export function bandsAt(bands: readonly Band[] | undefined, time: number): string {
  const there = (bands ?? []).filter(({ from, to }) => time >= from && time <= to);
  return there.map(({ label }) => label).join(', ');
}

function timeReading(spec: TimeChart): Reading {
  const moments = momentsOf(spec.lines).filter(
    (time) => time >= spec.span.from && time <= spec.span.to,
  );
  return {
    ...{ columns: moments.length, rows: spec.lines.length, moments },
    stop: ({ column, row }) => {
      const time = moments[column];
      if (time === undefined) return null;
      const phases = bandsAt(spec.bands, time);
      return {
        ...{ title: momentLabel(time, spec.span), current: row, jobId: null, time },
        entries: [
          ...spec.lines.map(({ name, color, points }) => {
            const value = valueAt(points, time);
            return { name, color, value: spec.say(value) };
          }),
          ...(phases === '' ? [] : [{ name: t('Phase'), value: phases, color: null }]),
          ...signEntry(t('Found'), signsFrom(spec.signs, moments[column - 1] ?? -Infinity, time)),
        ],
      };
    },
  };
}

/** What signs say that stand at a place, or between it and the one before. */
export function signsFrom(
  signs: readonly Sign[] | undefined,
  after: number,
  upTo: number,
): string | null {
  const here = (signs ?? []).filter(({ at }) => at > after && at <= upTo);
  return here.length === 0 ? null : here.map(({ label, detail }) => detail ?? label).join('; ');
}

function signEntry(name: string, said: string | null): Entry[] {
  return said === null ? [] : [{ name, value: said, color: null }];
}

function runsReading({ runs, say, name, color, signs }: RunsChart): Reading {
  return {
    ...{ columns: runs.length, rows: 1, moments: NO_MOMENTS },
    stop: ({ column }) => {
      const run = runs[column];
      if (run === undefined) return null;
      const usual = isValue(run.median)
        ? [{ name: t('usual'), value: say(run.median), color: null }]
        : [];
      const band =
        isValue(run.low) && isValue(run.high)
          ? [
              {
                name: t('half of the runs'),
                value: t('{0} to {1}', say(run.low), say(run.high)),
                color: null,
              },
            ]
          : [];
      const { range } = run;
      const wide =
        range === undefined || range === null
          ? []
          : [
              {
                name: t('8 of 10 runs'),
                value: t('{0} to {1}', say(range.low), say(range.high)),
                color: null,
              },
            ];
      return {
        ...{ title: [run.label, run.detail].filter((text) => text !== '').join(' · ') },
        ...{ current: 0, jobId: run.jobId, time: null },
        entries: [
          { name, value: say(numberOf(run.value)), color },
          ...signEntry(t('Change'), signsFrom(signs, column - 1, column)),
          ...[...usual, ...band, ...wide],
        ],
      };
    },
  };
}

function barsReading({ categories, bars, say }: BarChart): Reading {
  return {
    ...{ columns: categories.length, rows: bars.length, moments: NO_MOMENTS },
    stop: ({ column, row }) => {
      const title = categories[column];
      if (title === undefined) return null;
      const entries = bars.map(({ name, color, values }) => ({
        name,
        color,
        value: say(numberOf(values[column])),
      }));
      return { title, entries, current: row, jobId: null, time: null };
    },
  };
}

function distributionReading({ groups, color, say }: DistributionChart): Reading {
  const boxes = groups.map(({ values }) => boxOf(values));
  return {
    ...{ columns: groups.length, rows: 1, moments: NO_MOMENTS },
    stop: ({ column }) => {
      const group = groups[column];
      const box = boxes[column] ?? null;
      if (group === undefined) return null;
      const size = count(box?.count ?? 0, t('{0} value'), t('{0} values'));
      const entry = (name: string, value: string): Entry => ({ name, value, color: null });
      const some =
        box === null
          ? []
          : [
              { name: t('median'), value: say(box.median), color },
              entry(t('middle half'), t('{0} to {1}', say(box.p25), say(box.p75))),
              entry(t('whiskers'), t('{0} to {1}', say(box.low), say(box.high))),
              entry(t('outliers'), numeral(box.outliers.length)),
            ];
      return {
        title: `${group.name} · ${size}`,
        entries: some,
        current: 0,
        jobId: null,
        time: null,
      };
    },
  };
}

function heatmapReading(spec: HeatmapChart): Reading {
  const { rows, columns, cells, details, color, say, jobIds, phaseIds } = spec;
  return {
    ...{ columns: columns.length, rows: rows.length, moments: NO_MOMENTS },
    stop: ({ column, row }) => {
      const name = rows[row];
      const title = columns[column];
      if (name === undefined || title === undefined) return null;
      const detail = details?.[row]?.[column] ?? '';
      const more = detail === '' ? [] : [{ name: detail, value: '', color: null }];
      return {
        ...{ title: `${name} · ${title}`, current: 0, time: null },
        entries: [{ name: '', value: say(numberOf(cells[row]?.[column])), color }, ...more],
        jobId: jobIds?.[row]?.[column] ?? null,
        phaseId: phaseIds?.[row],
      };
    },
  };
}

function gaugeReading({ value, max, bound, color, say }: GaugeChart): Reading {
  const limit =
    bound === undefined
      ? []
      : [
          {
            name: bound.side === 'above' ? t('bad from') : t('bad below'),
            value: say(bound.value),
            color: null,
          },
        ];
  return {
    ...{ columns: 1, rows: 1, moments: NO_MOMENTS },
    stop: ({ column }) =>
      column !== 0
        ? null
        : {
            title: t('{0} of {1}', say(numberOf(value)), say(max)),
            ...{ entries: [{ name: t('now'), value: say(numberOf(value)), color }, ...limit] },
            ...{ current: 0, jobId: null, time: null },
          },
  };
}

/** What is no number is not known. */
export function numberOf(value: number | null | undefined): number | null {
  return isValue(value) ? value : null;
}
