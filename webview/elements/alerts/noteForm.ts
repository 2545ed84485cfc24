import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { AlertRecord } from '../../../service/protocol/record.ts';
import { type Acknowledgement, acknowledgementIn, expiryPicker } from './expiry.ts';

export interface NoteDone {
  acknowledge: (more: Acknowledgement) => void;
  resolve: (note: { note?: string }) => void;
  cancel: () => void;
}

/** Below a row: why it is acknowledged and for how long, or why it is over. Enter acknowledges, Escape leaves it. */
export function noteForm(alert: AlertRecord, done: NoteDone): TemplateResult {
  const read = (event: Event): Acknowledgement =>
    acknowledgementIn((event.currentTarget as Element).closest('.noting'));
  const resolve = (event: Event): void => {
    const { note } = read(event);
    done.resolve(note === undefined ? {} : { note });
  };
  const keydown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape') done.cancel();
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement)
      done.acknowledge(read(event));
  };
  return html`<li class="noting" role="none" data-alert=${alert.alert_id} @keydown=${keydown}>
    <input
      type="text"
      class="field"
      autocomplete="off"
      placeholder=${t('Why, or who looks at it; then Enter')}
      aria-label=${t('Note on {0}', alert.title)}
      maxlength="500"
      .value=${alert.note ?? ''}
    />
    ${expiryPicker(t('How long the acknowledgement counts'))}
    <vscode-button @click=${(event: Event) => done.acknowledge(read(event))}
      >${t('Acknowledge')}</vscode-button
    >
    <vscode-button appearance="secondary" @click=${resolve}>${t('Resolve')}</vscode-button>
    <vscode-button appearance="secondary" @click=${done.cancel}>${t('Cancel')}</vscode-button>
  </li>`;
}
