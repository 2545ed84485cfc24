/**
 * `job.imported`: merges a state document into the job. A merge like every other fold: parts may come in any order, and
 * beside the job's own events. Sequence numbers become those of the entry: the old ones are of another history.
 */
import type { EventOf } from '../../protocol/event.ts';
import { LEVELS } from '../../protocol/states.ts';
import { insertLatest } from '../bounded.ts';
import { type Mark, addMark } from '../marks.ts';
import { type JobState, LIMITS, type PhaseState, drop, phaseOf } from '../model.ts';
import { type Registers, setRegister } from '../registers.ts';
import { type Samples, mergeSamples, newSamples } from '../samples.ts';
import type { PhaseDocument, StateDocument, SubPhaseDocument } from '../stateDocument.ts';
import { touchPhase } from '../touched.ts';
import { type Context, touchAllPhases } from './context.ts';

export function foldImported(context: Context, event: EventOf<'job.imported'>): void {
  // Checked whole before it became an event.
  const from = event.state as StateDocument;
  const { job, entry } = context;
  const { seq } = entry;
  // The sum is the same in any order: 0 when all parts are there.
  job.import_missing += event.part === 0 ? event.parts - 1 : -1;
  if (addMarks(job.marks, from.marks)) touchAllPhases(context);
  for (const name of ['fields', 'labels', 'extra'] as const)
    mergeRegisters(job[name], from[name].$map);
  for (const [, phase] of from.phases.$map) mergePhase(context, phase);
  mergeLogs(job, from, seq);
  mergeArtifacts(job, from, seq);
  mergeSamples(job.samples, samplesOf(from.samples, seq), LIMITS.jobBuckets);
  for (const [signal, count] of from.signals.$map) addSignal(job, signal, count);
  for (const [kind, count] of from.dropped.$map)
    job.dropped.set(kind, (job.dropped.get(kind) ?? 0) + count);
  job.first_seen = Math.min(job.first_seen, from.first_seen ?? Infinity);
  job.last_seen = Math.max(job.last_seen, from.last_seen);
  job.silent_since = Math.max(job.silent_since, from.silent_since);
}

function addMarks(marks: Mark[], from: StateDocument['marks']): boolean {
  let changed = false;
  for (const mark of from) if (addMark(marks, mark)) changed = true;
  return changed;
}

type RegisterPairs = StateDocument['fields']['$map'];

function mergeRegisters(into: Registers, from: RegisterPairs): void {
  for (const [key, { value, time, id }] of from) setRegister(into, key, value, { time, id });
}

function mergePhase({ job, entry, touched }: Context, from: PhaseDocument): void {
  const phase = phaseOf(job, from.phase_id);
  if (phase === null) return;
  touchPhase(touched, job.job_id, from.phase_id);
  phase.seq = entry.seq;
  addMarks(phase.marks, from.marks);
  for (const name of ['fields', 'metrics', 'extra'] as const)
    mergeRegisters(phase[name], from[name].$map);
  for (const [, sub] of from.sub_phases.$map) mergeSubPhase(job, phase, sub);
  if (from.samples) {
    const samples = (phase.samples ??= newSamples());
    mergeSamples(samples, samplesOf(from.samples, entry.seq), LIMITS.phaseBuckets);
  }
  phase.error_count += from.error_count;
  phase.warning_count += from.warning_count;
  phase.artifact_count += from.artifact_count;
  phase.first_time = Math.min(phase.first_time, from.first_time ?? Infinity);
  phase.last_time = Math.max(phase.last_time, from.last_time);
}

function mergeSubPhase(job: JobState, phase: PhaseState, from: SubPhaseDocument): void {
  let sub = phase.sub_phases.get(from.name);
  if (!sub) {
    if (phase.sub_phases.size >= LIMITS.subPhases) return drop(job, 'sub_phases');
    sub = { name: from.name, fields: new Map(), metrics: new Map(), recorded_at: 0, seq: 0 };
    phase.sub_phases.set(from.name, sub);
  }
  mergeRegisters(sub.fields, from.fields.$map);
  mergeRegisters(sub.metrics, from.metrics.$map);
  sub.recorded_at = Math.max(sub.recorded_at, from.recorded_at);
  sub.seq = phase.seq;
}

function mergeLogs(job: JobState, from: StateDocument, seq: number): void {
  for (const level of LEVELS) {
    job.log_counts[level] += from.log_counts[level];
    for (const line of from.logs[level]) {
      const outcome = insertLatest(job.logs[level], { ...line, seq }, LIMITS.logs[level]);
      if (outcome === 'dropped') drop(job, `${level}_lines`);
    }
  }
}

function mergeArtifacts(job: JobState, from: StateDocument, seq: number): void {
  for (const [key, { path, phase_id, fields, produced_at }] of from.artifacts.$map) {
    let artifact = job.artifacts.get(key);
    if (!artifact) {
      if (job.artifacts.size >= LIMITS.artifacts) {
        drop(job, 'artifacts');
        continue;
      }
      artifact = { path, phase_id, fields: new Map(), produced_at, seq };
      job.artifacts.set(key, artifact);
    }
    mergeRegisters(artifact.fields, fields.$map);
    artifact.produced_at = Math.min(artifact.produced_at, produced_at);
    artifact.seq = seq;
  }
}

function samplesOf({ width_ms, buckets }: StateDocument['samples'], seq: number): Samples {
  return {
    width_ms,
    buckets: buckets.map(({ time, cells }) => ({
      time,
      cells: new Map(cells.$map.map(([field, cell]) => [field, { ...cell }])),
      seq,
    })),
  };
}

function addSignal(job: JobState, signal: string, count: number): void {
  const held = job.signals.get(signal);
  if (held === undefined && job.signals.size >= LIMITS.signals) return drop(job, 'signals');
  job.signals.set(signal, (held ?? 0) + count);
}
