import { html, type TemplateResult } from 'lit';
import { cut } from '../../charts/pictures/cut.ts';
import { valueOf } from '../../controls.ts';

const LONGEST = 60;

export interface Picker {
  /** What is picked, to a screen reader. */
  name: string;
  options: readonly { id: string; title: string }[];
  value: string;
  pick: (id: string) => void;
}

/** One of several, in a native list. */
export function picker({ name, options, value, pick }: Picker): TemplateResult {
  return html`<select
    aria-label=${name}
    title=${name}
    @change=${(event: Event) => pick(valueOf(event))}
  >
    ${options.map(({ id, title }) => html`<option value=${id} .selected=${id === value}>${cut(title, LONGEST)}</option>`)}
  </select>`;
}
