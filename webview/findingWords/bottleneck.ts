/** Bottlenecks in words; the numbers are the facts of the sign (service/analysis/bottlenecks). */
import { t } from '@vscode/l10n';
import { duration, unitSign } from '../../service/protocol/describe.ts';
import {
  fieldOf,
  numberOf,
  plain,
  type Said,
  textOf,
  whole,
  wholePercent,
  withNumbers,
} from './said.ts';

const tenths = (value: number): string => plain(value, { least: 1, most: 1 });

interface Words {
  title: () => string;
  /** Without a full stop; null where a number is missing. */
  says: (one: Said, facts: unknown) => string | null;
}

const ofPercent = (name: string, words: (share: string) => string): Words['says'] => {
  return (_, facts) => withNumbers(facts, [name], (value) => words(wholePercent(value)));
};

const queueOf = ({ labels }: Said): string => labels['queue'] ?? '';
const ioTitle = (): string => t('Disks are waited for');
const memoryTitle = (): string => t('Memory is used up');

/** By class and metric. */
const WORDS: Readonly<Record<string, Words>> = {
  'CPU cpu_percent': { title: () => t('CPU is used up'), says: cpu },
  'IO host_stall_io_percent': {
    title: ioTitle,
    says: ofPercent('waits_percent', (share) =>
      t('Work on this machine waits for a disk in {0} of the time', share),
    ),
  },
  'IO host_cpu_iowait_percent': {
    title: ioTitle,
    says: ofPercent('waits_percent', (share) =>
      t('The CPU of this machine is idle and waits for a disk in {0} of the time', share),
    ),
  },
  'MEMORY host_stall_memory_percent': {
    title: memoryTitle,
    says: ofPercent('waits_percent', (share) =>
      t('Work on this machine waits for memory in {0} of the time', share),
    ),
  },
  'MEMORY host_refaults_per_s': { title: memoryTitle, says: readAgain },
  'MEMORY host_memory_percent': {
    title: memoryTitle,
    says: ofPercent('use_percent', (share) =>
      t('{0} of the memory of this machine is in use', share),
    ),
  },
  'NETWORK host_packets_per_s': { title: () => t('The network takes the CPU'), says: packets },
  'IPC host_context_switches_per_s': {
    title: () => t('Messages between processes take the CPU'),
    says: handOvers,
  },
  'NETWORK host_tcp_retransmits_percent': {
    title: () => t('The network loses data'),
    says: ofPercent('again_percent', (share) => t('{0} of what TCP sends is sent again', share)),
  },
  'GPU gpu_percent': {
    title: () => t('The GPU is used up'),
    says: ofPercent('use_percent', (share) => t('The GPUs of this machine are {0} in use', share)),
  },
  'QUEUE queue_pending': { title: () => t('Tasks wait in their queue'), says: queue },
  'LOCK worker_active_tasks': { title: () => t('One worker works, others wait'), says: oneWorks },
  'LOCK cpu_percent': { title: () => t('Threads wait for one lock'), says: turns },
  'SKEW task_processing_ms': {
    title: () => t('One worker is far behind the others'),
    says: farBehind,
  },
};

/** Of thresholds that come with the service, by class; people title their own. */
const THRESHOLDS: Readonly<Record<string, () => string>> = {
  CPU: () => t('CPU use'),
  MEMORY: () => t('Memory use'),
  GPU: () => t('GPU use'),
  IPC: () => t('IPC latency'),
};

export function bottleneckTitle(one: Said): string | null {
  if (textOf(one.evidence, 'pattern') !== null) return one.title;
  if (isThreshold(one)) return THRESHOLDS[one.class]?.() ?? null;
  return WORDS[`${one.class} ${one.metric ?? ''}`]?.title() ?? null;
}

export function bottleneckSentence(one: Said): string | null {
  const facts = fieldOf(one.evidence, 'facts');
  const says = isThreshold(one)
    ? threshold(one, facts)
    : (WORDS[`${one.class} ${one.metric ?? ''}`]?.says(one, facts) ?? null);
  const lasts = numberOf(facts, 'lasts_ms');
  if (says === null || lasts === null) return null;
  const seconds = whole(Math.max(1, lasts / 1000));
  const place = placeOf(one);
  return place === null
    ? t('{0}, for {1} s.', says, seconds)
    : t('{0}, for {1} s ({2}).', says, seconds, place);
}

function isThreshold({ evidence }: Said): boolean {
  return numberOf(fieldOf(evidence, 'facts'), 'conditions') !== null;
}

