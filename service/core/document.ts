/**
 * A job's state as a JSON document and back: Maps become `{"$map": [[key, value]...]}`, and an object of a pipeline that
 * looks like one of these becomes `{"$object": [[key, value]...]}`.
 */
import { type JobState, newJob } from './model.ts';

interface MapDocument {
  $map: [string, unknown][];
}

interface ObjectDocument {
  $object: [string, unknown][];
}

export function toDocument(job: JobState): unknown {
  return flatten(job);
}

export function flatten(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value === Infinity ? null : value;
  if (Array.isArray(value)) return value.map(flatten);
  if (value instanceof Map) {
    return { $map: flattenPairs(value as Map<string, unknown>) };
  }
  if ('$map' in value || '$object' in value)
    return { $object: flattenPairs(Object.entries(value)) };
  const flat: Record<string, unknown> = {};
  // Most values are plain ones, and a job has up to a million: neither a pair nor a call for each.
  const object = value as Record<string, unknown>;
  for (const key of Object.keys(object)) {
    const inner = object[key];
    flat[key] = typeof inner === 'object' || inner === Infinity ? flatten(inner) : inner;
  }
  return flat;
}

function flattenPairs(pairs: Iterable<[string, unknown]>): [string, unknown][] {
  return [...pairs].map(([key, inner]) => [key, flatten(inner)]);
}

/** The state of a document; null when it is none of ours. Fields added by later versions get their first value. */
export function fromDocument(document: unknown): JobState | null {
  const revived = revive(document) as Partial<JobState> | null;
  if (
    typeof revived?.job_id !== 'string' ||
    !Array.isArray(revived.marks) ||
    !(revived.phases instanceof Map)
  ) {
    return null;
  }
  const job: JobState = { ...newJob(revived.job_id), ...revived };
  job.first_seen = revived.first_seen ?? Infinity;
  for (const phase of job.phases.values()) phase.first_time = orInfinity(phase.first_time);
  return job;
}

export function revive(value: unknown): unknown {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = revive(value[i]);
    return value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const { $map, $object } = value as Partial<MapDocument & ObjectDocument>;
  if (Array.isArray($map)) return new Map(revivePairs($map));
  if (Array.isArray($object)) return Object.fromEntries(revivePairs($object));
  const object = value as Record<string, unknown>;
  for (const key of Object.keys(object)) object[key] = revive(object[key]);
  return object;
}

function revivePairs(pairs: readonly [string, unknown][]): [string, unknown][] {
  return pairs.map(([key, inner]) => [key, revive(inner)]);
}

/** Deeper values are refused by those who check documents. */
const MAX_DEPTH = 256;

/**
 * The document with the objects of pipelines as they were, where `$map` stays as it is: a copy, of a document that may
 * come from anyone.
 */
export function unescaped(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((inner) => unescaped(inner, depth + 1));
  const { $object } = value as Partial<ObjectDocument>;
  const pairs = isPairs($object) ? $object : Object.entries(value);
  return Object.fromEntries(pairs.map(([key, inner]) => [key, unescaped(inner, depth + 1)]));
}

function isPairs(value: unknown): value is [string, unknown][] {
  return (
    Array.isArray(value) &&
    value.every((pair: unknown) => Array.isArray(pair) && typeof pair[0] === 'string')
  );
}

/** JSON has no infinity: "no event yet" was written as null. */
function orInfinity(value: unknown): number {
  return typeof value === 'number' ? value : Infinity;
}
