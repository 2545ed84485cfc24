import { html, type TemplateResult } from 'lit';

export interface Choice<T extends string> {
  /** What is chosen, to a screen reader. */
  label: string;
  /** The one that is chosen. */
  value: T;
  options: readonly (readonly [value: T, text: string])[];
  /** Called with another than `value`. */
  pick: (value: T) => void;
}

/** One of several, in a native list: every platform has it with its own keys and on its own screen. */
export function choice<T extends string>({
  label,
  value,
  options,
  pick,
}: Choice<T>): TemplateResult {
  const change = (event: Event): void => {
    const picked = options[(event.currentTarget as HTMLSelectElement).selectedIndex]?.[0];
    if (picked !== undefined && picked !== value) pick(picked);
  };
  return html`<select aria-label=${label} @change=${change}>
    ${options.map(([one, text]) => html`<option value=${one} .selected=${one === value}>${text}</option>`)}
  </select>`;
}
