import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { count, exactTime, relativeTime } from '../../../service/protocol/describe.ts';
import type { Finding } from '../../../service/protocol/finding.ts';
import type { App } from '../../app.ts';
import {
  type FoundPage,
  KIND_SIGNS,
  kindWord,
  leadTo,
  regionOfFinding,
  steady,
  sureHint,
  sureOf,
} from '../../findingView.ts';
import { sentenceOf, titleOf } from '../../findingWords.ts';
import { icon } from '../../icons.ts';
import type { Load } from '../../load.ts';
import type { Loaded } from '../../loadState.ts';
import { Watch } from '../../watch.ts';
import { RegionCode } from '../dashboard/code.ts';
import { foundStyles } from './found.styles.ts';
import { failure } from './loaded.ts';
import type { Content } from './region.ts';
import { shared } from './styles.ts';

/**
 * What the analysis found, one line each: what it is, what is so, how sure that is, and the values that show it. The first
 * `rows` of them stand in room that is kept free; the others when a person wants them.
 */
@customElement('pipescope-found')
export class PipescopeFound extends LitElement {
  static override styles = [shared, foundStyles];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) seen = true;
  /** What the list is called. */
  @property({ attribute: false }) name = '';
  /** Said where nothing was found. */
  @property({ attribute: false }) none = '';
  @property({ attribute: false }) state!: Loaded<FoundPage>;
  @property({ attribute: false }) retry!: () => void;
  @property({ type: Number, reflect: true }) rows = 1;
  /** Whether all of them are shown, in full. */
  @state() private all = false;
  /** The one whose values are shown. */
  @state() private opened: string | null = null;
  #listed: readonly string[] = [];
  readonly #code = new RegionCode(this);

  constructor() {
    super();
    new Watch(this, [], { clock: true });
  }

  protected override render(): Content {
    const { state } = this;
    switch (state.kind) {
      case 'loading':
        return html`<div class="keep" aria-busy="true"></div>`;
      case 'failed':
        return html`<div class="keep">${failure(state.message, this.retry)}</div>`;
      case 'ready':
        return html`${state.message === null ? nothing : failure(state.message, this.retry)}
          <div class="keep">${this.#content(state.value)}</div>`;
    }
  }

  #content({ findings, total }: FoundPage): Content {
    if (findings.length === 0) return html`<p class="muted">${this.none}</p>`;
    const ordered = this.#ordered(findings);
    const shown = this.all ? ordered : ordered.slice(0, this.rows);
    const rest = total - findings.length;
    return html`<ul class=${this.all ? 'all' : ''} aria-label=${this.name}>
        ${repeat(
          shown,
          ({ finding_id: id }) => id,
          (one) => this.#row(one),
        )}
        ${this.all && rest > 0 ? html`<li class="caption">${count(rest, t('And {0} more.'), t('And {0} more.'))}</li>` : nothing}
      </ul>
      <button
        class="plain link shows"
        aria-expanded=${this.all ? 'true' : 'false'}
        @click=${() => (this.all = !this.all)}
      >
        ${this.#toggle(total)}
      </button>`;
  }

  #toggle(total: number): string {
    if (this.all) return t('Show less');
    return total > this.rows ? t('Show all {0}', total) : t('Show in full');
  }

  /** Nothing moves while it is pointed at or has the focus. */
  #ordered(findings: readonly Finding[]): readonly Finding[] {
    const held = this.matches(':hover, :focus-within');
    const ordered = held ? steady(findings, this.#listed) : findings;
    this.#listed = ordered.map(({ finding_id: id }) => id);
    return ordered;
  }

  #row(one: Finding): TemplateResult {
    const ended = one.until === null ? nothing : html` · ${this.#ended(one.until)}`;
    return html`<li>
      <div class="line">
        ${icon(KIND_SIGNS[one.kind])}
        <span class="kind muted">${kindWord(one)}:</span>
        ${this.#sentence(one)}
        <span class="sure muted"><span title=${sureHint(one)}>· ${sureOf(one)}</span>${ended}</span>
        ${this.#evidenceToggle(one)}
      </div>
      ${this.opened === one.finding_id ? this.#evidence(one) : nothing}
    </li>`;
  }

  #ended(until: string): string {
    return t('ended {0}', relativeTime(until, this.app.clock.now()));
  }

  #sentence(one: Finding): TemplateResult {
    const region = regionOfFinding(one);
    const sentence = sentenceOf(one);
    const words = html`<bdi>${sentence}</bdi>`;
    const hover = `${sentence}\n${t('Since {0}', exactTime(one.since))}`;
    if (region === null) return html`<span class="text" title=${hover}>${words}</span>`;
    return html`<button
      class="plain link text"
      title=${hover}
      aria-label=${`${kindWord(one)}: ${sentence}`}
      @click=${() => leadTo(this.app, one, region)}
    >
      ${words}
    </button>`;
  }

  /** Of what holds back and of changes the evidence stands where they lead. */
  #evidenceToggle(one: Finding): Content {
    if (one.metric === null || (one.kind !== 'anomaly' && one.kind !== 'prediction'))
      return nothing;
    const opened = this.opened === one.finding_id;
    const label = t('Evidence of: {0}', titleOf(one));
    return html`<button
      class="plain shows"
      aria-expanded=${opened ? 'true' : 'false'}
      aria-label=${label}
      title=${label}
      @click=${() => this.#show(opened ? null : one.finding_id)}
    >
      ${icon('graphLine')}${icon(opened ? 'chevronDown' : 'chevronRight')}
    </button>`;
  }

  #show(id: string | null): void {
    this.opened = id;
    const load = (): Promise<unknown> => import('./foundEvidence.ts');
    if (id !== null) void this.#code.load({ name: t('Evidence'), load });
  }

  /** In its room from the begin on, whether its code is here or not. */
  #evidence(one: Finding): TemplateResult {
    const { app, seen } = this;
    if (!this.#code.has(t('Evidence'))) return html`<div class="chart"></div>`;
    return html`<pipescope-found-evidence
      class="chart"
      .app=${app}
      .seen=${seen}
      .of=${one}
    ></pipescope-found-evidence>`;
  }
}

/** What was found in the values of a region, for its end. */
export function foundHere(
  { app, seen }: { app: App; seen: boolean },
  load: Load<FoundPage>,
): TemplateResult {
  return html`<pipescope-found
    .app=${app}
    .seen=${seen}
    .name=${t('Found in these values')}
    .none=${t('Nothing unusual was found in these values.')}
    .state=${load.state}
    .retry=${() => load.retry()}
  ></pipescope-found>`;
}
