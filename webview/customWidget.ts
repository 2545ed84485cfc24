/** A region that a person made: a question of the series and how its answer is drawn. Read from files and forms, so nothing is trusted. */
import { t } from '@vscode/l10n';
import { AGGREGATIONS, type Aggregation } from '../service/protocol/aggregation.ts';
import type { Fields } from './layoutFields.ts';

export const WIDGET_CHARTS = ['line', 'stacked', 'bars', 'gauge'] as const;
export type WidgetChart = (typeof WIDGET_CHARTS)[number];

export interface CustomWidget {
  /** Told apart by it in one layout. */
  id: string;
  title: string;
  metric: string;
  /** Only series with these labels. */
  labels: Readonly<Record<string, string>>;
  /** Null: what suits the kind of the metric. */
  aggregation: Aggregation | null;
  /** One line for each value of these labels. */
  group_by: readonly string[];
  chart: WidgetChart;
}

/** What stands in the fields of the form, as text. */
export interface WidgetForm {
  title: string;
  metric: string;
  /** One `name=value` a line. */
  labels: string;
  aggregation: string;
  /** Label names with commas. */
  group_by: string;
  chart: string;
}
export type WidgetProblems = Partial<Record<keyof WidgetForm, string>>;

const LONGEST_TITLE = 80;
const LONGEST_NAME = 256;
const MOST_LABELS = 16;
const MOST_GROUPS = 8;

/** Throws a `LayoutError` that names the field. */
export function readWidget(fields: Fields): CustomWidget {
  fields.only(['id', 'title', 'metric', 'labels', 'aggregation', 'group_by', 'chart']);
  return {
    id: fields.text('id', 64),
    title: fields.text('title', LONGEST_TITLE),
    metric: fields.text('metric', LONGEST_NAME),
    labels: fields.texts('labels', { names: LONGEST_NAME, most: MOST_LABELS }),
    aggregation: fields.oneOf('aggregation', [...AGGREGATIONS, null], null),
    group_by: fields.names('group_by', { names: LONGEST_NAME, most: MOST_GROUPS }),
    chart: fields.oneOf('chart', WIDGET_CHARTS, 'line'),
  };
}

/** The question of `GET /api/v1/series`, without its range. */
export function questionOf({ metric, labels, aggregation, group_by }: CustomWidget): string {
  const query = new URLSearchParams({ metric });
  for (const [name, value] of Object.entries(labels)) query.set(`label.${name}`, value);
  if (aggregation !== null) query.set('aggregation', aggregation);
  if (group_by.length > 0) query.set('group_by', group_by.join(','));
  return query.toString();
}

export function formOf(widget: CustomWidget | null): WidgetForm {
  if (widget === null)
    return { title: '', metric: '', labels: '', aggregation: '', group_by: '', chart: 'line' };
  const labels = Object.entries(widget.labels).map(([name, value]) => `${name}=${value}`);
  return {
    ...{ title: widget.title, metric: widget.metric, labels: labels.join('\n') },
    ...{ aggregation: widget.aggregation ?? '', group_by: widget.group_by.join(', ') },
    chart: widget.chart,
  };
}

/** The widget of a filled form, or what is wrong with each field. */
export function widgetOf(form: WidgetForm, id: string): CustomWidget | WidgetProblems {
  const lines = form.labels.split('\n').filter((line) => line.trim() !== '');
  const problems: WidgetProblems = {
    ...problem('title', lengthProblem(form.title.trim(), LONGEST_TITLE, t('Give it a title.'))),
    ...problem('metric', lengthProblem(form.metric.trim(), LONGEST_NAME, t('Name a metric.'))),
    ...problem('labels', labelsProblem(lines)),
    ...problem('group_by', groupsProblem(form.group_by)),
  };
  if (Object.keys(problems).length > 0) return problems;
  return {
    id,
    title: form.title.trim(),
    metric: form.metric.trim(),
    labels: Object.fromEntries(lines.map(pairOf)),
    aggregation: AGGREGATIONS.find((one) => one === form.aggregation) ?? null,
    group_by: namesIn(form.group_by),
    chart: WIDGET_CHARTS.find((one) => one === form.chart) ?? 'line',
  };
}

export function isWidget(value: CustomWidget | WidgetProblems): value is CustomWidget {
  return 'id' in value;
}

function problem(field: keyof WidgetForm, message: string | null): WidgetProblems {
  return message === null ? {} : { [field]: message };
}

function lengthProblem(text: string, longest: number, none: string): string | null {
  if (text === '') return none;
  return text.length <= longest ? null : t('Use at most {0} characters.', longest);
}

function labelsProblem(lines: readonly string[]): string | null {
  if (lines.length > MOST_LABELS) return t('Use at most {0} labels.', MOST_LABELS);
  const wrong = lines.find((line) => !/^[^=]*[^=\s][^=]*=/.test(line));
  if (wrong !== undefined) return t('"{0}" is no label: write name=value.', wrong.slice(0, 60));
  const names = lines.map((line) => pairOf(line)[0]);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? null : t('The label "{0}" is there twice.', twice.slice(0, 60));
}

function groupsProblem(text: string): string | null {
  const most = t('Use at most {0} labels.', MOST_GROUPS);
  return namesIn(text).length > MOST_GROUPS ? most : null;
}

function pairOf(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

function namesIn(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ''))];
}
