import { html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { memory, percent, UNKNOWN } from '../../../service/protocol/describe.ts';
import { isEnded } from '../../../service/protocol/states.ts';
import { bandsOf } from '../../charts/bands.ts';
import { LineChart, type LineOptions } from '../../charts/lineChart.ts';
import {
  type ChartPoint,
  type Metric,
  nearest,
  pointsOf,
  roundMemory,
  summarise,
} from '../../charts/series.ts';
import { preciseTime } from '../../format.ts';
import { endOfRun, originOf } from '../../runSpan.ts';
import { onThemeChange } from '../../theme.ts';
import { Watch } from '../../watch.ts';
import { RegionElement } from '../shared/region.ts';
import { resourcesStyles } from './resources.styles.ts';
import { sampleTable } from './table.ts';

interface Panel extends LineOptions {
  metric: Metric;
  title: string;
  say: (value: number | null) => string;
}

/** The order and the colours of metrics are the same everywhere. */
const PANELS: readonly Panel[] = [
  {
    ...{ metric: 'cpu_percent', title: 'CPU', say: percent, format: percent },
    top: (highest) => Math.max(100, Math.ceil(highest / 100) * 100),
    color: ['--vscode-charts-blue', '#3794ff'],
  },
  {
    ...{ metric: 'memory_mb', title: 'Memory', say: memory },
    format: (value) => (value === 0 ? '0 MB' : memory(value)),
    top: roundMemory,
    color: ['--vscode-charts-purple', '#b180d7'],
  },
];

/** An axis has to have some length. */
const SHORTEST_MS = 100;

/** CPU and memory of the job against time, with its phases behind them and one crosshair. */
@customElement('pipescope-resources')
export class PipescopeResources extends RegionElement {
  static override styles = [...RegionElement.styles, resourcesStyles];
  readonly region = 'Resources';
  /** The moment that is looked at, epoch milliseconds. */
  @state() private moment: number | null = null;
  readonly #charts = new Map<Metric, LineChart>();
  #points = new Map<Metric, ChartPoint[]>();
  #unwatchTheme: (() => void) | undefined;

  constructor() {
    super();
    new Watch(this, ['resources', 'phases', 'selection', 'view'], { clock: true });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatchTheme = onThemeChange(() => {
      for (const chart of this.#charts.values()) chart.retheme();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatchTheme?.();
    this.#dropCharts();
  }

  protected override actions(): TemplateResult {
    const table = this.app.session.view.resources === 'table';
    const toggle = (): void => this.app.session.set({ resources: table ? 'chart' : 'table' });
    return html`<vscode-button appearance="secondary" @click=${toggle}
      >${table ? 'Show as chart' : 'Show as table'}</vscode-button
    >`;
  }

  protected override willUpdate(): void {
    const samples = this.app.store.detail?.samples.all() ?? [];
    this.#points = new Map(PANELS.map(({ metric }) => [metric, pointsOf(samples, metric)]));
  }

  protected content(): TemplateResult {
    const samples = this.app.store.detail?.samples;
    if (samples === undefined || samples.size === 0)
      return html`<p class="empty">${this.#why()}</p>`;
    if (this.app.session.view.resources === 'table') return sampleTable(samples.all());
    return html`<div class="charts">${PANELS.map((panel) => this.#panel(panel))}</div>
      <p class="caption number" aria-live="off">${this.#momentLine()}</p>`;
  }

  #why(): string {
    const { job } = this.app.store;
    const ended = job !== undefined && isEnded(job.status);
    return ended
      ? 'No CPU or memory was sampled for this job. Start it with "pipescope run", or report its pid.'
      : 'No samples so far. Jobs that are started with "pipescope run", or report their pid, are sampled.';
  }

  #panel(panel: Panel): TemplateResult {
    const { last, average, highest } = summarise(this.#points.get(panel.metric) ?? []);
    const ended = isEnded(this.app.store.job?.status ?? 'RUNNING');
    const numbers = `${ended ? 'last' : 'now'} ${panel.say(last)} · average ${panel.say(average)} · highest ${panel.say(highest)}`;
    return html`<figure>
      <figcaption>
        <span class="key ${panel.metric}" aria-hidden="true"></span><span>${panel.title}</span>
        <span class="caption number">${numbers}</span>
      </figcaption>
      <div
        class="canvas"
        role="img"
        tabindex="0"
        aria-label="${panel.title} against time: ${numbers}. Arrow keys move along the line."
        @pointermove=${(event: PointerEvent) => this.#point(event, panel.metric)}
        @pointerleave=${() => (this.moment = null)}
        @blur=${() => (this.moment = null)}
        @keydown=${(event: KeyboardEvent) => this.#key(event, panel.metric)}
      >
        <canvas data-metric=${panel.metric}></canvas>
      </div>
    </figure>`;
  }

  /** What all charts show at the crosshair. */
  #momentLine(): string {
    if (this.moment === null)
      return 'Point at a chart, or use the arrow keys on it, for exact values.';
    const moment = this.moment;
    const values = PANELS.map(({ metric, title, say }) => {
      const point = nearest(this.#points.get(metric) ?? [], moment);
      return `${title} ${point === undefined ? UNKNOWN : say(point.y)}`;
    });
    return [preciseTime(moment), ...values].join(' · ');
  }

  protected override updated(): void {
    const wanted = this.renderRoot.querySelectorAll<HTMLCanvasElement>('canvas');
    if (wanted.length === 0) this.#dropCharts();
    const run = this.#run();
    const bands = bandsOf(this.app.store.detail?.orderedPhases() ?? [], this.app.clock.now());
    for (const canvas of wanted) {
      const metric = canvas.dataset['metric'] as Metric;
      const chart = this.#chartOn(canvas, metric);
      chart.show({ points: this.#points.get(metric) ?? [], bands, ...run });
      chart.mark(this.moment);
    }
  }

  /** One range for all charts: the whole run, and samples from before or after it. */
  #run(): { from: number; to: number; origin: number } {
    const { job, detail } = this.app.store;
    const phases = detail?.orderedPhases() ?? [];
    const now = this.app.clock.now();
    const points = [...this.#points.values()].filter((all) => all.length > 0);
    const first = Math.min(...points.map((all) => all[0]?.x ?? Infinity));
    const last = Math.max(...points.map((all) => all.at(-1)?.x ?? -Infinity));
    const origin = (job && originOf(job, phases)) ?? first;
    const from = Math.min(origin, first);
    const to = Math.max((job && endOfRun(job, phases, now)) ?? last, last);
    return { from, to: Math.max(to, from + SHORTEST_MS), origin };
  }

  #chartOn(canvas: HTMLCanvasElement, metric: Metric): LineChart {
    const known = this.#charts.get(metric);
    if (known !== undefined) return known;
    const panel = PANELS.find((candidate) => candidate.metric === metric);
    if (panel === undefined) throw new Error(`No panel shows ${metric}.`);
    const chart = new LineChart(canvas, panel);
    this.#charts.set(metric, chart);
    return chart;
  }

  #dropCharts(): void {
    for (const chart of this.#charts.values()) chart.destroy();
    this.#charts.clear();
  }

  #point(event: PointerEvent, metric: Metric): void {
    const left = (event.currentTarget as Element).getBoundingClientRect().left;
    const time = this.#charts.get(metric)?.timeAt(event.clientX - left) ?? null;
    const point = time === null ? undefined : nearest(this.#points.get(metric) ?? [], time);
    this.moment = point?.x ?? null;
  }

  #key(event: KeyboardEvent, metric: Metric): void {
    const points = (this.#points.get(metric) ?? []).filter((point) => point.y !== null);
    const at = points.findIndex((point) => point.x === this.moment);
    const to = {
      ArrowLeft: at < 0 ? points.length - 1 : at - 1,
      ArrowRight: at + 1,
      Home: 0,
      End: points.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.moment = points[Math.max(0, Math.min(points.length - 1, to))]?.x ?? null;
  }
}
