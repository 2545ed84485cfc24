import { t } from '@vscode/l10n';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App } from '../../app.ts';
import { type CustomWidget, questionOf } from '../../customWidget.ts';
import { SeriesFeed } from '../../seriesFeed.ts';
import { Watch } from '../../watch.ts';
import '../chart/chart.ts';
import { regionStyles, shared } from '../shared/styles.ts';
import { picture, type Picture } from './picture.ts';

/** A region of the person's own: one question of the series, drawn in the range of the page. */
@customElement('pipescope-widget')
export class PipescopeWidget extends LitElement {
  static override styles = [
    shared,
    regionStyles,
    css`
      h2 {
        min-width: 0;
        unicode-bidi: isolate;
      }
    `,
  ];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) seen = true;
  @property({ attribute: false }) widget!: CustomWidget;
  readonly #feed = new SeriesFeed(this, () => [questionOf(this.widget)]);

  constructor() {
    super();
    new Watch(this, ['view', 'selection'], { clock: true });
  }

  protected override render(): TemplateResult {
    const { title, metric } = this.widget;
    const { chart, note, empty } = this.#picture();
    return html`<section aria-label=${title} aria-busy=${chart === null ? 'true' : 'false'}>
      <header>
        <h2 class="cut" title=${title}>${title}</h2>
      </header>
      <pipescope-chart
        .app=${this.app}
        .name=${metric}
        .chart=${chart}
        .note=${note}
        .empty=${empty}
      ></pipescope-chart>
    </section>`;
  }

  #picture(): Omit<Picture, 'chart'> & { chart: Picture['chart'] | null; empty: string } {
    const state = this.#feed.get(questionOf(this.widget));
    const empty = t('Nothing was measured in this range.');
    const span = this.app.time.span();
    switch (state.kind) {
      case 'waiting':
        return { chart: null, note: '', empty };
      case 'ready':
        return { ...picture(this.widget, state.answer, span), empty };
      case 'none': {
        const nothing = {
          series: [],
          total: 0,
          unit: null,
          aggregation: 'avg',
          step_ms: 1,
        } as const;
        const { chart } = picture(this.widget, { ...NONE, ...nothing, series: [] }, span);
        return { chart, note: '', empty: state.message };
      }
    }
  }
}

const NONE = { metric: '', kind: 'gauge', from: '', to: '', truncated: false } as const;
