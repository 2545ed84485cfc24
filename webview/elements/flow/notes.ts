import { t } from '@vscode/l10n';
import { html, nothing } from 'lit';
import { count } from '../../../service/protocol/describe.ts';
import type { Content } from '../shared/region.ts';
import type { Drawing } from './drawing.ts';

/** How the edges are known, and what is odd about them. */
export function notes(drawing: Drawing, failure: string | null, noPath: string | null): Content {
  const texts = [knowledge(drawing), circle(drawing)].filter((text) => text !== '');
  if (failure !== null) texts.push(t('What earlier runs show could not be read: {0}', failure));
  if (noPath !== null) texts.push(t('The critical path is not known: {0}', noPath));
  if (texts.length === 0) return nothing;
  return html`<p class="caption">${texts.map((text) => html`<span>${text}</span> `)}</p>`;
}

function knowledge({ graph: { knowledge, ids } }: Drawing): string {
  if (knowledge === 'observed')
    return t('No dependency is declared. Dashed lines show the order that every known run kept.');
  return knowledge === 'order' && ids.length > 1
    ? t('No dependency is known: the phases stand in their order.')
    : '';
}

function circle({ edges }: Drawing): string {
  const back = edges.filter((edge) => edge.back).length;
  if (back === 0) return '';
  return count(
    back,
    t('Phases depend on each other in a circle: {0} line leads back.'),
    t('Phases depend on each other in a circle: {0} lines lead back.'),
  );
}
