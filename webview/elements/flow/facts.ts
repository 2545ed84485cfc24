/** What the service knows of a run's graph beyond its records: the order it observed, and what phases usually take. */
import type { App } from '../../app.ts';
import type { GraphEdge, StageMetrics } from '../../../service/protocol/stages.ts';
import { Load } from '../../load.ts';
import type { RegionElement } from '../shared/region.ts';
import type { Usual } from './figures.ts';
import { graphOf, type Observed } from './graph.ts';

/** Of more phases the order of every pair would be asked for. */
const MOST_ORDERED = 500;
/** As many stages as one answer holds. */
const MOST_USUAL = 1_000;
/** Fewer runs say nothing about what is usual. */
const LEAST_RUNS = 3;

const NONE: Observed = [];

export class Facts {
  readonly #app: () => App;
  readonly #order: Load<{ edges: GraphEdge[] }>;
  readonly #stages: Load<{ stages: StageMetrics[] }>;
  #observed: { key: string; edges: Observed } = { key: '', edges: NONE };
  #usual: { of: unknown; usual: Usual } | undefined;
  #declares: { phases: unknown; declares: boolean; expects: boolean } | undefined;

  /** `drawn` says whether the graph is drawn at all. */
  constructor(host: RegionElement, drawn: () => boolean) {
    this.#app = () => host.app;
    this.#order = new Load(host, {
      path: () => (drawn() ? this.#orderPath() : null),
      parts: ['phases'],
      everyMs: 15_000,
    });
    this.#stages = new Load(host, { path: () => (drawn() ? this.#stagesPath() : null) });
  }

  /** The same array until something else was observed. */
  get observed(): Observed {
    if (this.#asked().declares) return NONE;
    const edges = (this.#order.value?.edges ?? []).map(({ from, to }) => ({ from, to }));
    const key = JSON.stringify(edges);
    if (key !== this.#observed.key) this.#observed = { key, edges };
    return this.#observed.edges;
  }

  get usual(): Usual {
    const { value } = this.#stages;
    if (this.#usual?.of !== value || this.#usual === undefined)
      this.#usual = { of: value, usual: usualOf(value?.stages ?? []) };
    return this.#usual.usual;
  }

  /** Why the order could not be read. */
  get failure(): string | null {
    const { state } = this.#order;
    return state.kind === 'failed' ? state.message : null;
  }

  #orderPath(): string | null {
    const { detail } = this.#app().store;
    const phases = detail?.phases.size ?? 0;
    if (detail === null || phases < 2 || phases > MOST_ORDERED || this.#asked().declares)
      return null;
    return `/api/pipeline/dependency-graph?job_id=${encodeURIComponent(detail.jobId)}`;
  }

  #stagesPath(): string | null {
    const { job, detail } = this.#app().store;
    const phases = detail?.phases.size ?? 0;
    if (job === undefined || phases === 0 || phases > MOST_USUAL || this.#asked().expects)
      return null;
    return `/api/pipeline/stages/metrics?limit=${MOST_USUAL}&pipeline=${encodeURIComponent(job.pipeline)}`;
  }

  /** What the records say themselves is not asked for. */
  #asked(): { declares: boolean; expects: boolean } {
    const phases = this.#app().store.detail?.orderedPhases() ?? [];
    if (this.#declares?.phases !== phases)
      this.#declares = {
        phases,
        declares: graphOf(phases).knowledge === 'declared',
        expects: phases.some((phase) => phase.expected_ms !== null),
      };
    return this.#declares;
  }
}

/** The median: one run that hung does not change what is usual. */
function usualOf(stages: readonly StageMetrics[]): Usual {
  return new Map(
    stages.flatMap(({ phase_id, executions_kept, p50_execution_time_ms: median }) =>
      median === null || executions_kept < LEAST_RUNS ? [] : [[phase_id, median] as const],
    ),
  );
}
