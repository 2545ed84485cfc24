/**
 * What to do next for one job that listens: propose, apply, measure, take back, or wait. One change at a time, each with
 * a window of throughput before and after it. Everything it remembers is in the proposals themselves, so a service that
 * was restarted goes on where it was. Pure: the same input gives the same answer.
 */
import { type OptimizationState, isUnderWay, stateOf } from '../../core/domain/optimization.ts';
import type { Measure, Proposal } from '../../protocol/optimization.ts';
import { medianOf } from './effect.ts';
import { bestIdea } from './ideas.ts';
import { measured } from './measuring.ts';
import {
  type Decision,
  type Measurement,
  SAMPLES_NEEDED,
  type Status,
  type Step,
  type TunerInput,
  settlingMs,
  windowOf,
} from './tunerInput.ts';

/** Of a pipeline that reports rarely, a window is as long as its samples need; what is older says nothing of now. */
const LONGEST_LOOK_MS = 600_000;

export function stepOf(input: TunerInput): Step {
  const open = openOne(input);
  if (open !== null) return attend(input, open);
  if (input.job.ended) return silent(input, 'watching', 'The job has ended.');
  const rest = restUntil(input);
  if (rest > input.now) {
    const seconds = Math.ceil((rest - input.now) / 1000);
    return silent(input, 'cooling_down', `The last change is not long ago: next in ${seconds} s.`);
  }
  return propose(input);
}

/** The one that somebody waits for; one whose taking back is settled, or needs none any more, is over. */
function openOne({ optimizations, job }: TunerInput): OptimizationState | null {
  const open = optimizations.filter((one) => {
    if (!isUnderWay(one) || one.proposed?.proposal.parameter === undefined) return false;
    const state = stateOf(one);
    if (state !== 'worse' && state !== 'no_gain') return true;
    return !job.ended && !optimizations.some((other) => takesBack(other, one));
  });
  open.sort((a, b) => (a.proposed?.time ?? 0) - (b.proposed?.time ?? 0));
  return open[0] ?? null;
}

function takesBack(
  { proposed }: OptimizationState,
  { optimization_id }: OptimizationState,
): boolean {
  return proposed?.proposal.rollback_of === optimization_id;
}

function attend(input: TunerInput, open: OptimizationState): Step {
  const { optimization_id } = open;
  const about = { optimization_id };
  switch (stateOf(open)) {
    case 'proposed':
      return undecided(input, open);
    case 'sent': {
      const reason = unanswered(input, open);
      const status = statusOf(input, 'waiting_for_answer', 'The pipeline is asked.', about);
      return { decisions: reason ? [{ kind: 'expire', ...about, reason }] : [], status };
    }
    case 'applied':
      return applied(input, open);
    default: {
      const proposal = rollbackOf(input, open);
      const status = statusOf(input, 'measuring', 'A change is taken back.', about);
      return { decisions: proposal ? [{ kind: 'propose', proposal }] : [], status };
    }
  }
}

function undecided(input: TunerInput, open: OptimizationState): Step {
  const { now, settings, job } = input;
  const { optimization_id, proposed } = open;
  const status = statusOf(input, 'waiting_for_person', 'A proposal waits for a decision.', {
    optimization_id,
  });
  const of = proposed?.proposal;
  const step = (decision: Decision): Step => ({ decisions: [decision], status });
  const expire = (reason: string) => step({ kind: 'expire', optimization_id, reason });
  if (job.ended) return expire('The job has ended.');
  const isGone = of?.phase_id !== undefined && !job.phases.includes(of.phase_id);
  if (isGone && of.rollback_of === undefined) return expire('The phase has ended.');
  if (of && now >= of.expires_at) return expire('Nobody decided in time.');
  if (settings.auto && of?.needs_person !== true)
    return step({ kind: 'apply', optimization_id, answer_by: now + settings.answer_ms });
  return { decisions: [], status };
}

/** Why nobody waits for the answer any more; null while somebody does. */
function unanswered({ now, job, settings }: TunerInput, { decided }: OptimizationState) {
  if (job.ended) return 'The job ended before the pipeline answered.';
  const until = decided?.answer_by ?? (decided?.time ?? now) + settings.answer_ms;
  return now > until ? 'The pipeline did not answer in time.' : null;
}

function applied(input: TunerInput, open: OptimizationState): Step {
  const { optimization_id, proposed } = open;
  const of = proposed?.proposal;
  const about = { optimization_id };
  const measure = (id: string, measurement: Measurement): Decision => ({
    kind: 'measure',
    optimization_id: id,
    ...measurement,
  });
  if (of?.rollback_of !== undefined) {
    const first = input.optimizations.find((one) => one.optimization_id === of.rollback_of);
    const why = first?.measured?.reason ?? '';
    const was = first?.measured ?? {};
    const { gain, p_value, after } = was as Partial<Measurement>;
    const known = {
      ...(gain === undefined ? {} : { gain }),
      ...(p_value === undefined ? {} : { p_value }),
      ...(after === undefined ? {} : { after }),
    };
    const back: Measurement = {
      verdict: 'rolled_back',
      reason: `${why} It was taken back.`,
      ...known,
    };
    const kept: Measurement = { verdict: 'kept', reason: 'It took a change back.' };
    return {
      decisions: [measure(of.rollback_of, back), measure(optimization_id, kept)],
      status: statusOf(input, 'measuring', 'A change was taken back.', about),
    };
  }
  const found = measured(input, open);
  const status = statusOf(input, 'measuring', found.sentence, { ...about, samples: found.samples });
  return {
    decisions: found.measurement ? [measure(optimization_id, found.measurement)] : [],
    status,
  };
}

