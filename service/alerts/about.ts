/** What alerts are about, as they say it: names, tags, and what stands in the messages that people write. */
import type { JobState } from '../core/model.ts';
import { readAllTexts } from '../core/registers.ts';
import { errorLine } from '../protocol/describe.ts';
import type { Finding } from '../protocol/finding.ts';
import type { Rule } from '../protocol/rule.ts';
import { runKey, thingKey } from './openAlerts.ts';
import { KINDS } from './rules/index.ts';
import type { KindPart, RunSubject } from './rules/kind.ts';
import type { MessageField } from './template.ts';

export interface About {
  /** See `runKey` and `thingKey`. */
  key: string;
  component: string;
  component_id: string;
  /** Of a phase or job. */
  run?: { job_id: string; phase_id: string | null };
  /** The run that something else is about too: the alert names it, and is told apart without it. */
  within?: { job_id: string; phase_id: string | null };
  /** Where the cause can come and go: it comes back as the same alert. */
  returns: boolean;
  tags: Readonly<Record<string, string>>;
  unit: string | null;
  /** For the message that a person wrote. */
  fields: Partial<Record<MessageField, string>>;
  labels: Readonly<Record<string, string>>;
}

/** Labels beside the ones of Pipescope: so many at most. */
const MAX_TAGS = 16;

function tagsOf(own: Record<string, string>, labels: Readonly<Record<string, string>>) {
  const others = Object.entries(labels).slice(0, MAX_TAGS);
  return { ...Object.fromEntries(others), ...own };
}

export function runAbout(
  rule: Rule,
  { job, subject, pipeline }: { job: JobState; subject: RunSubject; pipeline: string },
): About {
  const { job_id, phase_id, component, error } = subject;
  const part = KINDS[rule.kind] as unknown as KindPart<'high_cpu'> & { watches: 'run' };
  const labels = job.labels.size === 0 ? {} : readAllTexts(job.labels);
  return {
    key: runKey(rule.rule_id, pipeline, phase_id),
    ...{ component, component_id: phase_id ?? job_id, run: { job_id, phase_id } },
    returns: part.returns === true,
    tags: tagsOf({ pipeline }, labels),
    unit: rule.kind === 'slow_phase' ? 'ms' : part.unit(rule.params as never),
    fields: {
      ...{ subject: subject.label, job: subject.job_name, pipeline, phase: phase_id ?? '' },
      ...(error && { error: errorLine({ message: error.message }) }),
    },
    labels,
  };
}

/** What has no name that people would know. */
const SPOKEN: Record<string, string> = {
  'machine/host': 'this machine',
  'tasks/all': 'all tasks',
};

/** Only a metric's name says what such a rule is about; a target has a title. */
function ofAnySeries({ kind }: Rule): boolean {
  return kind === 'threshold' || kind === 'rate_of_change' || kind === 'target_breached';
}

/** A worker, queue, endpoint, machine...: what is no run. */
export interface Thing {
  component: string;
  id: string;
  labels: Readonly<Record<string, string>>;
  /** Its own name, where the id is none. */
  name?: string;
  unit?: string;
}

export function thingAbout(rule: Rule, { component, id, labels, name = id, unit }: Thing): About {
  const worker = component === 'worker' ? id : labels['worker_id'];
  const { pipeline } = labels;
  const part = KINDS[rule.kind] as unknown as KindPart<'threshold'>;
  const named = {
    ...(pipeline !== undefined && { pipeline }),
    ...(worker !== undefined && { worker }),
  };
  return {
    key: thingKey(rule.rule_id, component, id),
    ...{ component, component_id: id, labels },
    // Each time that was missed is told once.
    returns: rule.kind !== 'missed_schedule',
    tags: tagsOf(named, labels),
    unit: rule.kind === 'worker_offline' ? 'ms' : (part.unit(rule.params as never) ?? unit ?? null),
    fields: { subject: ofAnySeries(rule) ? name : (SPOKEN[`${component}/${id}`] ?? id), ...named },
  };
}

/** `component` is the kind of the finding, `component_id` its id: an alert for each of them. */
export function findingAbout(rule: Rule, finding: Finding): About {
  const { finding_id, kind, job_id, phase_id, pipeline, worker_id, labels, unit } = finding;
  const named = {
    ...(pipeline !== null && { pipeline }),
    ...(worker_id !== null && { worker: worker_id }),
  };
  return {
    key: thingKey(rule.rule_id, kind, finding_id),
    ...{ component: kind, component_id: finding_id, labels, unit },
    ...(job_id !== null && { within: { job_id, phase_id } }),
    returns: false,
    tags: tagsOf({ ...named, class: finding.class }, labels),
    fields: {
      ...{ subject: finding.title, ...named },
      ...(phase_id !== null && { phase: phase_id }),
      ...(job_id !== null && { job: job_id }),
    },
  };
}
