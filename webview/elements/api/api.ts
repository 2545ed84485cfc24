import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { count, duration, percent } from '../../../service/protocol/describe.ts';
import type {
  EndpointFigures,
  RequestFigures,
  RequestStatistics,
} from '../../../service/protocol/requests.ts';
import type { ChartSpec, TimeChart } from '../../charts/spec.ts';
import { valueOf } from '../../controls.ts';
import { type FoundPage, foundPath, signsOf } from '../../findingView.ts';
import { number } from '../../format.ts';
import { icon } from '../../icons.ts';
import { Load } from '../../load.ts';
import { METRICS_OF } from '../../places.ts';
import { SeriesFeed } from '../../seriesFeed.ts';
import type { Sheet } from '../../sheet.ts';
import { Watch } from '../../watch.ts';
import '../chart/chart.ts';
import { fieldStyles } from '../shared/field.ts';
import { foundHere } from '../shared/found.ts';
import { hint, hintStyles } from '../shared/hint.ts';
import { loaded } from '../shared/loaded.ts';
import { RegionElement, type Content } from '../shared/region.ts';
import { saveTable } from '../shared/saveTable.ts';
import { tableStyles } from '../shared/tableStyles.ts';
import { apiStyles } from './api.styles.ts';
import {
  columnOf,
  COLUMNS,
  type Column,
  listEndpoints,
  type Order,
  perMinute,
  standingOut,
  USUAL,
} from './endpoints.ts';
import { endpointsSheet } from './files.ts';
import {
  type Answers,
  errorChart,
  histogram,
  questionsOf,
  timesChart,
  volumeChart,
} from './specs.ts';

/** More rows help nobody; the filter finds the rest. */
const MOST = 200;
const PATH = '/api/v1/endpoints/statistics';

type Statistics = RequestStatistics & { total: number };

