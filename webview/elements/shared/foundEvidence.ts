import { t } from '@vscode/l10n';
import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Finding } from '../../../service/protocol/finding.ts';
import type { SeriesAnswer } from '../../../service/protocol/series.ts';
import type { App } from '../../app.ts';
import { Load } from '../../load.ts';
import '../chart/chart.ts';
import { foundChart, queryOf, rangeOf } from './foundChart.ts';
import { seriesStateOf } from './loadedSeries.ts';

const EVERY_MS = 2_000;

/** The values in which something was found, whatever part of the time the page shows. */
@customElement('pipescope-found-evidence')
export class PipescopeFoundEvidence extends LitElement {
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) seen = true;
  @property({ attribute: false }) of!: Finding;
  readonly #load = new Load<SeriesAnswer>(this, {
    path: () => `/api/v1/series?${queryOf(this.of)}&${this.#range.query}`,
    polls: () => this.of.until === null,
    everyMs: EVERY_MS,
  });

  get #range(): ReturnType<typeof rangeOf> {
    return rangeOf(this.of, this.app.clock.now());
  }

  protected override render(): TemplateResult {
    const { of } = this;
    const { span } = this.#range;
    return html`<pipescope-chart
      .app=${this.app}
      .name=${of.metric ?? ''}
      .chart=${foundChart(of, { state: seriesStateOf(this.#load.state), span })}
      .empty=${t('Nothing was measured in this time.')}
    ></pipescope-chart>`;
  }
}
