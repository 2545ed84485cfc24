import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { percent } from '../../../service/protocol/describe.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { PipelinePerformance } from '../../../service/protocol/pipelinePerformance.ts';
import { setCss } from '../../cssDirective.ts';
import type { Content } from '../shared/region.ts';
import { phaseName } from './words.ts';

interface Row {
  name: string;
  completed: number;
  failed: number;
  others: number;
  rate: number | null;
  phaseId: string | null;
}

/** How often runs and phases succeed: the worst first, below the pipeline as a whole. */
export function successRows(answer: PipelinePerformance): Row[] {
  const { runs, completed, failed, success_rate_percent: rate } = answer;
  const others = runs.length - completed - failed;
  const whole = { name: t('Whole run'), completed, failed, others, rate, phaseId: null };
  const phases = answer.phases.map((phase): Row => {
    const ended = phase.statuses.filter((status) => status !== null).length;
    return {
      ...{ name: phaseName(phase), completed: phase.completed, failed: phase.failed },
      others: ended - phase.completed - phase.failed,
      ...{ rate: phase.success_rate_percent, phaseId: phase.phase_id },
    };
  });
  const order = ({ rate: of }: Row): number => of ?? Infinity;
  return [whole, ...phases.sort((a, b) => order(a) - order(b) || b.failed - a.failed)];
}

export function successTable(
  answer: PipelinePerformance,
  pick: (phaseId: string) => void,
): TemplateResult {
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${t('Success rates')}>
    <table>
      <thead class="sticky">
        <tr>
          <th scope="col">${t('Phase')}</th>
          <th scope="col" class="rate">${t('Success')}</th>
          <th scope="col" class="numeric">${t('Completed')}</th>
          <th scope="col" class="numeric failed">${t('Failed')}</th>
          <th scope="col" class="numeric other">${t('Other')}</th>
        </tr>
      </thead>
      <tbody>
        ${successRows(answer).map((row) => successRow(row, pick))}
      </tbody>
    </table>
  </div>`;
}

function successRow(row: Row, pick: (phaseId: string) => void): TemplateResult {
  const { name, completed, failed, others, rate, phaseId } = row;
  return html`<tr class=${phaseId === null ? 'whole' : ''}>
    <th scope="row" title=${name}>${phaseId === null ? name : link(name, () => pick(phaseId))}</th>
    <td class="rate">
      <span class="number ${failed > 0 ? 'badtext' : ''}">${percent(rate)}</span>
      <span class="meter" aria-hidden="true"
        ><span class="fill" ${setCss({ width: `${rate ?? 0}%` })}></span
      ></span>
    </td>
    ${counted(completed)}${counted(failed)}${counted(others, 'other')}
  </tr>`;
}

function link(name: string, follow: () => void): Content {
  return html`<button class="plain link cut" @click=${follow}><bdi>${name}</bdi></button>`;
}

function counted(n: number, column = ''): Content {
  return html`<td class="numeric ${column} ${n === 0 ? 'none' : ''}">${numeral(n)}</td>`;
}
