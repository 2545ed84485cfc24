import { t } from '@vscode/l10n';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App } from '../../app.ts';
import { Watch } from '../../watch.ts';
import { shared } from '../shared/styles.ts';

/** A job that has not come by then is gone. */
const PATIENCE_MS = 1_500;

/** What stands instead of the regions when there is no job to show: always with the next step. */
@customElement('pipescope-empty')
export class PipescopeEmpty extends LitElement {
  static override styles = [
    shared,
    css`
      section {
        max-width: 520px;
        margin: 48px auto;
        padding: 0 16px;
        text-align: center;
      }
      h2 {
        margin: 0 0 8px;
        font-size: 16px;
        font-weight: 600;
      }
      p {
        margin: 8px 0 16px;
      }
      code {
        display: block;
        margin: 8px 0;
        padding: 8px;
        background: var(--vscode-textCodeBlock-background, rgba(128, 128, 128, 0.12));
        border: 1px solid var(--ps-edge);
        font-family: var(--vscode-editor-font-family, monospace);
        font-size: 12px;
        text-align: start;
        overflow-wrap: anywhere;
      }
    `,
  ];
  @property({ attribute: false }) app!: App;
  #job: { id: string; at: number } | undefined;

  constructor() {
    super();
    new Watch(this, ['connection', 'jobs', 'selection']);
  }

  protected override render(): TemplateResult {
    const { store } = this.app;
    if (!store.loaded) return this.#off();
    if (store.detail === null) return this.#noJobs();
    return this.#asked(store.detail.jobId) ? this.#gone() : html``;
  }

  /** A job older than those of the list comes when it is asked for: until then nothing is said of it. */
  #asked(jobId: string): boolean {
    if (this.#job?.id !== jobId) {
      this.#job = { id: jobId, at: performance.now() };
      setTimeout(() => this.requestUpdate(), PATIENCE_MS);
    }
    return performance.now() - this.#job.at >= PATIENCE_MS;
  }

  #off(): TemplateResult {
    const { message } = this.app.store.connection;
    const text = message ?? t('No Pipescope service answers.');
    if (this.app.session.home === 'browser')
      return this.#say(
        t('Not connected'),
        html`${text} ${t('Trying again. Start the service with:')}`,
        html`<code>pipescope serve</code>`,
      );
    return this.#say(
      t('Pipescope is off'),
      html`${text} ${t('Start it to see your pipelines here.')}`,
      this.#button(t('Start the service'), 'start_service'),
    );
  }

  #noJobs(): TemplateResult {
    const title = t('No jobs so far');
    const text = html`${t('Jobs show here as soon as a pipeline reports to the service.')}`;
    if (this.app.session.home === 'vscode')
      return this.#say(title, text, this.#button(t('Run the demo pipeline'), 'run_demo'));
    const commands = html`<p>${t('Run any command as a job:')}</p>
      <code>pipescope run --name hello -- sleep 10</code>
      <p>${t('Or see a whole pipeline, in a checkout of Pipescope:')}</p>
      <code>npm run demo</code>`;
    return this.#say(title, text, commands);
  }

  #gone(): TemplateResult {
    const latest = (): void => this.app.session.showJob(null);
    const jobId = this.app.store.detail?.jobId ?? '';
    const text = html`${t('The job {0} is not known any more: it was removed, or is older than what is kept.', jobId)}`;
    return this.#say(
      t('This job is gone'),
      text,
      html`<vscode-button @click=${latest}>${t('Show the latest run')}</vscode-button>`,
    );
  }

  #button(text: string, action: 'start_service' | 'run_demo'): TemplateResult {
    return html`<vscode-button @click=${() => this.app.session.request({ type: 'host', action })}
      >${text}</vscode-button
    >`;
  }

  #say(title: string, text: TemplateResult, next: TemplateResult): TemplateResult {
    return html`<section aria-label=${title}>
      <h2>${title}</h2>
      <p>${text}</p>
      ${next}
    </section>`;
  }
}
