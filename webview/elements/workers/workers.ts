import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { count } from '../../../service/protocol/describe.ts';
import { taskWord } from '../../../service/protocol/describeWorkers.ts';
import { TASK_STATES, type TaskStatus } from '../../../service/protocol/states.ts';
import type { QueueRecord, WorkerRecord } from '../../../service/protocol/domain.ts';
import { valueOf } from '../../controls.ts';
import { type FoundPage, foundPath } from '../../findingView.ts';
import { Load } from '../../load.ts';
import { METRICS_OF } from '../../places.ts';
import type { Sheet } from '../../sheet.ts';
import { Watch } from '../../watch.ts';
import { choice } from '../shared/choice.ts';
import { fieldStyles } from '../shared/field.ts';
import { foundHere } from '../shared/found.ts';
import { hint, hintStyles } from '../shared/hint.ts';
import { loaded } from '../shared/loaded.ts';
import { RegionElement, type Content } from '../shared/region.ts';
import { saveTable } from '../shared/saveTable.ts';
import { tableStyles } from '../shared/tableStyles.ts';
import { Wants } from '../shared/wants.ts';
import { workerDetail } from './detail.ts';
import { queuesSheet, tasksSheet, workersSheet } from './files.ts';
import { type State, STATES, stateWord, workersLine } from './list.ts';
import { listQueues, queueTable } from './queues.ts';
import type { PipescopeWorkerTable } from './table.ts';
import './table.ts';
import { type Chosen, MOST_SAVED, taskTable, type TaskList, tasksPath } from './tasks.ts';
import './waits.ts';
import { workersStyles } from './workers.styles.ts';

interface Known {
  workers: ReadonlyMap<string, WorkerRecord>;
  queues: ReadonlyMap<string, QueueRecord>;
  total: number;
  tasks: number;
}

