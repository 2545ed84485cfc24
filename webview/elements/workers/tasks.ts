import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import {
  count,
  duration,
  errorLine,
  exactTime,
  UNKNOWN,
} from '../../../service/protocol/describe.ts';
import { taskTimes, taskWord } from '../../../service/protocol/describeWorkers.ts';
import type { TaskRecord } from '../../../service/protocol/domain.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { TaskStatus } from '../../../service/protocol/states.ts';
import type { Status } from '../../../service/protocol/states.ts';
import type { App } from '../../app.ts';
import type { Content } from '../shared/region.ts';
import { statusIcon } from '../shared/status.ts';

/** As many as the service's own dashboard document has. */
export const MOST_TASKS = 50;
/** In a file: as many as one answer of REST holds. */
export const MOST_SAVED = 1000;

/** What the routes of tasks answer. */
export interface TaskList {
  tasks: TaskRecord[];
  total: number;
}

/** What the list is about: one worker, one queue, or everything. */
export type Chosen = { kind: 'worker' | 'queue'; id: string } | null;

/** The address of the newest tasks. */
export function tasksPath(chosen: Chosen, status: TaskStatus | 'all', most = MOST_TASKS): string {
  const query = new URLSearchParams({ limit: String(most) });
  if (status !== 'all') query.set('status', status);
  if (chosen?.kind === 'queue') query.set('queue', chosen.id);
  const own =
    chosen?.kind === 'worker' ? `workers/${encodeURIComponent(chosen.id)}/tasks` : 'tasks';
  return `/api/v1/${own}?${query.toString()}`;
}

const ICONS: Record<TaskStatus, Status> = {
  PENDING: 'PENDING',
  PROCESSING: 'RUNNING',
  COMPLETED: 'COMPLETED',
  FAILED: 'FAILED',
};

export function taskTable({ tasks, total }: TaskList, app: App): TemplateResult {
  if (tasks.length === 0) return html`<p class="empty">${t('No such task is known.')}</p>`;
  const rest = total - tasks.length;
  return html`<div class="scroll tasks" tabindex="0" role="group" aria-label=${t('Newest tasks')}>
      <table aria-label=${t('Tasks')}>
        <colgroup>
          <col class="task" />
          <col class="taskstate" />
          <col class="q p2" />
          <col class="q p2" />
          <col class="q p3" />
          <col class="time p2" />
          <col class="time" />
        </colgroup>
        <thead class="sticky">
          <tr>
            <th scope="col">${t('Task')}</th>
            <th scope="col">${t('State')}</th>
            <th scope="col" class="p2">${t('Worker')}</th>
            <th scope="col" class="p2">${t('Queue')}</th>
            <th scope="col" class="p3">${t('Content')}</th>
            <th scope="col" class="numeric p2">${t('Waited')}</th>
            <th scope="col" class="numeric">${t('Took')}</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            tasks,
            (task) => task.task_id,
            (task) => row(task, app),
          )}
        </tbody>
      </table>
    </div>
    ${rest > 0 ? html`<p class="caption">${count(total, t('The newest {1} of {0} task.'), t('The newest {1} of {0} tasks.'), numeral(tasks.length))}</p>` : nothing}`;
}

function row(task: TaskRecord, app: App): TemplateResult {
  const { wait, processing } = taskTimes(task, app.clock.now());
  const when = task.submitted_at ?? task.started_at ?? task.completed_at;
  return html`<tr>
    <td title=${when === null ? nothing : exactTime(when)}>${name(task, app)}</td>
    <td>${state(task)}</td>
    <td class="p2 ${task.worker_id === null ? 'none' : ''}">
      <bdi>${task.worker_id ?? UNKNOWN}</bdi>
    </td>
    <td class="p2 ${task.queue === null ? 'none' : ''}"><bdi>${task.queue ?? UNKNOWN}</bdi></td>
    <td class="p3 ${task.content_type === null ? 'none' : ''}">
      <bdi>${task.content_type ?? UNKNOWN}</bdi>
    </td>
    <td class="numeric p2">${duration(wait)}</td>
    <td class="numeric">${duration(processing)}</td>
  </tr>`;
}

function name({ task_id: id, job_id: job, phase_id: phase }: TaskRecord, app: App): Content {
  if (job === null) return html`<bdi>${id}</bdi>`;
  return html`<button
    class="plain link"
    title=${t('Show its job')}
    @click=${() => app.session.showJob(job, phase)}
  >
    <bdi>${id}</bdi>
  </button>`;
}

function state(task: TaskRecord): TemplateResult {
  const error = task.error === null ? '' : errorLine(task.error);
  const more = [
    task.timed_out ? t('timed out') : '',
    task.degraded ? t('degraded') : '',
    task.retry_count > 0 ? count(task.retry_count, t('{0} retry'), t('{0} retries')) : '',
    error,
  ].filter((part) => part !== '');
  const text = more.join(' · ');
  return html`<span title=${text === '' ? nothing : text}
    >${statusIcon(ICONS[task.status])}
    ${taskWord(task.status)}${
      text === ''
        ? nothing
        : html` <span class=${error === '' ? 'muted' : 'badtext'}><bdi>${text}</bdi></span>`
    }</span
  >`;
}
