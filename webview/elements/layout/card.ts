import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../../icons.ts';
import { type Height, HEIGHTS, type Item, keyOf, titleOf } from '../../layout.ts';
import type { Content } from '../shared/region.ts';

export interface CardActions {
  move: (by: number) => void;
  change: (change: Partial<Pick<Item, 'width' | 'height' | 'shown'>>) => void;
  edit: () => void;
  remove: () => void;
  grab: (event: PointerEvent) => void;
}

interface Card {
  item: Item;
  /** Counted from 0, and how many there are. */
  place: number;
  of: number;
  dragged: boolean;
}

/** One region as it stands in the layout, with what can be done with it. */
export function card({ item, place, of, dragged }: Card, actions: CardActions): TemplateResult {
  const title = titleOf(item);
  const classes = [item.width, item.height, item.shown ? '' : 'hidden', dragged ? 'dragged' : ''];
  return html`<li class="card ${classes.join(' ')}" data-key=${keyOf(item)} aria-label=${title}>
    <span class="handle" aria-hidden="true" @pointerdown=${actions.grab}>${icon('gripper')}</span>
    <span class="title cut" title=${title}>${title}</span>
    <span class="tools">
      ${button('up', t('Move {0} up', title), { sign: 'arrowUp', off: place === 0, run: () => actions.move(-1) })}
      ${button('down', t('Move {0} down', title), { sign: 'arrowDown', off: place === of - 1, run: () => actions.move(1) })}
      ${width(item, actions)} ${height(item, actions)}
      ${button('shown', item.shown ? t('Hide {0}', title) : t('Show {0}', title), {
        sign: item.shown ? 'eye' : 'eyeClosed',
        run: () => actions.change({ shown: !item.shown }),
      })}
      ${own(item, actions)}
    </span>
  </li>`;
}

interface Button {
  sign: Parameters<typeof icon>[0];
  off?: boolean;
  run: () => void;
}

function button(name: string, label: string, { sign, off, run }: Button): TemplateResult {
  return html`<vscode-button
    appearance="icon"
    data-action=${name}
    aria-label=${label}
    title=${label}
    ?disabled=${off ?? false}
    @click=${run}
    >${icon(sign)}</vscode-button
  >`;
}

function width(item: Item, { change }: CardActions): TemplateResult {
  const set = (event: Event): void =>
    change({
      width: (event.currentTarget as HTMLSelectElement).value === 'half' ? 'half' : 'full',
    });
  return html`<select aria-label=${t('Width of {0}', titleOf(item))} @change=${set}>
    <option value="full" ?selected=${item.width === 'full'}>${t('Full width')}</option>
    <option value="half" ?selected=${item.width === 'half'}>${t('Half width')}</option>
  </select>`;
}

function height(item: Item, { change }: CardActions): TemplateResult {
  const set = (event: Event): void => {
    const { value } = event.currentTarget as HTMLSelectElement;
    change({ height: HEIGHTS.find((one) => one === value) ?? 'normal' });
  };
  return html`<select aria-label=${t('Height of {0}', titleOf(item))} @change=${set}>
    ${HEIGHTS.map(
      (one) =>
        html`<option value=${one} ?selected=${item.height === one}>${heightWord(one)}</option>`,
    )}
  </select>`;
}

function own(item: Item, { edit, remove }: CardActions): Content {
  if ('region' in item) return nothing;
  const { title } = item.widget;
  return html`${button('edit', t('Edit {0}', title), { sign: 'edit', run: edit })}
  ${button('remove', t('Remove {0}', title), { sign: 'trash', run: remove })}`;
}

function heightWord(height: Height): string {
  switch (height) {
    case 'small':
      return t('Low');
    case 'normal':
      return t('Normal height');
    case 'tall':
      return t('Tall');
  }
}
