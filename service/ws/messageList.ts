/** Which messages a change, or everything since an entry, leads to: in order, the newest state of each subject. Pure. */
import { optimizationRecord } from '../core/domain/optimization.ts';
import { signalTotals } from '../core/domain/queries.ts';
import type { Model } from '../core/fold.ts';
import { phaseRecords } from '../core/queries.ts';
import type { Touched } from '../core/touched.ts';
import type { NamedMessage } from '../protocol/message.ts';
import type { JobRecord } from '../protocol/record.ts';
import { findAlert } from './frames.ts';
import type { News, Noted } from './jobNews.ts';
import {
  alertChange,
  jobCompleted,
  jobCreated,
  optimizationApplied,
  pipelineProgress,
  sisasMetrics,
} from './messages.ts';

/** Messages of one entry: they are sent together, so that none of them is lost or repeated by a break in between. */
export interface MessageGroup {
  seq: number;
  texts: string[];
}

/** What messages are about. */
export interface Subjects {
  /** job id -> its phases that moved; of the job itself where none are named. */
  progress: ReadonlyMap<string, ReadonlySet<string>>;
  signalled: Iterable<string>;
  alerts: Iterable<string>;
  optimizations: Iterable<string>;
  news: readonly News[];
}

export type FindJob = (job_id: string) => JobRecord | null;

/** How many messages of progress and alerts go at once: beyond that the oldest states are skipped. */
const MOST_AT_ONCE = 200;

type Body = Omit<NamedMessage, 'seq' | 'ref'>;
interface Item {
  seq: number;
  body: Body;
}

/** What was touched, with what the comparison found. */
export function touchedSubjects(
  touched: Touched,
  { moved, signalled }: Noted,
  { news, model, before }: { news: readonly News[]; model: Model; before: number },
): Subjects {
  const progress = new Map<string, ReadonlySet<string>>();
  for (const id of touched.jobs) {
    // What is only expected of a phase is no progress of it.
    const held = model.jobs.get(id)?.phases;
    const phases = [...(touched.phases.get(id) ?? [])].filter(
      (phase_id) => (held?.get(phase_id)?.seq ?? Infinity) > before,
    );
    if (phases.length > 0) progress.set(id, new Set(phases));
    else if (moved.has(id)) progress.set(id, new Set());
  }
  // What is measured of it later is no second applying.
  const { optimizations: rows } = model.domain;
  const optimizations = [...touched.optimizations].filter(
    (id) => (rows.get(id)?.answered_seq ?? 0) > before,
  );
  const alerts = [...touched.alerts].filter(
    (id) => (model.alerts.get(id)?.changed_seq ?? 0) > before,
  );
  return { progress, signalled, alerts, optimizations, news };
}

/** Everything that changed after an entry: for those who come back or did not keep up. */
export function subjectsSince(model: Model, since: number, news: readonly News[]): Subjects {
  const progress = new Map<string, ReadonlySet<string>>();
  const signalled: string[] = [];
  for (const [id, job] of model.jobs) {
    if (job.seq <= since) continue;
    const phases = [...job.phases.values()].filter((phase) => phase.seq > since);
    progress.set(id, new Set(phases.map(({ phase_id }) => phase_id)));
    if (job.signals.size > 0) signalled.push(id);
  }
  for (const [id, row] of model.finished) if (row.seq > since) progress.set(id, new Set());
  // Who is told of an alert is no change of it.
  const alerts = [...model.alerts.values()].flatMap(({ alert_id, changed_seq }) =>
    changed_seq > since ? [alert_id] : [],
  );
  const optimizations = [...model.domain.optimizations.rows].flatMap(([id, { answered_seq }]) =>
    answered_seq > since ? [id] : [],
  );
  return { progress, signalled, alerts, optimizations, news };
}

/** In the order of their entries, and those of one entry in the order in which a program expects them. */
export function messageGroups(model: Model, subjects: Subjects, find: FindJob): MessageGroup[] {
  const items = [
    ...newsItems(subjects, 'created', find),
    ...newest(progressItems(model, subjects, find)),
    ...newest(signalItems(model, subjects)),
    ...newsItems(subjects, 'completed', find),
    ...newest(alertItems(model, subjects)),
    ...newest(optimizationItems(model, subjects)),
  ].sort((a, b) => a.seq - b.seq); // stable: the order above holds within an entry
  return grouped(items);
}

function newsItems({ news }: Subjects, kind: News['kind'], find: FindJob): Item[] {
  return news.flatMap(({ seq, job_id, kind: of }): Item[] => {
    const job = of === kind ? find(job_id) : null;
    if (job === null) return [];
    const body: Body =
      kind === 'created'
        ? { type: 'job_created', data: jobCreated(job) }
        : { type: 'job_completed', data: jobCompleted(job) };
    return [{ seq, body }];
  });
}

function progressItems(model: Model, { progress }: Subjects, find: FindJob): Item[] {
  const items: Item[] = [];
  for (const [id, phases] of progress) {
    const record = find(id);
    if (record === null) continue;
    const job = model.jobs.get(id);
    const moved = job && phases.size > 0 ? phaseRecords(job, phases) : [null];
    for (const phase of moved) {
      const data = pipelineProgress(record, phase);
      items.push({ seq: (phase ?? record).seq, body: { type: 'pipeline_progress', data } });
    }
  }
  return items;
}

function signalItems(model: Model, { signalled }: Subjects): Item[] {
  const jobs = [...signalled].flatMap((id) => model.jobs.get(id) ?? []);
  if (jobs.length === 0) return [];
  const totals = signalTotals(model.domain);
  return jobs.map((job) => ({
    seq: job.seq,
    body: { type: 'sisas_metrics_update', data: sisasMetrics(job, totals) },
  }));
}

function alertItems(model: Model, { alerts }: Subjects): Item[] {
  return [...alerts].flatMap((id): Item[] => {
    const alert = findAlert(model, id);
    if (alert === null) return [];
    return [
      {
        seq: model.alerts.get(id)?.changed_seq ?? 0,
        body: { type: 'Alert', data: alertChange(alert) },
      },
    ];
  });
}

function optimizationItems({ domain }: Model, { optimizations }: Subjects): Item[] {
  return [...optimizations].flatMap((id): Item[] => {
    const answer = domain.optimizations.get(id);
    const data = answer ? optimizationApplied(optimizationRecord(answer)) : null;
    if (!answer || data === null) return [];
    return [{ seq: answer.answered_seq, body: { type: 'OptimizationApplied', data } }];
  });
}

function newest(items: Item[]): Item[] {
  if (items.length <= MOST_AT_ONCE) return items;
  return items.sort((a, b) => a.seq - b.seq).slice(-MOST_AT_ONCE);
}

function grouped(items: readonly Item[]): MessageGroup[] {
  const groups: { seq: number; bodies: Body[] }[] = [];
  for (const { seq, body } of items) {
    const last = groups.at(-1);
    if (last?.seq === seq) last.bodies.push(body);
    else groups.push({ seq, bodies: [body] });
  }
  return groups.map(({ seq, bodies }) => {
    // Who has only the first messages of an entry does not know all of it yet.
    const known = (at: number) => (at === bodies.length - 1 ? seq : seq - 1);
    return { seq, texts: bodies.map((body, at) => messageText(body, known(at))) };
  });
}

/** `type` first: it is what people look for in a line. */
export function messageText({ type, data }: Body, seq: number, ref?: number): string {
  return JSON.stringify({ type, seq, ...(ref !== undefined && { ref }), data });
}
