/** The artifacts of two runs against each other, by path. */
import type { ArtifactComparison } from '../protocol/compare.ts';
import type { ArtifactRecord } from '../protocol/record.ts';

const MAX_ARTIFACTS = 100;

type Artifact = Pick<ArtifactRecord, 'path' | 'size_bytes' | 'checksum'>;

export function compareArtifacts(
  job: readonly Artifact[],
  other: readonly Artifact[],
): ArtifactComparison {
  const mine = new Map(job.map((one) => [one.path, one]));
  const theirs = new Map(other.map((one) => [one.path, one]));
  const added = without(mine, theirs);
  const removed = without(theirs, mine);
  const changed = byPath([...mine.values()]).flatMap((one) => {
    const before = theirs.get(one.path);
    return before === undefined ? [] : changeOf(one, before);
  });
  return {
    added: added.slice(0, MAX_ARTIFACTS).map(refOf),
    removed: removed.slice(0, MAX_ARTIFACTS).map(refOf),
    changed: changed.slice(0, MAX_ARTIFACTS),
    added_total: added.length,
    removed_total: removed.length,
    changed_total: changed.length,
  };
}

/** Nothing where size and content are the same, as far as they are known. */
function changeOf(job: Artifact, other: Artifact): ArtifactComparison['changed'] {
  const isKnown = job.checksum !== null && other.checksum !== null;
  const content_changed = isKnown ? job.checksum !== other.checksum : null;
  if (job.size_bytes === other.size_bytes && content_changed !== true) return [];
  const sizes = { job_size_bytes: job.size_bytes, other_size_bytes: other.size_bytes };
  return [{ path: job.path, ...sizes, content_changed }];
}

function without(all: ReadonlyMap<string, Artifact>, known: ReadonlyMap<string, unknown>) {
  return byPath([...all.values()].filter(({ path }) => !known.has(path)));
}

function byPath(artifacts: Artifact[]): Artifact[] {
  return artifacts.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function refOf({ path, size_bytes }: Artifact) {
  return { path, size_bytes };
}
