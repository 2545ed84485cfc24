import { t } from '@vscode/l10n';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { count } from '../../../service/protocol/describe.ts';
import type {
  OptimizationRecord,
  OptimizationStateName,
} from '../../../service/protocol/optimization.ts';
import type { App } from '../../app.ts';
import { icon } from '../../icons.ts';
import { Load } from '../../load.ts';
import { loaded } from '../shared/loaded.ts';
import type { Content } from '../shared/region.ts';
import { shared } from '../shared/styles.ts';
import { sureWords } from './impact.ts';
import {
  ALL_STATES,
  changeOf,
  effectOf,
  gainOf,
  stateIcon,
  stateWords,
  titleOf,
  valueIn,
  whyOf,
} from './proposalWords.ts';

/** Those that wait for a decision or an answer are all shown: newer ones hide none. */
const MOST_WAITING = 50;
const MOST_OTHERS = 10;
const EVERY_MS = 2_000;
const WAITING: readonly OptimizationStateName[] = ['proposed', 'sent'];
const OTHERS = ALL_STATES.filter((one) => !WAITING.includes(one));

interface Answer {
  optimizations: OptimizationRecord[];
  total: number;
}

/** What could be changed while a pipeline runs: why, with what gain, and what became of it. A person applies it or leaves it. */
@customElement('pipescope-proposals')
export class PipescopeProposals extends LitElement {
  static override styles = [
    shared,
    css`
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        padding: 6px 0;
        border-bottom: 1px solid var(--ps-line);
        overflow-wrap: anywhere;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 2px 8px;
      }
      .state {
        display: inline-flex;
        align-items: center;
        gap: 4px;
      }
      p {
        margin: 2px 0;
      }
      h4 {
        margin: 10px 0 0;
        font-weight: 600;
      }
      .empty {
        padding: 4px 0 0;
      }
      .actions {
        margin-top: 4px;
      }
    `,
  ];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) seen = true;
  /** Those that were decided here, until an answer shows them so: nothing is to be decided twice. */
  @state() private decided: ReadonlySet<string> = new Set();
  #focus: string | null = null;
  readonly #waiting = this.#loadOf(WAITING, MOST_WAITING);
  readonly #others = this.#loadOf(OTHERS, MOST_OTHERS);
  readonly #parameters = new Load<{ total: number }>(this, {
    path: () => '/api/v1/parameters?limit=1',
    polls: true,
  });

  #loadOf(states: readonly OptimizationStateName[], most: number): Load<Answer> {
    return new Load<Answer>(this, {
      path: () => `/api/v1/optimizations?state=${states.join()}&limit=${most}`,
      polls: true,
      everyMs: EVERY_MS,
    });
  }

  protected override willUpdate(): void {
    const waiting = this.#waiting.value?.optimizations ?? [];
    const open = new Set(
      waiting.flatMap(({ optimization_id: id, state: now }) => (now === 'proposed' ? id : [])),
    );
    const done = [...this.decided].filter((id) => !open.has(id));
    if (done.length === 0) return;
    this.decided = new Set([...this.decided].filter((id) => open.has(id)));
    const held = this.renderRoot.querySelector<HTMLElement>('li:focus-within')?.dataset['id'];
    this.#focus = done.find((id) => id === held) ?? null;
  }

  /** A proposal that moves to the others takes the focus with it. */
  protected override updated(): void {
    if (this.#focus === null) return;
    this.#item(this.#focus)?.focus();
    this.#focus = null;
  }

  protected override render(): TemplateResult {
    const skeleton = html`<p class="empty">&nbsp;</p>`;
    return html`${loaded(this.#waiting, { skeleton, content: (answer) => this.#open(answer) })}
    ${loaded(this.#others, { skeleton: nothing, content: (answer) => this.#over(answer) })}`;
  }

  #open(answer: Answer): Content {
    if (answer.optimizations.length === 0) return html`<p class="empty">${this.#none()}</p>`;
    return this.#list(answer, t('What to change'));
  }

  #over(answer: Answer): Content {
    if (answer.optimizations.length === 0) return nothing;
    const name = t('What became of proposals');
    return html`<h4>${name}</h4>
      ${this.#list(answer, name)}`;
  }

  #list({ optimizations, total }: Answer, name: string): Content {
    const rest = total - optimizations.length;
    return html`<ul aria-label=${name}>
      ${repeat(
        optimizations,
        ({ optimization_id: id }) => id,
        (one) => this.#proposal(one),
      )}
      ${rest > 0 ? html`<li class="caption">${count(rest, t('And {0} more.'), t('And {0} more.'))}</li>` : nothing}
    </ul>`;
  }

  #none(): string {
    const total = this.#parameters.value?.total;
    if (total === undefined) return '';
    if (total > 0)
      return count(
        total,
        t('Nothing to change is known now. {0} parameter can be changed while its pipeline runs.'),
        t('Nothing to change is known now. {0} parameters can be changed while pipelines run.'),
      );
    return t(
      'No pipeline listens for changes, so none are proposed. Report parameter.offered to get proposals here.',
    );
  }

  #proposal(one: OptimizationRecord): TemplateResult {
    const { optimization_id: id, sentence, state: now } = one;
    const change = changeOf(one);
    const why = whyOf(one, this.app.clock.now());
    const effect = effectOf(one);
    return html`<li tabindex="-1" data-id=${id}>
      <div class="line">
        <span class="state">${icon(stateIcon(now))} <span>${stateWords(one)}</span></span>
        <strong><bdi>${titleOf(one)}</bdi></strong>
        ${change === '' ? nothing : html`<bdi class="number">${change}</bdi>`} ${this.#where(one)}
      </div>
      ${sentence === null ? nothing : html`<p><bdi>${sentence}</bdi></p>`}
      ${
        one.proposed_at === null
          ? nothing
          : html`<p class="number">
              ${gainOf(one)}
              ${one.confidence === null ? nothing : html`<span class="muted">· ${sureWords(one.confidence)}</span>`}
            </p>`
      }
      ${evidenceOf(one)} ${effect === '' ? nothing : html`<p class="number">${effect}</p>`}
      ${why === '' ? nothing : html`<p class="muted"><bdi>${why}</bdi></p>`}
      ${now === 'proposed' ? this.#choices(one) : nothing}
    </li>`;
  }

  #where({ job_id: job, phase_id: phase }: OptimizationRecord): Content {
    if (job === null) return nothing;
    const show = (): void => {
      this.app.session.showJob(job, phase);
      this.app.store.go(phase === null ? 'Overview' : 'Phases');
    };
    const name = this.app.store.jobs.get(job)?.name ?? job;
    return html`<button class="plain link" @click=${show}>
      <bdi>${phase === null ? name : `${name} · ${phase}`}</bdi>
    </button>`;
  }

  #choices(one: OptimizationRecord): TemplateResult {
    const { optimization_id: id, needs_person: person } = one;
    const busy = this.decided.has(id);
    const title = titleOf(one);
    return html`${person ? html`<p class="muted">${t('It changes what comes out, so a person decides.')}</p>` : nothing}
      <div class="line actions">
        <vscode-button
          ?disabled=${busy}
          aria-label=${t('Apply: {0}', title)}
          data-command="optimization.apply"
          @click=${() => void this.#decide(id, 'optimization.apply')}
          >${t('Apply')}</vscode-button
        >
        <vscode-button
          appearance="secondary"
          ?disabled=${busy}
          aria-label=${t('Dismiss: {0}', title)}
          data-command="optimization.dismiss"
          @click=${() => void this.#decide(id, 'optimization.dismiss')}
          >${t('Dismiss')}</vscode-button
        >
      </div>`;
  }

  /** The buttons go with the decision: the proposal itself has the focus then. */
  async #decide(id: string, command: 'optimization.apply' | 'optimization.dismiss'): Promise<void> {
    if (this.decided.has(id)) return;
    this.decided = new Set([...this.decided, id]);
    const done = await this.app.session.command({ command, optimization_id: id });
    if (done) this.#item(id)?.focus();
    else {
      this.decided = new Set([...this.decided].filter((one) => one !== id));
      await this.updateComplete;
      this.#item(id)?.querySelector<HTMLElement>(`[data-command="${command}"]`)?.focus();
    }
    this.#waiting.retry();
    this.#others.retry();
  }

  #item(id: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(`li[data-id="${CSS.escape(id)}"]`);
  }
}

function evidenceOf({ evidence }: OptimizationRecord): Content {
  if (evidence.length === 0) return nothing;
  const parts = evidence.map(({ name, value, unit }) => `${name} ${valueIn(value, unit)}`);
  return html`<p class="muted number"><bdi>${parts.join(' · ')}</bdi></p>`;
}
