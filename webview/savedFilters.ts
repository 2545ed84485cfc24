/** The filters of History that a person has saved, as a layout holds them. Pure; they come from files, so nothing is trusted. */
import { t } from '@vscode/l10n';
import { STATUSES } from '../service/protocol/states.ts';
import { EVERY_RUN, isDate, LAST_DAYS, LONGEST_TEXT, type RunFilter } from './historyView.ts';
import { Fields, LayoutError } from './layoutFields.ts';

export interface SavedFilter {
  /** Told apart by it. */
  name: string;
  filter: RunFilter;
}

export const MOST_FILTERS = 50;
export const LONGEST_NAME = 60;

/** The filters of a layout file. Throws a `LayoutError` that names the field. */
export function readFilters(fields: Fields, name: string): SavedFilter[] {
  const names = new Set<string>();
  return fields.list(name, MOST_FILTERS).map(({ value, path }) => {
    const one = readFilter(new Fields(value, path));
    if (names.has(one.name)) throw new LayoutError(`${path}.name`, t('It is there twice.'));
    names.add(one.name);
    return one;
  });
}

/** Takes a filter in: for the one of its name where there is one, else at the end. */
export function putFilter(all: readonly SavedFilter[], one: SavedFilter): readonly SavedFilter[] {
  const there = all.some(({ name }) => name === one.name);
  return there ? all.map((other) => (other.name === one.name ? one : other)) : [...all, one];
}

/**
 * One's own filters with those of a file, which count where both have a name. Throws a `LayoutError` where they are more
 * than can be kept.
 */
export function withFilters(
  own: readonly SavedFilter[],
  others: readonly SavedFilter[],
): readonly SavedFilter[] {
  const all = others.reduce(putFilter, own);
  if (all.length <= MOST_FILTERS) return all;
  throw new LayoutError(
    'history_filters',
    t(
      'With yours they are {0}, and {1} can be saved. Forget some in History first.',
      all.length,
      MOST_FILTERS,
    ),
  );
}

function readFilter(fields: Fields): SavedFilter {
  fields.only(['name', 'filter']);
  return {
    name: fields.text('name', LONGEST_NAME).trim(),
    filter: readRuns(fields.object('filter')),
  };
}

function readRuns(fields: Fields): RunFilter {
  fields.only(Object.keys(EVERY_RUN));
  const filter = {
    text: fields.text('text', LONGEST_TEXT, ''),
    statuses: statuses(fields),
    pipeline: optional(fields, 'pipeline'),
    kind: optional(fields, 'kind'),
    labels: fields.text('labels', LONGEST_TEXT, ''),
    days: days(fields),
    from: date(fields, 'from'),
    to: date(fields, 'to'),
  };
  if (filter.days === null || (filter.from === '' && filter.to === '')) return filter;
  throw new LayoutError(fields.at('days'), t('Give either the days, or dates.'));
}

function statuses(fields: Fields): RunFilter['statuses'] {
  const given = fields.names('statuses', { names: LONGEST_TEXT, most: STATUSES.length });
  const wrong = given.findIndex((one) => !STATUSES.some((status) => status === one));
  if (wrong >= 0)
    throw new LayoutError(
      `${fields.at('statuses')}[${wrong}]`,
      t('Give one of {0}.', STATUSES.join(', ')),
    );
  return STATUSES.filter((status) => given.includes(status));
}

function optional(fields: Fields, name: string): string | null {
  return (fields.value(name) ?? null) === null ? null : fields.text(name, LONGEST_TEXT);
}

function days(fields: Fields): number | null {
  const value = fields.value('days') ?? null;
  const known = LAST_DAYS.find((one) => one === value);
  if (value === null || known !== undefined) return known ?? null;
  throw new LayoutError(fields.at('days'), t('Give one of {0}.', LAST_DAYS.join(', ')));
}

function date(fields: Fields, name: string): string {
  const value = fields.text(name, LONGEST_TEXT, '');
  if (value === '' || isDate(value)) return value;
  throw new LayoutError(fields.at(name), t('Give a date such as 2026-11-22.'));
}
