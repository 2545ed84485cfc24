import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import {
  count,
  exactTime,
  percent,
  relativeTime,
  UNKNOWN,
} from '../../../service/protocol/describe.ts';
import type { ModelRecord } from '../../../service/protocol/domain.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { ChartSpec, Line, Say } from '../../charts/spec.ts';
import { setCss } from '../../cssDirective.ts';
import { foreseenIn, type FoundPage, foundPath, signsOf } from '../../findingView.ts';
import { icon, type IconName } from '../../icons.ts';
import { Load } from '../../load.ts';
import { METRICS_OF } from '../../places.ts';
import { SeriesFeed } from '../../seriesFeed.ts';
import { Watch } from '../../watch.ts';
import '../chart/chart.ts';
import { type Limits, LIMITS_PATH, limitsOf } from '../shared/alertDefaults.ts';
import { foundHere } from '../shared/found.ts';
import { hint, hintStyles } from '../shared/hint.ts';
import { loaded } from '../shared/loaded.ts';
import { RegionElement, type Content } from '../shared/region.ts';
import { saveTable } from '../shared/saveTable.ts';
import { linesOf } from '../shared/seriesLines.ts';
import { modelsSheet } from './files.ts';
import { modelsStyles } from './models.styles.ts';
import { type ModelRow, modelRows, score } from './rows.ts';

/** More are in the REST answers. */
const MOST = 100;

interface Models {
  models: ModelRecord[];
  total: number;
}

const ERROR = 'metric=prediction_absolute_error&aggregation=avg&group_by=model';
const CONFIDENCE = 'metric=prediction_confidence&aggregation=avg&group_by=model';
const R2 = 'metric=prediction_r2&aggregation=last&group_by=model';

const SIGNS: Record<ModelRow['tone'], IconName> = {
  better: 'pass',
  worse: 'warning',
  bad: 'error',
  unknown: 'circle',
};

