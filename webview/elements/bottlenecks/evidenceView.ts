import { t } from '@vscode/l10n';
import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EvidenceSeries } from '../../../service/protocol/bottleneck.ts';
import type { SeriesAnswer } from '../../../service/protocol/series.ts';
import type { App } from '../../app.ts';
import { Load } from '../../load.ts';
import '../chart/chart.ts';
import { seriesStateOf } from '../shared/loadedSeries.ts';
import { evidenceChart, evidenceRange, questionOf, type Shown } from './evidence.ts';

const EVERY_MS = 2_000;

/** One series that shows a bottleneck, from a while before it began until now or a while after its end, whatever part of the time the page shows. */
@customElement('pipescope-evidence')
export class PipescopeEvidence extends LitElement {
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) seen = true;
  @property({ attribute: false }) of!: Shown;
  @property({ attribute: false }) series!: EvidenceSeries;
  readonly #load = new Load<SeriesAnswer>(this, {
    path: () => `/api/v1/series?${questionOf(this.series)}&${this.#range.query}`,
    polls: () => this.of.until === null,
    everyMs: EVERY_MS,
  });

  get #range(): ReturnType<typeof evidenceRange> {
    return evidenceRange(this.of, this.app.clock.now());
  }

  protected override render(): TemplateResult {
    const { span } = this.#range;
    const state = seriesStateOf(this.#load.state);
    const { name, chart } = evidenceChart(this.series, { of: this.of, state, span });
    return html`<pipescope-chart
      .app=${this.app}
      .name=${name}
      .chart=${chart}
      .empty=${t('Nothing was measured in this time.')}
    ></pipescope-chart>`;
  }
}
