import { t } from '@vscode/l10n';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { duration } from '../../../service/protocol/describe.ts';
import type { Finding } from '../../../service/protocol/finding.ts';
import type { App } from '../../app.ts';
import type { Line, Say, TimeChart } from '../../charts/spec.ts';
import { foreseenIn, signsOf } from '../../findingView.ts';
import { number } from '../../format.ts';
import { SeriesFeed } from '../../seriesFeed.ts';
import { Watch } from '../../watch.ts';
import '../chart/chart.ts';
import { lineOf, linesOf, stepFor, together } from '../shared/seriesLines.ts';
import { shared } from '../shared/styles.ts';

const PENDING = 'metric=queue_pending&aggregation=avg&group_by=queue';
const WAIT = 'metric=task_wait_ms&group_by=*';

/** How much waits, and how long tasks waited, over the time that is shown. */
@customElement('pipescope-waits')
export class PipescopeWaits extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: 16px;
        align-content: start;
      }
    `,
  ];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) seen = true;
  /** Whether queues were sampled, and whether a task is known that has waited. */
  @property({ attribute: false }) queues = false;
  @property({ attribute: false }) tasks = false;
  /** What was found in the values of the region. */
  @property({ attribute: false }) found: readonly Finding[] = [];
  readonly #feed = new SeriesFeed(this, () => [
    ...(this.queues ? [PENDING] : []),
    ...(this.tasks ? [this.#wait('p50'), this.#wait('p95')] : []),
  ]);

  constructor() {
    super();
    new Watch(this, [], { clock: true });
  }

  protected override render(): TemplateResult {
    const waiting = linesOf(this.#feed.get(PENDING), { by: 'queue' });
    const [half, most] = (['p50', 'p95'] as const).map((one) => this.#feed.get(this.#wait(one)));
    const waited =
      half &&
      most &&
      together(
        lineOf(half, t('half of the tasks (p50)'), 0),
        lineOf(most, t('all but 5 % (p95)'), 3),
      );
    return html`
      ${this.queues ? this.#chart(t('Waiting tasks by queue'), this.#time('queue_pending', waiting, number)) : nothing}
      ${this.tasks ? this.#chart(t('How long tasks waited'), this.#time('task_wait_ms', waited ?? null, duration)) : nothing}
    `;
  }

  #wait(aggregation: 'p50' | 'p95'): string {
    return `${WAIT}${stepFor(this.app.time.span())}&aggregation=${aggregation}`;
  }

  #time(metric: string, lines: Line[] | null, say: Say): TimeChart | null {
    const { found } = this;
    const [signs, marks] = [signsOf(found, metric, 'queue'), foreseenIn(found, metric)];
    return lines && { kind: 'time', lines, span: this.app.time.span(), say, signs, marks };
  }

  #chart(name: string, chart: TimeChart | null): TemplateResult {
    return html`<pipescope-chart
      .app=${this.app}
      .name=${name}
      .chart=${chart}
      .empty=${t('Nothing was measured in this time. Choose a longer one above.')}
    ></pipescope-chart>`;
  }
}
