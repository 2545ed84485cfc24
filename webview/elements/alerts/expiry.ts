import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';

const MINUTE_MS = 60_000;

/** For how long an acknowledgement counts, by the value of its option; 0 until the alert ends. */
const EXPIRIES: readonly (readonly [ms: number, word: () => string])[] = [
  [0, () => t('until it ends')],
  [15 * MINUTE_MS, () => t('for 15 minutes')],
  [60 * MINUTE_MS, () => t('for 1 hour')],
  [480 * MINUTE_MS, () => t('for 8 hours')],
  [1440 * MINUTE_MS, () => t('for 1 day')],
];

export function expiryPicker(label: string): TemplateResult {
  return html`<select class="field expiry" aria-label=${label}>
    ${EXPIRIES.map(([ms, word]) => html`<option value=${String(ms)}>${word()}</option>`)}
  </select>`;
}

export interface Acknowledgement {
  note?: string;
  for_ms?: number;
}

/** What was written and picked in the fields of `form`. */
export function acknowledgementIn(form: ParentNode | null): Acknowledgement {
  const note = form?.querySelector('input')?.value.trim() ?? '';
  const ms = Number(form?.querySelector('select')?.value ?? 0);
  return { ...(note === '' ? {} : { note }), ...(ms > 0 ? { for_ms: ms } : {}) };
}
