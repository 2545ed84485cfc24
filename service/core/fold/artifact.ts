import type { EventOf } from '../../protocol/event.ts';
import { LIMITS, type PhaseState, drop } from '../model.ts';
import { setAll } from '../registers.ts';
import { type Context, changedPhase } from './context.ts';

interface Artifact {
  path: string;
  phase: PhaseState | null;
  values: Record<string, unknown>;
}

export function foldArtifact(context: Context, event: EventOf<'artifact.produced'>): void {
  const path = event.path ?? event.uri;
  if (path === undefined) return;
  const { kind, size_bytes, checksum } = event;
  addArtifact(context, {
    path,
    phase: changedPhase(context, event.phase_id),
    values: { kind, size_bytes, checksum },
  });
}

/** An artifact is named by its phase and path: told twice, it is one. */
export function addArtifact({ job, entry }: Context, { path, phase, values }: Artifact): void {
  const key = `${phase?.phase_id ?? ''}\n${path}`;
  let artifact = job.artifacts.get(key);
  if (!artifact) {
    if (phase) phase.artifact_count++;
    if (job.artifacts.size >= LIMITS.artifacts) return drop(job, 'artifacts');
    artifact = {
      path,
      phase_id: phase?.phase_id ?? null,
      fields: new Map(),
      produced_at: entry.event.time,
      seq: 0,
    };
    job.artifacts.set(key, artifact);
  }
  setAll(artifact.fields, values, entry.event);
  artifact.produced_at = Math.min(artifact.produced_at, entry.event.time);
  artifact.seq = entry.seq;
}
