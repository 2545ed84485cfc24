import type { RecordsFrame } from '../service/protocol/frame.ts';
import type {
  ArtifactRecord,
  LogRecord,
  PhaseRecord,
  ResourceSample,
  SubPhaseRecord,
} from '../service/protocol/record.ts';
import type { Part } from './notifier.ts';
import { SampleLine } from './sampleLine.ts';
import { upsert } from './upsert.ts';

/** More lines than anybody reads; older ones are in the export. */
const MAX_LOGS = 2_000;
const MAX_ARTIFACTS = 5_000;
const MAX_SUB_PHASES = 50_000;

/** What is known of the one job that is shown: the newest record of each id, within bounds. */
export class JobDetail {
  readonly jobId: string;
  readonly phases = new Map<string, PhaseRecord>();
  readonly logs = new Map<string, LogRecord>();
  readonly artifacts = new Map<string, ArtifactRecord>();
  readonly samples = new SampleLine();
  readonly #subPhases = new Map<string, Map<string, SubPhaseRecord>>();
  /** Changes with every change of a sub-phase: what is made of them is made anew then. */
  subPhaseVersion = 0;
  #subPhaseCount = 0;
  #ordered: readonly PhaseRecord[] | undefined;

  constructor(jobId: string) {
    this.jobId = jobId;
  }

  /** Phases in the order of the job. The array is the same one until a phase changes. */
  orderedPhases(): readonly PhaseRecord[] {
    this.#ordered ??= [...this.phases.values()].sort(
      (a, b) => a.index - b.index || (a.phase_id < b.phase_id ? -1 : 1),
    );
    return this.#ordered;
  }

  /** Sub-phases of a phase in the order they began, or were first heard of. */
  subPhasesOf(phaseId: string): readonly SubPhaseRecord[] {
    return [...(this.#subPhases.get(phaseId)?.values() ?? [])].sort((a, b) =>
      (a.started_at ?? a.recorded_at) < (b.started_at ?? b.recorded_at) ? -1 : 1,
    );
  }

  logsOf(phaseId: string): LogRecord[] {
    return [...this.logs.values()].filter((log) => log.phase_id === phaseId);
  }

  artifactsOf(phaseId: string): ArtifactRecord[] {
    return [...this.artifacts.values()].filter((artifact) => artifact.phase_id === phaseId);
  }

  /** Takes what the frame says about this job; returns the parts that changed. */
  apply(frame: RecordsFrame): Part[] {
    const mine = <T extends { job_id: string | null }>(records: readonly T[] | undefined): T[] =>
      (records ?? []).filter((record) => record.job_id === this.jobId);
    const parts: Part[] = [];
    const note = (part: Part, changed: boolean): void => {
      if (changed) parts.push(part);
    };
    note('phases', this.#applyPhases(mine(frame.phases)));
    note('sub_phases', this.#applySubPhases(mine(frame.sub_phases)));
    note(
      'logs',
      upsert(this.logs, mine(frame.logs), (log) => log.log_id, MAX_LOGS),
    );
    note('artifacts', this.#applyArtifacts(mine(frame.artifacts)));
    note('resources', this.#applySamples(mine(frame.resources)));
    return parts;
  }

  #applyPhases(records: PhaseRecord[]): boolean {
    const changed = upsert(this.phases, records, (phase) => phase.phase_id);
    if (changed) this.#ordered = undefined;
    return changed;
  }

  #applyArtifacts(records: ArtifactRecord[]): boolean {
    const key = (a: ArtifactRecord): string => `${a.phase_id ?? ''}\n${a.path}`;
    return upsert(this.artifacts, records, key, MAX_ARTIFACTS);
  }

  #applySubPhases(records: SubPhaseRecord[]): boolean {
    let changed = false;
    for (const record of records) {
      const known = this.#subPhases.get(record.phase_id) ?? new Map<string, SubPhaseRecord>();
      if (this.#subPhaseCount >= MAX_SUB_PHASES && !known.has(record.name)) continue;
      this.#subPhases.set(record.phase_id, known);
      const before = known.size;
      changed = upsert(known, [record], (sub) => sub.name) || changed;
      this.#subPhaseCount += known.size - before;
    }
    if (changed) this.subPhaseVersion++;
    return changed;
  }

  #applySamples(records: ResourceSample[]): boolean {
    for (const record of records) this.samples.add(record);
    return records.length > 0;
  }
}
