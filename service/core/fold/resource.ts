import { type EventOf, RESOURCE_FIELDS } from '../../protocol/event.ts';
import { deriveJob, derivePhase } from '../derive.ts';
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
  else touchRunningPhases(context);
  addSample(job.samples, sample, LIMITS.jobBuckets);
}

/** A sample of the whole job is also one of the phases that run: their averages follow from the job's timeline. */
function touchRunningPhases({ job, entry, touched }: Context): void {
  const state = deriveJob(job);
  for (const phase of job.phases.values()) {
    if (phase.marks.length === 0 || derivePhase(phase, job, state).status !== 'RUNNING') continue;
    phase.seq = entry.seq;
    touchPhase(touched, job.job_id, phase.phase_id);
  }
}