/** Requests of the time that is shown: how many, how long they took, how many failed. */
@customElement('pipescope-api')
export class PipescopeApi extends RegionElement {
  static override styles = [
    ...RegionElement.styles,
    fieldStyles,
    tableStyles,
    hintStyles,
    apiStyles,
  ];
  readonly region = 'API';
  @state() private filter = '';
  @state() private order: Order = USUAL;
  @state() private chosen: string | null = null;
  readonly #all = new Load<Statistics>(this, {
    path: () => `${PATH}?limit=1000&${this.app.time.query()}`,
    polls: () => this.app.time.live,
  });
  readonly #one = new Load<Statistics>(this, {
    path: () =>
      this.chosen === null
        ? null
        : `${PATH}?endpoint=${encodeURIComponent(this.chosen)}&${this.app.time.query()}`,
    polls: () => this.app.time.live,
  });
  /** Whether there ever was a request; asked where the time that is shown has none. */
  readonly #ever = new Load<{ total: number }>(this, {
    path: () => (this.#all.value?.figures.requests === 0 ? '/api/v1/endpoints?limit=1' : null),
    polls: true,
  });
  readonly #found = new Load<FoundPage>(this, {
    path: () => foundPath(`metric=${METRICS_OF.API}`),
    polls: true,
  });
  readonly #feed = new SeriesFeed(this, () =>
    (this.#all.value?.figures.requests ?? 0) > 0 ? Object.values(this.#questions()) : [],
  );

  constructor() {
    super();
    new Watch(this, ['view'], { clock: true });
  }

  protected override get waiting(): boolean {
    return false; // `loaded` says it, in the place of the answer.
  }

  protected override actions(): Content {
    if ((this.#all.value?.endpoints.length ?? 0) < 2) return nothing;
    return html`<input
        class="field"
        autocomplete="off"
        spellcheck="false"
        placeholder=${t('Filter endpoints')}
        aria-label=${t('Filter endpoints')}
        .value=${this.filter}
        @input=${(event: Event) => (this.filter = valueOf(event))}
      />
      ${saveTable(this.app, t('Endpoints'), this.#sheet)}`;
  }

  readonly #sheet = (): Sheet => {
    const endpoints = this.#all.value?.endpoints ?? [];
    return endpointsSheet(listEndpoints(endpoints, this.filter, this.order));
  };

  protected override skeleton(): TemplateResult {
    return html`<div class="skeleton waiting"></div>`;
  }

  protected content(): Content {
    return loaded(this.#all, { skeleton: this.skeleton(), content: (all) => this.#requests(all) });
  }

  #requests(all: Statistics): Content {
    if (all.figures.requests === 0) return this.#none();
    const one = this.chosen === null ? all : this.#one.value;
    return html`${this.#about(all)}
    ${one === undefined ? html`<div class="skeleton figures"></div>` : this.#figures(one.figures)}
    ${this.#charts(one)}${this.#table(all.endpoints)}${foundHere(this, this.#found)}`;
  }

  #none(): Content {
    if (this.#ever.value === undefined) return this.skeleton();
    if (this.#ever.value.total > 0)
      return html`<p class="empty">
        ${t('There was no request in this time. Choose a longer one above.')}
      </p>`;
    return hint(t('No request was reported so far.'), {
      type: 'request.recorded',
      ...{ endpoint: '/predict', method: 'POST', status_code: 200, duration_ms: 145 },
    });
  }

  /** What stands out, or which endpoint the charts are about. */
  #about({ endpoints }: Statistics): TemplateResult {
    if (this.chosen !== null)
      return html`<p class="about">
        <span>${t('Requests of {0}', this.chosen)}</span>
        <vscode-button appearance="secondary" @click=${() => (this.chosen = null)}
          >${t('Show All Endpoints')}</vscode-button
        >
      </p>`;
    const { slowest, failing } = standingOut(endpoints);
    return html`<p class="about caption">
      ${slowest && html`<span>${t('Slowest (p95)')}: ${this.#link(slowest.endpoint)} ${slowest.text}</span>`}
      ${failing && html`<span>${t('Fails most often')}: ${this.#link(failing.endpoint)} ${failing.text}</span>`}
    </p>`;
  }

  #figures(figures: RequestFigures): TemplateResult {
    const { requests, errors, error_rate_percent: share } = figures;
    const all: [string, string, string][] = [
      [t('Requests'), number(requests), perMinute(figures.requests_per_minute)],
      [t('Error rate'), percent(share), count(errors, t('{0} error'), t('{0} errors'))],
      [t('Median (p50)'), duration(figures.p50_response_time_ms), ''],
      ['p95', duration(figures.p95_response_time_ms), ''],
      [
        'p99',
        duration(figures.p99_response_time_ms),
        t('slowest {0}', duration(figures.max_response_time_ms)),
      ],
    ];
    return html`<dl class="figures">
      ${all.map(
        ([name, value, caption]) =>
          html`<div>
            <dt class="caption">${name}</dt>
            <dd class="amount number">${value}</dd>
            <dd class="caption">${caption}</dd>
          </div>`,
      )}
    </dl>`;
  }

  #charts(one: Statistics | undefined): TemplateResult {
    const questions = this.#questions();
    const answers = Object.fromEntries(
      Object.entries(questions).map(([name, question]) => [name, this.#feed.get(question)]),
    ) as Answers;
    const span = this.app.time.span();
    return html`<div class="charts">
      ${this.#chart(t('Requests per second'), volumeChart(answers, span))}
      ${this.#chart(t('Response times over time'), this.#signed(timesChart(answers, span), 'request_duration_ms'))}
      ${this.#chart(t('Requests by response time'), one === undefined ? null : histogram(one.response_times))}
      ${this.#chart(t('Error rate'), this.#signed(errorChart(answers, span), 'request_errors'))}
    </div>`;
  }

  /** With what was found in the values of the chosen endpoint, or of all. */
  #signed(chart: TimeChart | null, metric: string): TimeChart | null {
    const of = (this.#found.value?.findings ?? []).filter(
      ({ labels }) => this.chosen === null || labels['endpoint'] === this.chosen,
    );
    return chart && { ...chart, signs: signsOf(of, metric, 'endpoint') };
  }

  #questions(): ReturnType<typeof questionsOf> {
    return questionsOf(this.chosen, this.app.time.span());
  }

  #chart(name: string, chart: ChartSpec | null): TemplateResult {
    return html`<pipescope-chart
      .app=${this.app}
      .name=${name}
      .chart=${chart}
      .empty=${t('There was no request in this time. Choose a longer one above.')}
    ></pipescope-chart>`;
  }

  #table(endpoints: readonly EndpointFigures[]): TemplateResult {
    const rows = listEndpoints(endpoints, this.filter, this.order);
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${t('Endpoints')}>
        <table aria-label=${t('Endpoints')}>
          <colgroup>
            ${COLUMNS.map((column) => html`<col class=${column} />`)}
          </colgroup>
          <thead class="sticky">
            <tr>
              ${COLUMNS.map((column) => this.#heading(column))}
            </tr>
          </thead>
          <tbody>
            ${rows.slice(0, MOST).map((row) => this.#row(row))}
          </tbody>
        </table>
      </div>
      ${rows.length === 0 ? html`<p class="empty">${t('No endpoint matches the filter.')}</p>` : nothing}
      ${rows.length > MOST ? html`<p class="caption">${t('The first {0} of {1} endpoints.', MOST, number(rows.length))}</p>` : nothing}`;
  }

  #heading(column: Column): TemplateResult {
    const { title, hint: why } = columnOf(column);
    const mine = this.order.column === column;
    const numeric = column !== 'endpoint';
    const sorted = mine ? (this.order.descending ? 'descending' : 'ascending') : 'none';
    const toggle = (): void => {
      this.order = { column, descending: mine ? !this.order.descending : numeric };
    };
    return html`<th scope="col" class="${column} ${numeric ? 'numeric' : ''}" aria-sort=${sorted}>
      <button class="plain" title=${why} @click=${toggle}>
        ${title}${mine ? icon(this.order.descending ? 'arrowDown' : 'arrowUp') : nothing}
      </button>
    </th>`;
  }

  #row(row: EndpointFigures): TemplateResult {
    const [, ...rest] = COLUMNS;
    const bad = (column: Column): string =>
      row.errors > 0 && (column === 'errors' || column === 'share') ? 'bad' : '';
    return html`<tr class=${this.chosen === row.endpoint ? 'selected' : ''}>
      <td class="endpoint">${this.#link(row.endpoint)}</td>
      ${rest.map((column) => html`<td class="numeric ${column} ${bad(column)}">${columnOf(column).text(row)}</td>`)}
    </tr>`;
  }

  /** Choosing the same again lets go. */
  #link(endpoint: string): TemplateResult {
    const mine = this.chosen === endpoint;
    return html`<button
      class="plain link cut"
      aria-pressed=${mine ? 'true' : 'false'}
      title=${t('Show only {0}', endpoint)}
      @click=${() => (this.chosen = mine ? null : endpoint)}
    >
      <bdi>${endpoint}</bdi>
    </button>`;
  }
}