/** How good the predictions of each model are, against its baseline and over time. */
@customElement('pipescope-models')
export class PipescopeModels extends RegionElement {
  static override styles = [...RegionElement.styles, hintStyles, modelsStyles];
  readonly region = 'Models';
  readonly #models = new Load<Models>(this, {
    path: () => `/api/v1/models?limit=${MOST}`,
    polls: true,
  });
  readonly #limits = new Load<Limits>(this, { path: () => LIMITS_PATH });
  readonly #found = new Load<FoundPage>(this, {
    path: () => foundPath(`metric=${METRICS_OF.Models}`),
    polls: true,
  });
  readonly #feed = new SeriesFeed(this, () => this.#questions());

  constructor() {
    super();
    new Watch(this, ['view'], { clock: true });
  }

  protected override get waiting(): boolean {
    return false; // `loaded` says it, in the place of the answer.
  }

  protected override actions(): Content {
    const models = this.#models.value?.models ?? [];
    if (models.length === 0) return nothing;
    return saveTable(this.app, t('Models'), () => modelsSheet(this.#rows(models)));
  }

  #rows(models: readonly ModelRecord[]): ModelRow[] {
    return modelRows(models, limitsOf(this.#limits).accuracy_degradation_percent);
  }

  protected override skeleton(): TemplateResult {
    return html`<div class="skeleton waiting"></div>`;
  }

  protected content(): Content {
    return loaded(this.#models, {
      skeleton: this.skeleton(),
      content: (all) => this.#list(all),
    });
  }

  /** Only of what some model has told. */
  #questions(): string[] {
    const models = this.#models.value?.models ?? [];
    const some = (part: keyof ModelRecord): boolean => models.some((model) => model[part] !== null);
    return [
      ...(some('avg_mae') ? [ERROR] : []),
      ...(some('avg_confidence') ? [CONFIDENCE] : []),
      ...(some('r2') ? [R2] : []),
    ];
  }

  #list({ models, total }: Models): Content {
    if (models.length === 0)
      return hint(t('No prediction was reported so far.'), {
        type: 'prediction.recorded',
        ...{ model: 'result_predictor', absolute_error: 3.9, confidence: 0.68, r2: 0.93 },
      });
    const rows = this.#rows(models);
    const rest = total - models.length;
    return html`<ul aria-label=${t('Models, the worst first')}>
        ${repeat(
          rows,
          ({ model }) => model.model,
          (row) => this.#model(row),
        )}
      </ul>
      ${rest > 0 ? html`<p class="caption">${count(rest, t('And {0} more model in the REST answer.'), t('And {0} more models in the REST answer.'))}</p>` : nothing}
      <div class="charts">${this.#charts()}</div>
      ${foundHere(this, this.#found)}`;
  }

  #model(row: ModelRow): TemplateResult {
    const { model, tone, verdict, mae, baseline, r2, confidence } = row;
    const at = model.last_updated;
    const facts: [string, string, string][] = [
      [t('R2'), r2, t('How much of the variance it explains; 1 is all')],
      [t('Confidence'), confidence, t('Mean of its predictions')],
      [t('Predictions'), numeral(model.predictions_count), t('Since the first one')],
      [
        t('Updated'),
        at === null ? UNKNOWN : relativeTime(at, this.app.clock.now()),
        at === null ? '' : exactTime(at),
      ],
    ];
    return html`<li class=${tone}>
      <h3 class="cut" title=${model.model}><bdi>${model.model}</bdi></h3>
      <p class="mae number">
        <span class="caption">${t('MAE')}</span> <span class="amount">${mae}</span>
        <span class="caption">${t('baseline {0}', baseline)}</span>
      </p>
      ${this.#bar(row)}
      <p class="verdict">${icon(SIGNS[tone], tone)} <span>${verdict}</span></p>
      <dl>
        ${facts.map(
          ([name, value, why]) =>
            html`<div title=${why}>
              <dt class="caption">${name}</dt>
              <dd class="number">${value}</dd>
            </div>`,
        )}
      </dl>
    </li>`;
  }

  /** The error as a bar, with a mark where the baseline is; the words below say the same. */
  #bar({ bar }: ModelRow): TemplateResult {
    if (bar === null) return html`<div class="track" aria-hidden="true"></div>`;
    return html`<div class="track" aria-hidden="true">
      <div class="fill" ${setCss({ width: `${bar.mae * 100}%` })}></div>
      <div
        class="mark"
        ${setCss({ 'inset-inline-start': `calc(${bar.baseline * 100}% - 1px)` })}
      ></div>
    </div>`;
  }

  #charts(): TemplateResult[] {
    const names: Record<string, [string, Say, (value: number) => number]> = {
      [ERROR]: [t('Mean absolute error'), score, (value) => value],
      [CONFIDENCE]: [t('Confidence'), percent, (value) => value * 100],
      [R2]: ['R2', score, (value) => value],
    };
    return this.#questions().map((question) => {
      const [name = '', say = score, convert = Number] = names[question] ?? [];
      const lines = linesOf(this.#feed.get(question), { by: 'model', convert });
      return this.#chart(name, lines && this.#time(lines, say, question));
    });
  }

  #time(lines: Line[], say: Say, question: string): ChartSpec {
    const found = this.#found.value?.findings ?? [];
    const metric = new URLSearchParams(question).get('metric') ?? '';
    const [signs, marks] = [signsOf(found, metric, 'model'), foreseenIn(found, metric)];
    return { kind: 'time', lines, span: this.app.time.span(), say, signs, marks };
  }

  #chart(name: string, chart: ChartSpec | null): TemplateResult {
    return html`<pipescope-chart
      .app=${this.app}
      .name=${name}
      .chart=${chart}
      .empty=${t('There was no prediction in this time. Choose a longer one above.')}
    ></pipescope-chart>`;
  }
}
