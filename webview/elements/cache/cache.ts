import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import {
  count,
  exactTime,
  memory,
  percent,
  relativeTime,
  UNKNOWN,
} from '../../../service/protocol/describe.ts';
import type { CacheRecord } from '../../../service/protocol/domain.ts';
import type { TimeChart } from '../../charts/spec.ts';
import { foreseenIn, type FoundPage, foundPath, signsOf } from '../../findingView.ts';
import { number } from '../../format.ts';
import { icon } from '../../icons.ts';
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
import { linesOf } from '../shared/seriesLines.ts';
import { cacheStyles } from './cache.styles.ts';
import { gaugeOf, listCaches, verdictOf } from './list.ts';

/** More gauges at once help nobody: those that help least are shown. */
const MOST = 12;

interface Caches {
  caches: CacheRecord[];
  total: number;
}

const RATE = 'metric=cache_hit_rate_percent&aggregation=avg&group_by=cache';
const SIZE = 'metric=cache_size_mb&aggregation=avg&group_by=cache';

/** How often caches have what is looked for, and how large they are. */
@customElement('pipescope-cache')
export class PipescopeCache extends RegionElement {
  static override styles = [...RegionElement.styles, hintStyles, cacheStyles];
  readonly region = 'Cache';
  readonly #caches = new Load<Caches>(this, {
    path: () => '/api/v1/caches?limit=1000',
    polls: true,
  });
  readonly #limits = new Load<Limits>(this, { path: () => LIMITS_PATH });
  readonly #found = new Load<FoundPage>(this, {
    path: () => foundPath(`metric=${METRICS_OF.Cache}`),
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

  protected override skeleton(): TemplateResult {
    return html`<div class="skeleton waiting"></div>`;
  }

  protected content(): Content {
    return loaded(this.#caches, {
      skeleton: this.skeleton(),
      content: (all) => this.#list(all),
    });
  }

  /** Only of what some cache has told. */
  #questions(): string[] {
    const caches = this.#caches.value?.caches ?? [];
    return [
      ...(caches.some(({ hit_rate_percent }) => hit_rate_percent !== null) ? [RATE] : []),
      ...(caches.some(({ size_mb }) => size_mb !== null) ? [SIZE] : []),
    ];
  }

  #list({ caches, total }: Caches): Content {
    if (caches.length === 0)
      return hint(t('No cache was reported so far.'), {
        type: 'cache.sampled',
        ...{ cache: 'results', hits: 980, misses: 270, size_mb: 12.5 },
      });
    const least = limitsOf(this.#limits).cache_hit_rate_percent;
    const shown = listCaches(caches).slice(0, MOST);
    const rest = total - shown.length;
    return html`<ul aria-label=${t('Caches, those that help least first')}>
        ${repeat(
          shown,
          ({ cache }) => cache,
          (cache) => this.#cache(cache, least),
        )}
      </ul>
      ${rest > 0 ? html`<p class="caption">${count(rest, t('And {0} more cache with a higher hit rate.'), t('And {0} more caches with higher hit rates.'))}</p>` : nothing}
      <div class="charts">${this.#trends(least)}</div>
      ${foundHere(this, this.#found)}`;
  }

  #cache(cache: CacheRecord, least: number): TemplateResult {
    const { hits, misses, size_mb: size, sampled_at: at } = cache;
    const { text, bad } = verdictOf(cache, least);
    const facts: [string, string, string][] = [
      [t('Hits'), number(hits), t('Since it began to count')],
      [t('Misses'), number(misses), t('Since it began to count')],
      [t('Size'), memory(size), ''],
      [
        t('Sampled'),
        at === null ? UNKNOWN : relativeTime(at, this.app.clock.now()),
        at === null ? '' : exactTime(at),
      ],
    ];
    return html`<li>
      <pipescope-chart
        .app=${this.app}
        .name=${cache.cache}
        .chart=${gaugeOf(cache, least)}
      ></pipescope-chart>
      <p class="verdict ${bad ? 'bad' : ''}">
        ${bad ? icon('warning') : nothing} <span>${text}</span>
      </p>
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

  #trends(least: number): TemplateResult[] {
    const found = this.#found.value?.findings ?? [];
    return this.#questions().map((question) => {
      const lines = linesOf(this.#feed.get(question), { by: 'cache' });
      const span = this.app.time.span();
      const isRate = question === RATE;
      const metric = isRate ? 'cache_hit_rate_percent' : 'cache_size_mb';
      const limits = foreseenIn(found, metric);
      const marks = [...(isRate ? [{ label: t('at least'), value: least }] : []), ...limits];
      const chart: TimeChart | null = lines && {
        kind: 'time',
        lines,
        ...{ span, marks, signs: signsOf(found, metric, 'cache') },
        ...(isRate ? { say: percent, top: () => 100 } : { say: memory }),
      };
      return html`<pipescope-chart
        .app=${this.app}
        .name=${isRate ? t('Hit rate') : t('Size')}
        .chart=${chart}
        .empty=${t('No cache was sampled in this time. Choose a longer one above.')}
      ></pipescope-chart>`;
    });
  }
}
