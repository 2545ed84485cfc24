import { html, type TemplateResult } from 'lit';
import { valueOf } from '../../controls.ts';

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
