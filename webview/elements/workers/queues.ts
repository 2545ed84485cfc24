import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { duration, exactTime, UNKNOWN } from '../../../service/protocol/describe.ts';
import { oldestWait, queuePending } from '../../../service/protocol/describeWorkers.ts';
import type { QueueRecord } from '../../../service/protocol/domain.ts';
import { number } from '../../format.ts';

/** More are for REST. */
const MOST = 200;

/** Those with most waiting first. */
export function listQueues(queues: Iterable<QueueRecord>): QueueRecord[] {
  return [...queues].sort(
    (a, b) => queuePending(b) - queuePending(a) || (a.queue < b.queue ? -1 : 1),
  );
}

interface Choice {
  chosen: string | null;
  choose: (queue: string) => void;
}

export function queueTable(
  queues: readonly QueueRecord[],
  { now, ...choice }: Choice & { now: number },
): TemplateResult {
  return html`<div class="scroll queues" tabindex="0" role="group" aria-label=${t('Queues')}>
    <table aria-label=${t('Queues')}>
      <thead class="sticky">
        <tr>
          <th scope="col">${t('Queue')}</th>
          <th scope="col" class="p3">${t('Kind')}</th>
          <th scope="col" class="numeric">${t('Waiting')}</th>
          <th scope="col" class="numeric">${t('Running')}</th>
          <th scope="col" class="numeric">${t('Oldest waits')}</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          queues.slice(0, MOST),
          ({ queue }) => queue,
          (queue) => row(queue, now, choice),
        )}
      </tbody>
    </table>
  </div>`;
}

function row(record: QueueRecord, now: number, { chosen, choose }: Choice): TemplateResult {
  const { queue, kind, sampled_at: at } = record;
  const selected = chosen === queue;
  return html`<tr class=${selected ? 'selected' : ''}>
    <td>
      <button
        class="plain link"
        aria-pressed=${selected ? 'true' : 'false'}
        title=${t('Show its tasks')}
        @click=${() => choose(queue)}
      >
        <bdi>${queue}</bdi>
      </button>
    </td>
    <td class="p3">${kind ?? UNKNOWN}</td>
    <td class="numeric" title=${at === null ? '' : exactTime(at)}>
      ${number(queuePending(record))}
    </td>
    <td class="numeric">${number(record.tasks_processing)}</td>
    <td class="numeric">${duration(oldestWait(record, now))}</td>
  </tr>`;
}
