import { type EventOf, RESOURCE_FIELDS } from '../../protocol/event.ts';
import { type Derived, deriveJob, derivePhase } from '../derive.ts';
import { LIMITS } from '../model.ts';
import { type Sample, addSample, newSamples } from '../samples.ts';
import { touchPhase } from '../touched.ts';
import { type Context, changedPhase } from './context.ts';

export function foldResource(context: Context, event: EventOf<'resource.sampled'>): void {
  const { job, entry } = context;
  const sample: Sample = { time: event.time, seq: entry.seq, values: [] };
  for (const field of RESOURCE_FIELDS) {
    const value = event[field];
    if (value !== undefined) sample.values.push([field, value]);
  }
  const phase = changedPhase(context, event.phase_id);
  if (phase) addSample((phase.samples ??= newSamples()), sample, LIMITS.phaseBuckets);
  else touchPhasesAt(context, event.time);
  addSample(job.samples, sample, LIMITS.jobBuckets);
}

/** A sample of the whole job is also one of the phases that ran then: their averages follow from the job's timeline. */
function touchPhasesAt({ job, entry, touched }: Context, time: number): void {
  const state = deriveJob(job);
  for (const phase of job.phases.values()) {
    if (phase.marks.length === 0 || !isAbout(time, derivePhase(phase, job, state))) continue;
    phase.seq = entry.seq;
    touchPhase(touched, job.job_id, phase.phase_id);
  }
}

/** Of what has ended, a sample that comes late may still tell. */
function isAbout(time: number, { status, started_at, ended_at }: Derived): boolean {
  if (status === 'RUNNING') return true;
  return started_at !== null && ended_at !== null && time >= started_at && time <= ended_at;
}