/** The proposal of the old value; null where the value of before is not known. */
function rollbackOf({ now, settings }: TunerInput, state: OptimizationState): Proposal | null {
  const of = state.proposed?.proposal;
  if (of?.from === undefined || of.to === undefined) return null;
  const { measure: _measure, before: _before, expected_gain: _gain, costs: _, ...rest } = of;
  return {
    ...rest,
    ...{ from: of.to, to: of.from, rollback_of: state.optimization_id, strategy: 'rollback' },
    title: titleOf(of.parameter ?? '', of.to, of.from, of.unit),
    sentence: state.measured?.reason ?? 'The change brought nothing.',
    confidence: 1,
    expires_at: now + settings.expire_ms,
  };
}

/** `Workers: 2 -> 4`. */
function titleOf(name: string, from: unknown, to: unknown, unit: string | undefined): string {
  const of = unit === undefined ? '' : ` ${unit}`;
  return `${name}: ${String(from)} -> ${String(to)}${of}`;
}

/** Until when nothing is changed after the last change. */
function restUntil({ optimizations, settings }: TunerInput): number {
  return lastWord(optimizations) + settings.cooldown_ms;
}

function lastWord(optimizations: readonly OptimizationState[]): number {
  const times = optimizations.flatMap(({ proposed, decided, answer, measured: effect }) =>
    [proposed, decided, answer, effect].map((event) => event?.time ?? 0),
  );
  return Math.max(-Infinity, ...times);
}

function propose(input: TunerInput): Step {
  const { now, settings, job, optimizations } = input;
  const settled = Math.max(job.phases_since, lastWord(optimizations)) + settlingMs(settings);
  const from = Math.max(settled, input.listening_since, now - LONGEST_LOOK_MS);
  const found = newestOf(input.rates.best(from), settings.window_ms);
  const count = found?.samples.length ?? 0;
  const window = found && windowOf(found.samples);
  if (!found || !window || count < SAMPLES_NEEDED || window.to - window.from < settings.window_ms) {
    const sentence =
      found === null
        ? 'The throughput cannot be measured: report items_done, tasks or progress.'
        : `Not enough data: ${count} of ${SAMPLES_NEEDED} samples.`;
    return silent(input, 'waiting_for_data', sentence, { samples: count });
  }
  const phase_id = found.measure.phase_id ?? (job.phases.length === 1 ? job.phases[0] : undefined);
  const best = bestIdea(input, phase_id);
  if (best === null)
    return silent(input, 'watching', 'Nothing speaks for a change.', {
      samples: count,
      measure: found.measure,
    });
  const { parameter, idea, strategy } = best;
  const unit = parameter.unit ?? undefined;
  const { expected_gain, ...rest } = idea;
  const proposal: Proposal = {
    ...{ job_id: job.job_id, parameter: parameter.parameter, from: parameter.value, strategy },
    ...rest,
    ...(phase_id === undefined ? {} : { phase_id }),
    ...(unit === undefined ? {} : { unit }),
    ...(expected_gain === null ? {} : { expected_gain }),
    title: titleOf(parameter.title, parameter.value, idea.to, unit),
    expires_at: now + settings.expire_ms,
    ...{ measure: found.measure, before: window },
  };
  const status = statusOf(input, 'watching', 'A change is proposed.', { samples: count });
  return { decisions: [{ kind: 'propose', proposal }], status };
}

/** As many of the newest samples as a window needs. */
function newestOf(
  found: ReturnType<TunerInput['rates']['best']>,
  window_ms: number,
): ReturnType<TunerInput['rates']['best']> {
  if (found === null) return null;
  const last = found.samples.at(-1)?.to ?? 0;
  const inWindow = found.samples.findLastIndex(({ from }) => last - from >= window_ms);
  const from = Math.min(inWindow, found.samples.length - SAMPLES_NEEDED);
  return { ...found, samples: found.samples.slice(Math.max(0, from)) };
}

function silent(
  input: TunerInput,
  state: Status['state'],
  sentence: string,
  more: { samples?: number; measure?: Measure } = {},
): Step {
  return { decisions: [], status: statusOf(input, state, sentence, more) };
}

function statusOf(
  input: TunerInput,
  state: Status['state'],
  sentence: string,
  more: { optimization_id?: string; samples?: number; measure?: Measure } = {},
): Status {
  const from = Math.max(input.job.phases_since, input.now - input.settings.window_ms);
  const latest = more.measure
    ? { measure: more.measure, samples: input.rates.samples(more.measure, from) }
    : input.rates.best(from);
  return {
    ...{ state, sentence, samples_needed: SAMPLES_NEEDED },
    samples: more.samples ?? latest?.samples.length ?? 0,
    measured_by: latest?.measure.source ?? null,
    throughput_per_s: latest?.samples.length
      ? Math.round(medianOf(latest.samples.map(({ rate }) => rate)) * 1000) / 1000
      : null,
    optimization_id: more.optimization_id ?? null,
  };
}
