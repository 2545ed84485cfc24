import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { Content } from '../../shared/region.ts';
import { type Field, type Options, type Raw, TIME_UNITS, timeParts } from './field.ts';

export interface FieldView {
  field: Field;
  raw: Raw;
  problem: string | undefined;
  set: (raw: Raw) => void;
}

type FieldOf<A extends Field['as']> = Extract<Field, { as: A }>;

/** The id of a field's control: its path without the slashes. */
export function idOf({ path }: Field): string {
  return path.slice(1).replaceAll('/', '-');
}

/** A field as in VS Code's settings: what it is, what it means, the control, and what is wrong with it. */
export function fieldView(view: FieldView): TemplateResult {
  const { field } = view;
  const id = idOf(field);
  const grouped = field.as === 'checks';
  return html`<div
    class="item"
    role=${grouped ? 'group' : nothing}
    aria-labelledby=${grouped ? `${id}-label` : nothing}
  >
    ${
      field.as === 'check'
        ? nothing
        : html`<label id="${id}-label" for=${grouped ? nothing : id}>${field.label}</label>`
    }
    ${field.help === undefined ? nothing : html`<p class="help" id="${id}-help">${field.help}</p>`}
    ${control(view, id)}
    <p class="problem" id="${id}-problem">${view.problem ?? ''}</p>
  </div>`;
}

function control(view: FieldView, id: string): Content {
  const { field } = view;
  switch (field.as) {
    case 'text':
      return field.rows === undefined ? input(view, id, field) : area(view, id, field.rows);
    case 'number':
      return html`<div class="unit">${input(view, id)}${unit(field.unit)}</div>`;
    case 'duration':
      return durationControl(view, id);
    case 'choice':
      return choice(view, id, field.options);
    case 'check':
      return html`<label class="box"
        ><input
          type="checkbox"
          id=${id}
          .checked=${view.raw === true}
          aria-describedby=${describedBy(view, id)}
          @change=${(event: Event) => view.set(isChecked(event))}
        />${field.label}</label
      >`;
    case 'checks':
      return checks(view, id, field);
    case 'lines':
    case 'labels':
      return area(view, id, 2);
  }
}

function describedBy({ field }: FieldView, id: string): string {
  return field.help === undefined ? `${id}-problem` : `${id}-help ${id}-problem`;
}

const wrong = ({ problem }: FieldView): 'true' | 'false' =>
  problem === undefined ? 'false' : 'true';
const valueIn = (event: Event): string => (event.currentTarget as HTMLInputElement).value;
const isChecked = (event: Event): boolean => (event.currentTarget as HTMLInputElement).checked;

function input(view: FieldView, id: string, text?: FieldOf<'text'>): TemplateResult {
  const list = text?.offers === undefined ? nothing : `${id}-offers`;
  return html`<input
      id=${id}
      class=${text === undefined ? 'short' : ''}
      type=${text?.type ?? 'text'}
      inputmode=${text === undefined ? 'decimal' : 'text'}
      autocomplete=${text?.type === 'password' ? 'new-password' : 'off'}
      spellcheck="false"
      list=${list}
      .value=${String(view.raw ?? '')}
      ?disabled=${view.field.fixed}
      aria-invalid=${wrong(view)}
      aria-describedby=${describedBy(view, id)}
      @input=${(event: Event) => view.set(valueIn(event))}
    />${
      text?.offers === undefined
        ? nothing
        : html`<datalist id="${id}-offers">
            ${text.offers.map((one) => html`<option value=${one}></option>`)}
          </datalist>`
    }`;
}

function unit(sign: string | undefined): Content {
  return sign === undefined || sign === '' ? nothing : html`<span>${sign}</span>`;
}

function area(view: FieldView, id: string, rows: number): TemplateResult {
  return html`<textarea
    id=${id}
    rows=${rows}
    spellcheck="false"
    .value=${String(view.raw ?? '')}
    aria-invalid=${wrong(view)}
    aria-describedby=${describedBy(view, id)}
    @input=${(event: Event) => view.set(valueIn(event))}
  ></textarea>`;
}

function durationControl(view: FieldView, id: string): TemplateResult {
  const { number, unit: chosen } = timeParts(view.raw);
  const number_ = { ...view, raw: number, set: (raw: Raw) => view.set(`${String(raw)} ${chosen}`) };
  return html`<div class="unit">
    ${input(number_, id)}<select
      aria-label=${t('Unit of {0}', view.field.label)}
      @change=${(event: Event) => view.set(`${number} ${valueIn(event)}`)}
    >
      ${TIME_UNITS.map(
        ([ms, word]) =>
          html`<option value=${String(ms)} ?selected=${ms === chosen}>${word()}</option>`,
      )}
    </select>
  </div>`;
}

function choice(view: FieldView, id: string, options: Options): TemplateResult {
  return html`<select
    id=${id}
    ?disabled=${view.field.fixed}
    aria-invalid=${wrong(view)}
    aria-describedby=${describedBy(view, id)}
    @change=${(event: Event) => view.set(valueIn(event))}
  >
    ${options.map(
      ([value, text]) =>
        html`<option value=${value} ?selected=${value === view.raw}>${text}</option>`,
    )}
  </select>`;
}

function checks(view: FieldView, id: string, { options, all }: FieldOf<'checks'>): TemplateResult {
  const { raw } = view;
  const chosen = Array.isArray(raw) ? (raw as readonly string[]) : null;
  const flip = (value: string, on: boolean): void =>
    view.set(on ? [...(chosen ?? []), value] : (chosen ?? []).filter((one) => one !== value));
  const every = (event: Event): void => view.set(isChecked(event) ? null : []);
  return html`<label class="box"
      ><input
        type="checkbox"
        id=${id}
        .checked=${chosen === null}
        aria-invalid=${wrong(view)}
        aria-describedby=${describedBy(view, id)}
        @change=${every}
      />${all}</label
    >${
      chosen === null
        ? nothing
        : html`<div class="boxes">
            ${options.map(
              ([value, text]) =>
                html`<label class="box"
                  ><input
                    type="checkbox"
                    .checked=${chosen.includes(value)}
                    @change=${(event: Event) => flip(value, isChecked(event))}
                  /><bdi>${text}</bdi></label
                >`,
            )}
          </div>`
    }`;
}
