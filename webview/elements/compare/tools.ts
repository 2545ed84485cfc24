import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { count } from '../../../service/protocol/describe.ts';
import { valueOf } from '../../controls.ts';
import { MEASURES, type Sort, SORTS, type Wish } from './arrange.ts';
import { measureName } from './words.ts';

const SORT_WORDS: Record<Sort, () => string> = {
  order: () => t('In the order of the run'),
  difference: () => t('Largest difference first'),
};

/** What of the phases is compared, in which order, and whether all are shown. */
export function tools(
  wish: Wish,
  { shown, set }: { shown: number; set: (change: Partial<Wish>) => void },
): TemplateResult {
  const measure = (event: Event): void => {
    const value = MEASURES.find((one) => one === valueOf(event));
    if (value !== undefined && value !== wish.measure) set({ measure: value });
  };
  const sort = (event: Event): void => {
    const value = SORTS.find((one) => one === valueOf(event));
    if (value !== undefined && value !== wish.sort) set({ sort: value });
  };
  const different = (event: Event): void =>
    set({ different: (event.currentTarget as HTMLInputElement).checked });
  return html`<div class="tools">
    <vscode-dropdown aria-label=${t('Compare by')} .value=${wish.measure} @change=${measure}>
      ${MEASURES.map((one) => html`<vscode-option value=${one} ?selected=${one === wish.measure}>${measureName(one)}</vscode-option>`)}
    </vscode-dropdown>
    <vscode-dropdown aria-label=${t('Order of phases')} .value=${wish.sort} @change=${sort}>
      ${SORTS.map((one) => html`<vscode-option value=${one} ?selected=${one === wish.sort}>${SORT_WORDS[one]()}</vscode-option>`)}
    </vscode-dropdown>
    <label
      ><input type="checkbox" .checked=${wish.different} @change=${different} />
      ${t('Only differences')}</label
    >
    <span class="caption number" role="status"
      >${count(shown, t('{0} phase'), t('{0} phases'))}</span
    >
  </div>`;
}
