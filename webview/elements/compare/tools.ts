import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { count } from '../../../service/protocol/describe.ts';
import { choice } from '../shared/choice.ts';
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
  const different = (event: Event): void =>
    set({ different: (event.currentTarget as HTMLInputElement).checked });
  return html`<div class="tools">
    ${choice({
      label: t('Compare by'),
      value: wish.measure,
      options: MEASURES.map((one) => [one, measureName(one)]),
      pick: (measure) => set({ measure }),
    })}
    ${choice({
      label: t('Order of phases'),
      value: wish.sort,
      options: SORTS.map((one) => [one, SORT_WORDS[one]()]),
      pick: (sort) => set({ sort }),
    })}
    <label
      ><input type="checkbox" .checked=${wish.different} @change=${different} />
      ${t('Only differences')}</label
    >
    <span class="caption number" role="status"
      >${count(shown, t('{0} phase'), t('{0} phases'))}</span
    >
  </div>`;
}