/** Who works: state, load and tasks of each worker, what waits in which queue, and the newest tasks. */
@customElement('pipescope-workers')
export class PipescopeWorkers extends RegionElement {
  static override styles = [
    ...RegionElement.styles,
    fieldStyles,
    tableStyles,
    hintStyles,
    workersStyles,
  ];
  readonly region = 'Workers';
  @state() private filter = '';
  @state() private wanted: State | 'all' = 'all';
  @state() private chosen: Chosen = null;
  @state() private status: TaskStatus | 'all' = 'all';
  readonly #tasks = new Load<TaskList>(this, {
    path: () => ((this.#known?.tasks ?? 0) > 0 ? tasksPath(this.chosen, this.status) : null),
    ...{ parts: ['work'], everyMs: 2_000 },
  });
  readonly #found = new Load<FoundPage>(this, {
    path: () => foundPath(`metric=${METRICS_OF.Workers}`),
    polls: true,
  });
  /** What was told last: the records leave the page while nobody looks, and nothing may jump when they are back. */
  #known: Known | undefined;

  constructor() {
    super();
    new Wants(this, 'workers');
    new Watch(this, ['work'], { clock: true });
  }

  protected override get waiting(): boolean {
    return this.#known === undefined;
  }

  protected override willUpdate(): void {
    const { work } = this.app.store;
    if (!work.loaded) return;
    const { workers, queues, workersTotal: total, tasksTotal: tasks } = work;
    this.#known = { workers: new Map(workers), queues: new Map(queues), total, tasks };
  }

  protected override skeleton(): TemplateResult {
    return html`<div class="skeleton waiting"></div>`;
  }

  protected override actions(): Content {
    if ((this.#known?.workers.size ?? 0) === 0) return nothing;
    return html`<div class="fields">
      <input
        class="field"
        autocomplete="off"
        spellcheck="false"
        placeholder=${t('Filter workers')}
        aria-label=${t('Filter workers by id, host, kind or label')}
        .value=${this.filter}
        @input=${(event: Event) => (this.filter = valueOf(event))}
      />
      ${choice<State | 'all'>({
        label: t('Show workers with state'),
        value: this.wanted,
        options: [
          ['all', t('Every state')],
          ...STATES.map((one) => [one, stateWord(one)] as const),
        ],
        pick: (state) => (this.wanted = state),
      })}
      ${saveTable(this.app, t('Workers'), this.#workersSheet)}
    </div>`;
  }

  readonly #workersSheet = (): Sheet => {
    const table = this.renderRoot.querySelector<PipescopeWorkerTable>('pipescope-worker-table');
    return workersSheet(table?.listed() ?? []);
  };

  protected content(): Content {
    const known = this.#known;
    if (known === undefined) return nothing;
    const { workers, queues, total, tasks } = known;
    if (workers.size + queues.size + tasks === 0)
      return hint(t('No worker, queue or task was reported so far.'), {
        type: 'worker.heartbeat',
        ...{ worker_id: 'gpu-1', kind: 'gpu', active_tasks: 2, cpu_percent: 40 },
      });
    return html`<div class="parts">
      ${workers.size === 0 ? nothing : this.#workers(workers, total)}
      ${queues.size === 0 ? nothing : this.#queues(queues)}
      <pipescope-waits
        class="part"
        .app=${this.app}
        .seen=${this.seen}
        .queues=${[...queues.values()].some(({ pending }) => pending !== null)}
        .tasks=${(this.#tasks.value?.tasks ?? []).some(({ wait_ms }) => wait_ms !== null)}
        .found=${this.#found.value?.findings ?? []}
      ></pipescope-waits>
      ${tasks === 0 ? nothing : this.#taskList()}
      <div class="part wide">${foundHere(this, this.#found)}</div>
    </div>`;
  }

  #workers(workers: Known['workers'], total: number): TemplateResult {
    const rest = total - workers.size;
    const chosen = this.chosen?.kind === 'worker' ? this.chosen.id : null;
    return html`<div class="part wide">
      <p class="caption" role="status">
        ${workersLine(workers.values(), total)}${rest > 0 ? html` · ${count(rest, t('{0} more is in the REST answers only'), t('{0} more are in the REST answers only'))}` : nothing}
      </p>
      <pipescope-worker-table
        .app=${this.app}
        .workers=${workers}
        .filter=${this.filter}
        .wanted=${this.wanted}
        .chosen=${chosen}
        @pipescope-choose=${(event: CustomEvent<string>) => this.#choose('worker', event.detail)}
      ></pipescope-worker-table>
    </div>`;
  }

  #queues(queues: Known['queues']): TemplateResult {
    const chosen = this.chosen?.kind === 'queue' ? this.chosen.id : null;
    const listed = listQueues(queues.values());
    const sheet = (): Sheet => queuesSheet(listed, this.app.clock.now());
    return html`<div class="part">
      <div class="bar heading">
        <h3>${t('Queues')}</h3>
        ${saveTable(this.app, t('Queues'), sheet)}
      </div>
      ${queueTable(listed, { now: this.app.clock.now(), chosen, choose: (id) => this.#choose('queue', id) })}
    </div>`;
  }

  /** The same again lets go. */
  #choose(kind: 'worker' | 'queue', id: string): void {
    const again = this.chosen?.kind === kind && this.chosen.id === id;
    this.chosen = again ? null : { kind, id };
  }

  #taskList(): TemplateResult {
    const worker =
      this.chosen?.kind === 'worker' ? this.#known?.workers.get(this.chosen.id) : undefined;
    const skeleton = html`<div class="skeleton tasks"></div>`;
    return html`<div class="part wide">
      <div class="bar">
        <h3>${this.#title()}</h3>
        ${this.chosen === null ? nothing : html`<vscode-button appearance="secondary" @click=${() => (this.chosen = null)}>${t('Show All Tasks')}</vscode-button>`}
        ${choice<TaskStatus | 'all'>({
          label: t('Show tasks with state'),
          value: this.status,
          options: [
            ['all', t('Every state')],
            ...TASK_STATES.map((one) => [one, taskWord(one)] as const),
          ],
          pick: (status) => (this.status = status),
        })}
        ${saveTable(this.app, this.#title(), this.#tasksSheet)}
      </div>
      ${worker === undefined ? nothing : workerDetail(worker, this.app.clock.now())}
      ${loaded(this.#tasks, { skeleton, content: (list) => taskTable(list, this.app) })}
    </div>`;
  }

  readonly #tasksSheet = async (): Promise<Sheet> => {
    const path = tasksPath(this.chosen, this.status, MOST_SAVED);
    const { tasks } = await this.app.session.get<TaskList>(path);
    return tasksSheet(tasks);
  };

  #title(): string {
    if (this.chosen === null) return t('Newest tasks');
    return this.chosen.kind === 'worker'
      ? t('Tasks of worker {0}', this.chosen.id)
      : t('Tasks of queue {0}', this.chosen.id);
  }
}
