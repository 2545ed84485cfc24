/** A state document in parts that `job.imported` events can carry: each is a document itself, their merge is the whole. */
import { LEVELS } from '../protocol/states.ts';
import type { PhaseDocument, StateDocument } from './stateDocument.ts';

/** Parts of about `bytes` of JSON each; one item that is larger is a part of its own. At least one. */
export function splitDocument(whole: StateDocument, bytes: number): StateDocument[] {
  const splitter = new Splitter(whole, bytes);
  for (const [id, phase] of whole.phases.$map) splitter.addPhase(id, phase);
  for (const level of LEVELS)
    for (const line of whole.logs[level]) splitter.add(line, (part) => part.logs[level].push(line));
  for (const pair of whole.artifacts.$map)
    splitter.add(pair, (part) => part.artifacts.$map.push(pair));
  for (const bucket of whole.samples.buckets)
    splitter.add(bucket, (part) => part.samples.buckets.push(bucket));
  return splitter.parts;
}

class Splitter {
  readonly parts: StateDocument[] = [];
  readonly #limit: number;
  readonly #width: number;
  #part: StateDocument;
  #bytes: number;

  /** The first part has all that is one of its kind: without lists. */
  constructor(whole: StateDocument, limit: number) {
    this.#limit = limit;
    this.#width = whole.samples.width_ms;
    const { job_id, marks, fields, labels, extra, log_counts, signals, dropped } = whole;
    const { first_seen, last_seen, silent_since } = whole;
    this.#part = {
      ...this.#empty(job_id),
      ...{ marks, fields, labels, extra, log_counts, signals, dropped },
      ...{ first_seen, last_seen, silent_since },
    };
    this.parts.push(this.#part);
    this.#bytes = JSON.stringify(this.#part).length;
  }

  add(item: unknown, put: (part: StateDocument) => void): void {
    const bytes = JSON.stringify(item).length;
    if (this.#bytes + bytes > this.#limit) {
      this.#part = this.#empty(this.#part.job_id);
      this.parts.push(this.#part);
      this.#bytes = 0;
    }
    put(this.#part);
    this.#bytes += bytes;
  }

  /** A phase's sub-phases may fall into several parts: each of them names the phase. */
  addPhase(id: string, phase: PhaseDocument): void {
    const head = { ...phase, sub_phases: { $map: [] } };
    this.add(head, (part) => part.phases.$map.push([id, head]));
    for (const pair of phase.sub_phases.$map)
      this.add(pair, (part) => lastPhase(part, id).sub_phases.$map.push(pair));
  }

  #empty(job_id: string): StateDocument {
    return {
      job_id,
      ...{ marks: [], fields: map(), labels: map(), extra: map(), phases: map() },
      logs: { error: [], warning: [], info: [] },
      log_counts: { error: 0, warning: 0, info: 0 },
      ...{ artifacts: map(), signals: map(), dropped: map() },
      samples: { width_ms: this.#width, buckets: [] },
      ...{ first_seen: null, last_seen: 0, silent_since: 0 },
    };
  }
}

/** The phase that was added last, or its name alone in a part of its own. */
function lastPhase(part: StateDocument, id: string): PhaseDocument {
  const last = part.phases.$map.at(-1);
  if (last?.[0] === id) return last[1];
  const phase: PhaseDocument = {
    phase_id: id,
    ...{ marks: [], fields: map(), metrics: map(), extra: map(), sub_phases: map() },
    ...{ samples: null, error_count: 0, warning_count: 0, artifact_count: 0 },
    ...{ first_time: null, last_time: 0 },
  };
  part.phases.$map.push([id, phase]);
  return phase;
}

function map(): { $map: [] } {
  return { $map: [] };
}
