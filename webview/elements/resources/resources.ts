import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { UNKNOWN } from '../../../service/protocol/describe.ts';
import { locale } from '../../../service/protocol/intl.ts';
import type { SeriesAnswer } from '../../../service/protocol/series.ts';
import { isEnded } from '../../../service/protocol/states.ts';
import { bandsOf } from '../../charts/bands.ts';
import { cut } from '../../charts/pictures/cut.ts';
import { nearest, pointsOf } from '../../charts/series.ts';
import { foreseenIn, type FoundPage, foundPath, signsOf } from '../../findingView.ts';
import { preciseTime } from '../../format.ts';
import { Load } from '../../load.ts';
import { SeriesFeed } from '../../seriesFeed.ts';
import type { ResourcesOf } from '../../view.ts';
import { Watch } from '../../watch.ts';
import { choice } from '../shared/choice.ts';
import { foundHere } from '../shared/found.ts';
import { type Content, RegionElement } from '../shared/region.ts';
import {
  labelsOf,
  machinePoints,
  measured,
  type Metrics,
  METRICS_PATH,
  questionOf,
  workerOf,
  workersOf,
  workersPath,
} from './machine.ts';
import { arrange, type Arranged, type NamedChart, PANELS } from './panels.ts';
import { resourcesStyles } from './resources.styles.ts';
import '../chart/chart.ts';

const METRICS_EVERY_MS = 30_000;

/** Of a worker's id, in the picker. */
const LONGEST = 40;

/** CPU, memory, GPU, disk and network against time, of the run or of a machine, with the run's phases behind and one crosshair. */
@customElement('pipescope-resources')
export class PipescopeResources extends RegionElement {
  static override styles = [...RegionElement.styles, resourcesStyles];
  readonly region = 'Resources';
  /** The moment that is looked at, epoch milliseconds. */
  @state() private moment: number | null = null;
  readonly #metrics = new Load<Metrics>(this, {
    path: () => METRICS_PATH,
    parts: ['selection', 'view'],
    everyMs: METRICS_EVERY_MS,
  });
  readonly #workers = new Load<SeriesAnswer>(this, {
    path: () =>
      measured(this.#metrics.value).includes('cpu_percent')
        ? workersPath(this.app.time.query())
        : null,
    parts: ['selection', 'view'],
    everyMs: METRICS_EVERY_MS,
  });
  readonly #found = new Load<FoundPage>(this, { path: () => this.#foundPath(), polls: true });
  readonly #feed = new SeriesFeed(this, () =>
    this.#of === 'run'
      ? []
      : measured(this.#metrics.value).map((metric) => questionOf(metric, this.#of)),
  );
  #stop: (() => void) | undefined;

  constructor() {
    super();
    new Watch(this, ['resources', 'phases', 'selection', 'view'], { clock: true });
  }

  get #of(): ResourcesOf {
    return this.app.session.view.resourcesOf;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = this.app.crosshair.subscribe((time) => (this.moment = time));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  protected override actions(): TemplateResult {
    const table = this.app.session.view.resources === 'table';
    const toggle = (): void => this.app.session.set({ resources: table ? 'chart' : 'table' });
    return html`${this.#picker()}
      <vscode-button appearance="secondary" @click=${toggle}
        >${table ? t('Show as chart') : t('Show as table')}</vscode-button
      >`;
  }

  #picker(): TemplateResult {
    const of = this.#of;
    const shown = workerOf(of);
    const workers = workersOf(this.#workers.value);
    const all = shown === null || workers.includes(shown) ? workers : [shown, ...workers];
    return choice<ResourcesOf>({
      label: t('Resources of'),
      value: of,
      options: [
        ['run', t('This run')],
        ['host', t('This machine')],
        ...all.map((id) => [`worker:${id}`, t('Worker {0}', cut(id, LONGEST))] as const),
      ],
      pick: (resourcesOf) => this.app.session.set({ resourcesOf }),
    });
  }

  protected content(): Content {
    if (this.#of === 'run' && (this.app.store.detail?.samples.size ?? 0) === 0)
      return html`<p class="empty">${this.#why()}</p>
        <vscode-button
          appearance="secondary"
          @click=${() => this.app.session.set({ resourcesOf: 'host' })}
          >${t('Show This Machine')}</vscode-button
        >
        ${foundHere(this, this.#found)}`;
    const { charts, missing } = this.#arranged();
    const table = this.app.session.view.resources === 'table';
    return html`<div class="charts">
        ${charts.map(
          ({ name, chart }) =>
            html`<pipescope-chart
              .app=${this.app}
              .name=${name}
              .chart=${chart}
              .table=${table}
              .empty=${t('Nothing was measured in this time.')}
            ></pipescope-chart>`,
        )}
      </div>
      ${charts.length === 0 ? nothing : html`<p class="caption number" aria-live="off" data-screen>${this.#momentLine(charts)}</p>`}
      ${missing.length === 0 ? nothing : html`<p class="caption">${this.#missing(missing)}</p>`}
      ${foundHere(this, this.#found)}`;
  }

  #arranged(): Arranged {
    const { detail } = this.app.store;
    const of = this.#of;
    const span = this.app.time.span();
    const bands = bandsOf(detail?.orderedPhases() ?? [], this.app.clock.now());
    const found = this.#found.value?.findings ?? [];
    const around = {
      ...{ span, bands },
      signs: (metric: string) => signsOf(found, metric),
      limits: (metric: string) => foreseenIn(found, metric),
    };
    if (of !== 'run') {
      const sources = { metrics: this.#metrics, feed: this.#feed };
      return arrange((metric) => machinePoints(metric, of, sources), around);
    }
    const samples = detail?.samples.all() ?? [];
    return arrange((metric) => pointsOf(samples, metric), around);
  }

  /** What was found in what is shown: of the run, the worker or the machine. */
  #foundPath(): string | null {
    const of = this.#of;
    if (of !== 'run') return foundPath(labelsOf(of));
    const shown = this.app.store.detail?.jobId;
    return shown === undefined ? null : foundPath(`job_id=${encodeURIComponent(shown)}`);
  }

  #why(): string {
    const { job } = this.app.store;
    const ended = job !== undefined && isEnded(job.status);
    return ended
      ? t(
          'No CPU or memory was sampled for this job. Start it with "pipescope run", or report its pid.',
        )
      : t(
          'No samples so far. Jobs that are started with "pipescope run", or report their pid, are sampled.',
        );
  }

  #missing(names: readonly string[]): string {
    if (names.length === PANELS.length) return t('Nothing was measured in this time.');
    const list = new Intl.ListFormat(locale(), { type: 'conjunction' });
    const all = list.format(names);
    const worker = workerOf(this.#of);
    if (worker !== null) return t('Worker {0} did not report {1}.', cut(worker, LONGEST), all);
    return this.#of === 'run'
      ? t('Not measured for this run: {0}.', all)
      : t('Not measured on this machine: {0}.', all);
  }

  /** What all charts show at the crosshair. */
  #momentLine(charts: readonly NamedChart[]): string {
    const { moment } = this;
    if (moment === null)
      return t('Point at a chart, or use the arrow keys on it, for exact values.');
    const values = charts.flatMap(({ name, chart }) =>
      (chart?.lines ?? []).map((line) => {
        const point = nearest(line.points, moment);
        const said = chart === null || point === undefined ? UNKNOWN : chart.say(point.y);
        return line.name === name ? `${name} ${said}` : `${name} ${line.name} ${said}`;
      }),
    );
    return [preciseTime(moment), ...values].join(' · ');
  }
}
