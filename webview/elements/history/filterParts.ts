import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { valueOf } from '../../controls.ts';
import type { HistoryView } from '../../historyView.ts';
import { icon } from '../../icons.ts';
import type { Content } from '../shared/region.ts';
import { sameFilter } from './query.ts';

interface Choice {
  value: string;
  jobs: number;
}

/** Values are told apart from "all" by this before them. */
const IS = '=';

/** A list of values to pick one of, or none. One that is set stays in it, though no run has it any more. */
export function choices(
  { label, every, known }: { label: string; every: string; known: readonly Choice[] },
  picked: string | null,
  pick: (value: string | null) => void,
): TemplateResult {
  const values = known.map(({ value }) => value);
  if (picked !== null && !values.includes(picked)) values.unshift(picked);
  const chosen = picked === null ? '' : `${IS}${picked}`;
  const change = (event: Event): void => {
    const value = valueOf(event);
    if (value !== chosen) pick(value.startsWith(IS) ? value.slice(IS.length) : null);
  };
  return html`<vscode-dropdown aria-label=${label} .value=${chosen} @change=${change}>
    <vscode-option value="" ?selected=${picked === null}>${every}</vscode-option>
    ${values.map((value) => html`<vscode-option value="${IS}${value}" ?selected=${value === picked}>${cut(value)}</vscode-option>`)}
  </vscode-dropdown>`;
}

function cut(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

type Saved = HistoryView['saved'][number];

/** The filters that were saved: pick one, or drop the one that is set. */
export function savedPicker(
  { saved, filter }: HistoryView,
  { pick, drop }: { pick: (one: Saved) => void; drop: (one: Saved) => void },
): Content {
  if (saved.length === 0) return nothing;
  const set = saved.findIndex((one) => sameFilter(one.filter, filter));
  const chosen = saved[set];
  const change = (event: Event): void => {
    const index = Number(valueOf(event));
    const one = saved[index];
    if (one !== undefined && index !== set) pick(one);
  };
  return html`<vscode-dropdown
      aria-label=${t('Saved filters')}
      .value=${String(set)}
      @change=${change}
    >
      <vscode-option value="-1" ?selected=${set < 0}>${t('Saved filters')}</vscode-option>
      ${saved.map(({ name }, index) => html`<vscode-option value=${String(index)} ?selected=${index === set}>${name}</vscode-option>`)}
    </vscode-dropdown>
    ${
      chosen === undefined
        ? nothing
        : html`<vscode-button
            appearance="icon"
            title=${t('Forget the saved filter {0}', chosen.name)}
            aria-label=${t('Forget the saved filter {0}', chosen.name)}
            @click=${() => drop(chosen)}
            >${icon('trash')}</vscode-button
          >`
    }`;
}
