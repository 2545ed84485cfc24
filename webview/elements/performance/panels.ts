/** What stands below each tab. */
import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { count } from '../../../service/protocol/describe.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { PipelinePerformance } from '../../../service/protocol/pipelinePerformance.ts';
import type { App } from '../../app.ts';
import { type Changes, signsAmong } from '../../changeView.ts';
import type { ChartSpec, Sign } from '../../charts/spec.ts';
import { METRIC_WORDS } from '../../metricWords.ts';
import type { PerformanceTab, PerformanceView } from '../../performanceView.ts';
import { picker } from './picker.ts';
import { gridChart, hoursChart, phasesChart, runsChart, spreadChart } from './specs.ts';
import { successTable } from './success.ts';
import { phaseName } from './words.ts';

/** In the order of the tabs. */
export const TAB_TITLES = (): { id: PerformanceTab; title: string }[] => [
  { id: 'runs', title: t('Over runs') },
  { id: 'phases', title: t('Phases') },
  { id: 'spread', title: t('Spread') },
  { id: 'grid', title: t('Phase by run') },
  { id: 'hours', title: t('Hour by day') },
  { id: 'success', title: t('Success') },
];

export interface Panel {
  app: App;
  answer: PipelinePerformance;
  view: PerformanceView;
  shownJob: string | null;
  /** Undefined until they are known. */
  changes: Changes | undefined;
  /** Leads to a phase. */
  lead: (phaseId: string) => void;
}

export function panel({ app, answer, view, shownJob, changes, lead }: Panel): TemplateResult {
  if (view.tab === 'success') return successTable(answer, lead);
  const { chart, name, note } = chartOf(answer, view, { shownJob, changes });
  return html`${keyed(
    view.tab,
    html`<pipescope-chart
      .app=${app}
      .name=${name}
      .chart=${chart}
      .note=${note}
      .empty=${t('These runs have no values of this. Choose another measure above.')}
    ></pipescope-chart>`,
  )}`;
}

interface Named {
  chart: ChartSpec;
  name: string;
  note: string;
}

function chartOf(
  answer: PipelinePerformance,
  { tab, spread }: PerformanceView,
  { shownJob, changes }: Pick<Panel, 'shownJob' | 'changes'>,
): Named {
  const title = METRIC_WORDS[answer.metric].title();
  switch (tab) {
    case 'phases': {
      const name = t('{0} of each phase', title);
      return { chart: phasesChart(answer), name, note: rest(answer) };
    }
    case 'spread': {
      const chart = spreadChart(answer, spread);
      return { chart, name: t('{0} of each phase', title), note: spreadNote(answer) };
    }
    case 'grid': {
      const name = t('{0} of each phase in each run', title);
      const note = [t('A cross marks what failed. A click shows the run.'), rest(answer)];
      return { chart: gridChart(answer), name, note: note.join(' ') };
    }
    case 'hours': {
      const name = t('{0} by hour and day', title);
      const note = t('The median of the runs that began in each hour; a cross where one failed.');
      return { chart: hoursChart(answer), name, note };
    }
    default:
      return {
        chart: {
          ...runsChart(answer, shownJob),
          ...(changes !== undefined && { signs: signsOf(changes, answer) }),
        },
        ...{ name: title, note: runsNote(answer) },
      };
  }
}

/** Of whole runs, or of the phase that the chart is of. */
function signsOf({ series }: Changes, { runs, metric, phase_id }: PipelinePerformance): Sign[] {
  const own = series.find((one) => one.metric === metric && one.phase_id === phase_id);
  return signsAmong(runs, own?.changes ?? [], metric);
}

function runsNote({ runs, runs_total }: PipelinePerformance): string {
  if (runs_total < 2)
    return t('After the second run of this pipeline, its runs stand beside each other here.');
  const shapes = t(
    'The band holds the middle half of up to 20 completed runs before each, the dashed line their median. A cross failed, a diamond is off the usual, the ring is the shown run.',
  );
  const wide = runs.some(({ range }) => range !== null)
    ? [t('The paler band holds 8 of 10 runs like it.')]
    : [];
  const all = [shapes, ...wide].join(' ');
  if (runs_total <= runs.length) return all;
  return `${all} ${count(runs_total, t('{0} run is known.'), t('{0} runs are known.'))}`;
}

function spreadNote(answer: PipelinePerformance): string {
  const note = t('Of the runs in which each phase completed.');
  return [note, rest(answer)].filter((text) => text !== '').join(' ');
}

/** That there are more phases than are shown. */
function rest({ phases, phases_total }: PipelinePerformance): string {
  if (phases_total <= phases.length) return '';
  const [shown, all] = [numeral(phases.length), numeral(phases_total)];
  return t('Shown are the {0} greatest of {1} phases.', shown, all);
}

const WHOLE = '';

/** Whole runs, or one of the phases. */
export function phasePicker(
  { phases }: PipelinePerformance,
  phaseId: string | null,
  pick: (phaseId: string | null) => void,
): TemplateResult {
  const known = [...phases].sort((a, b) => a.place - b.place);
  const options = known.map((phase) => ({ id: phase.phase_id, title: phaseName(phase) }));
  const other = phaseId !== null && !known.some(({ phase_id }) => phase_id === phaseId);
  return picker({
    name: t('Whole run or phase'),
    options: [
      { id: WHOLE, title: t('Whole run') },
      ...options,
      ...(other ? [{ id: phaseId, title: phaseId }] : []),
    ],
    value: phaseId ?? WHOLE,
    pick: (id) => pick(id === WHOLE ? null : id),
  });
}