function cpu(_: Said, facts: unknown): string | null {
  return withNumbers(facts, ['use_percent'], (use) => {
    const [share, threads, cores] = [
      wholePercent(use),
      numberOf(facts, 'threads'),
      numberOf(facts, 'cores'),
    ];
    return threads === null || cores === null
      ? t('The CPU of this machine is {0} in use', share)
      : t(
          'The CPU of this machine is {0} in use and {1} threads share {2} cores',
          ...[share, whole(threads), whole(cores)],
        );
  });
}

function readAgain(_: Said, facts: unknown): string | null {
  return withNumbers(facts, ['waits_percent', 'again_percent'], (waits, again) =>
    t(
      'Work on this machine waits for a disk in {0} of the time, for {1} with what was in memory before and had to make room',
      wholePercent(waits),
      wholePercent(again),
    ),
  );
}

function packets(_: Said, facts: unknown): string | null {
  return withNumbers(facts, ['kernel_percent', 'per_second'], (kernel, many) =>
    t(
      '{0} of the CPU time in use goes into sending and receiving {1} packets a second',
      wholePercent(kernel),
      whole(many),
    ),
  );
}

function handOvers(_: Said, facts: unknown): string | null {
  return withNumbers(facts, ['kernel_percent', 'per_second'], (kernel, many) =>
    t(
      '{0} of the CPU time in use goes into {1} hand-overs a second between processes',
      wholePercent(kernel),
      whole(many),
    ),
  );
}

function queue(one: Said, facts: unknown): string | null {
  return withNumbers(facts, ['pending', 'oldest_wait_ms'], (pending, wait) =>
    t(
      '{0} tasks wait in queue {1}, the oldest for {2} s, and more come in than are done',
      whole(pending),
      queueOf(one),
      tenths(wait / 1000),
    ),
  );
}

function oneWorks(one: Said, facts: unknown): string | null {
  return withNumbers(facts, ['workers', 'pending'], (workers, pending) =>
    t(
      'Only {0} of {1} workers works while {2} tasks wait in queue {3}',
      one.worker_id ?? '',
      whole(workers),
      whole(pending),
      queueOf(one),
    ),
  );
}

function turns(_: Said, facts: unknown): string | null {
  return withNumbers(facts, ['threads', 'used_cores', 'free_cores'], (threads, used, free) =>
    t(
      '{0} threads of one job take turns: together they use {1} cores while {2} are free',
      whole(threads),
      tenths(used),
      tenths(free),
    ),
  );
}

function farBehind(one: Said, facts: unknown): string | null {
  return withNumbers(facts, ['takes_ms', 'peers', 'usual_ms'], (takes, peers, usual) =>
    t(
      'Worker {0} takes {1} for a task that takes the other {2} workers {3}',
      one.worker_id ?? '',
      duration(takes),
      whole(peers),
      duration(usual),
    ),
  );
}

function threshold(one: Said, facts: unknown): string | null {
  const title = bottleneckTitle(one);
  const [least, most] = [numberOf(facts, 'at_least'), numberOf(facts, 'at_most')];
  const bound = least ?? most;
  if (title === null || bound === null) return null;
  const unit = one.unit === null || one.unit === '' ? '' : ` ${unitSign(one.unit)}`;
  return withNumbers(facts, ['value', 'conditions'], (value, conditions) => {
    const said = `${plain(value, { significant: 4 })}${unit}`;
    const what = one.labels['source'] === 'host' ? t('{0} of this machine', title) : title;
    const at = `${plain(bound, { most: 20 })}${unit}`;
    if (conditions > 1)
      return least === null
        ? t('{0} is {1}, at or below {2}, and all other conditions hold', what, said, at)
        : t('{0} is {1}, at or above {2}, and all other conditions hold', what, said, at);
    return least === null
      ? t('{0} is {1}, at or below {2}', what, said, at)
      : t('{0} is {1}, at or above {2}', what, said, at);
  });
}

/** `phase P06 of nightly on worker w-1`; null where nobody knows whose it is. */
function placeOf({ pipeline, job_id, phase_id, worker_id }: Said): string | null {
  const run = pipeline ?? job_id;
  const of =
    phase_id === null
      ? run === null
        ? null
        : t('run {0}', run)
      : run === null
        ? t('phase {0}', phase_id)
        : t('phase {0} of {1}', phase_id, run);
  if (worker_id === null) return of;
  return of === null ? t('worker {0}', worker_id) : t('{0} on worker {1}', of, worker_id);
}
