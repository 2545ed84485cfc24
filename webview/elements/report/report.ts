import { t } from '@vscode/l10n';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { messageOf } from '../../../service/protocol/errors.ts';
import type { App } from '../../app.ts';
import { base64Of } from '../../base64.ts';
import { redrawn, regionOf, settled } from '../../report/collect.ts';
import { factsOf, titleOf } from '../../report/facts.ts';
import { reportHtml, type ReportRegion } from '../../report/page.ts';
import { MOST_ROWS } from '../../report/tables.ts';
import { fileName } from '../../saveExport.ts';
import { setCopiedRows } from '../../virtual.ts';
import { dialogStyles } from '../shared/dialog.ts';
import { shared } from '../shared/styles.ts';
import './paper.ts';

/** All regions together; after that those that are not here are named as missing. */
const PATIENCE_MS = 20_000;

/** A region that the page shows, and where it stands. */
export interface Copied {
  title: string;
  frame: Element;
}

/**
 * Makes a report of the page as soon as it stands there, with its progress; the person may cancel. Fires `pipescope-done`
 * when the file was handed over to be saved, or there will be none.
 */
@customElement('pipescope-report')
export class PipescopeReport extends LitElement {
  static override styles = [
    shared,
    dialogStyles,
    css`
      dialog {
        width: 360px;
      }
      p {
        min-height: 1.4em;
        margin: 0 0 8px;
      }
      progress {
        width: 100%;
        margin-bottom: 16px;
      }
    `,
  ];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) regions: readonly Copied[] = [];
  @state() private done = 0;
  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @query('pipescope-paper') private readonly paper!: Element;
  readonly #abort = new AbortController();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort.abort();
  }

  protected override render(): TemplateResult {
    const all = this.regions.length;
    const title = this.regions[this.done]?.title ?? '';
    return html`<dialog aria-label=${t('Report of the page')} @cancel=${() => this.#abort.abort()}>
        <h2>${t('Report of the page')}</h2>
        <p class="cut" role="status">
          ${t('Region {0} of {1}: {2}', Math.min(all, this.done + 1), all, title)}
        </p>
        <progress max=${all} .value=${this.done} aria-label=${t('Report of the page')}></progress>
        <vscode-button appearance="secondary" @click=${() => this.#abort.abort()}
          >${t('Cancel')}</vscode-button
        >
      </dialog>
      <pipescope-paper></pipescope-paper>`;
  }

  protected override firstUpdated(): void {
    this.dialog.showModal();
    void this.#make();
  }

  async #make(): Promise<void> {
    const { store, session } = this.app;
    // The run that is shown stays, also where the page follows the latest one.
    const followed = session.view.job;
    if (followed === null && store.detail !== null) session.set({ job: store.detail.jobId });
    setCopiedRows(MOST_ROWS);
    try {
      const regions = await this.#collect();
      const made = this.app.clock.now();
      const title = titleOf(store.job);
      const language = document.documentElement.lang;
      const facts = factsOf(this.app, made);
      const text = reportHtml({ title, language, facts, regions });
      const day = new Date(made).toISOString().slice(0, 19).replaceAll(':', '-');
      const name = fileName(`${store.job?.name ?? 'pipescope'} ${day}`, 'html');
      session.request({ type: 'host', action: 'save_file', name, base64: base64Of(text) });
    } catch (error) {
      const message = t('The report could not be made: {0}', messageOf(error));
      if (!this.#abort.signal.aborted) store.say({ level: 'error', message });
    } finally {
      setCopiedRows(0);
      for (const { frame } of this.regions) await redrawn(frame);
      if (followed === null) session.set({ job: null });
      this.dispatchEvent(new CustomEvent('pipescope-done'));
    }
  }

  async #collect(): Promise<ReportRegion[]> {
    const { signal } = this.#abort;
    const deadline = performance.now() + PATIENCE_MS;
    const asks = (): boolean => this.app.session.asks;
    const all = this.regions;
    // All at once: each asks for what it lacks.
    const rests = all.map(({ frame }) => settled(frame, { signal, deadline, asks }));
    const regions: ReportRegion[] = [];
    for (const [index, { frame, title }] of all.entries()) {
      const partly = (await rests[index]) !== true;
      signal.throwIfAborted();
      regions.push(await regionOf({ frame, title, index }, { sheet: this.paper, partly }));
      this.done = index + 1;
    }
    return regions;
  }
}
