import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { UNKNOWN } from '../../../service/protocol/describe.ts';
import { isEnded } from '../../../service/protocol/states.ts';
import { bandsOf } from '../../charts/bands.ts';
import { nearest, pointsOf } from '../../charts/series.ts';
import type { TimeChart } from '../../charts/spec.ts';
import { preciseTime } from '../../format.ts';
import { Watch } from '../../watch.ts';
import { RegionElement } from '../shared/region.ts';
import { PANELS } from './panels.ts';
import { resourcesStyles } from './resources.styles.ts';
import '../chart/chart.ts';

/** CPU and memory of the job against time, with its phases behind them and one crosshair. */
@customElement('pipescope-resources')
export class PipescopeResources extends RegionElement {
  static override styles = [...RegionElement.styles, resourcesStyles];
  readonly region = 'Resources';
  /** The moment that is looked at, epoch milliseconds. */
  @state() private moment: number | null = null;
  #stop: (() => void) | undefined;

  constructor() {
    super();
    new Watch(this, ['resources', 'phases', 'selection', 'view'], { clock: true });
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
    return html`<vscode-button appearance="secondary" @click=${toggle}
      >${table ? t('Show as chart') : t('Show as table')}</vscode-button
    >`;
  }

  protected content(): TemplateResult {
    const samples = this.app.store.detail?.samples;
    if (samples === undefined || samples.size === 0)
      return html`<p class="empty">${this.#why()}</p>`;
    const charts = this.#charts();
    const table = this.app.session.view.resources === 'table';
    return html`<div class="charts">
        ${charts.map(
          ({ name, chart }) =>
            html`<pipescope-chart
              .app=${this.app}
              .name=${name}
              .chart=${chart}
              .table=${table}
            ></pipescope-chart>`,
        )}
      </div>
      <p class="caption number" aria-live="off">${this.#momentLine(charts)}</p>`;
  }

  #charts(): { name: string; chart: TimeChart }[] {
    const { detail } = this.app.store;
    const samples = detail?.samples.all() ?? [];
    const span = this.app.time.span();
    const bands = bandsOf(detail?.orderedPhases() ?? [], this.app.clock.now());
    return PANELS.map(({ metric, name, color, say, top }) => ({
      name: name(),
      chart: {
        ...{ kind: 'time', span, bands, say, top },
        lines: [{ name: name(), color, points: pointsOf(samples, metric) }],
      },
    }));
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

  /** What all charts show at the crosshair. */
  #momentLine(charts: readonly { name: string; chart: TimeChart }[]): string {
    const { moment } = this;
    if (moment === null)
      return t('Point at a chart, or use the arrow keys on it, for exact values.');
    const values = charts.map(({ name, chart: { lines, say } }) => {
      const point = nearest(lines[0]?.points ?? [], moment);
      return `${name} ${point === undefined ? UNKNOWN : say(point.y)}`;
    });
    return [preciseTime(moment), ...values].join(' · ');
  }
}
