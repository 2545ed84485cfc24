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
import { isBeingTakenBack, takeBack, takenBack } from './takingBack.ts';
import { titleOf } from './titles.ts';
import {
  type Decision,
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

/** The one that somebody waits for, the first of them. */
function openOne({ optimizations }: TunerInput): OptimizationState | null {
  const open = optimizations.filter(
    (one) =>
      one.proposed?.proposal.parameter !== undefined &&
      isUnderWay(one) &&
      !isBeingTakenBack(optimizations, one),
  );
  open.sort((a, b) => (a.proposed?.time ?? 0) - (b.proposed?.time ?? 0));
  return open[0] ?? null;
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
      const status = statusOf(input, 'measuring', 'A change is taken back.', about);
      return { decisions: [takeBack(input, open)], status };
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
  const isAgreed = of?.rollback_of !== undefined || (settings.auto && of?.needs_person !== true);
  if (isAgreed)
    return step({ kind: 'apply', optimization_id, answer_by: now + settings.answer_ms });
  return { decisions: [], status };
}

/** Why nobody waits for the answer any more; null while somebody does. */
function unanswered(input: TunerInput, state: OptimizationState) {
  if (input.job.ended) return 'The job ended before the pipeline answered.';
  return input.now > answerBy(input, state) ? 'The pipeline did not answer in time.' : null;
}

function answerBy({ now, settings }: TunerInput, { decided }: OptimizationState): number {
  return decided?.answer_by ?? (decided?.time ?? now) + settings.answer_ms;
}

function applied(input: TunerInput, open: OptimizationState): Step {
  const { optimization_id, proposed } = open;
  const about = { optimization_id };
  if (proposed?.proposal.rollback_of !== undefined) {
    const status = statusOf(input, 'measuring', 'A change was taken back.', about);
    return { decisions: takenBack(input, open), status };
  }
  const { measurement, sentence, samples } = measured(input, open);
  return {
    decisions: measurement ? [{ kind: 'measure', optimization_id, ...measurement }] : [],
    status: statusOf(input, 'measuring', sentence, { ...about, samples }),
  };
}

/** Until when nothing is changed after the last change. */
function restUntil({ optimizations, settings }: TunerInput): number {
  return lastWord(optimizations) + settings.cooldown_ms;
}

/** By the service's own clock: that of a pipeline may be anywhere. */
function lastWord(optimizations: readonly OptimizationState[]): number {
  const times = optimizations.flatMap(({ proposed, decided, answered_at, measured: effect }) => [
    answered_at ?? 0,
    ...[proposed, decided, effect].map((event) => event?.time ?? 0),
  ]);
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
    ...waitingFor(input, state, more.optimization_id),
  };
}

/** What is under way, and until when it is waited for. */
function waitingFor(
  input: TunerInput,
  state: Status['state'],
  id: string | undefined,
): Pick<Status, 'title' | 'until'> {
  const one = input.optimizations.find(({ optimization_id }) => optimization_id === id);
  const title = one?.proposed?.proposal.title ?? null;
  const text = (time: number | undefined) =>
    time !== undefined && Number.isFinite(time) ? new Date(time).toISOString() : null;
  switch (state) {
    case 'cooling_down':
      return { title, until: text(restUntil(input)) };
    case 'waiting_for_person':
      return { title, until: text(one?.proposed?.proposal.expires_at) };
    case 'waiting_for_answer':
      return { title, until: text(one && answerBy(input, one)) };
    default:
      return { title, until: null };
  }
}
