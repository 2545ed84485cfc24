/** A worker far behind the others, as its tasks say. */
import { duration } from '../../protocol/describe.ts';
import { quartilesOf } from '../quantile.ts';
import { type Sign, fraction } from './sign.ts';
import type { Group, WorkBook, WorkerBook } from './workBook.ts';

const STEP_MS = 1000;
/** A worker is compared with at least two others. */
const LEAST_PEERS = 2;
const LEAST_PEER_TASKS = 3;
/** Times the others' tasks: so much longer begins it, and so much keeps it. */
const SLOWER = [1.8, 1.4] as const;
/** Against chance: standard deviations of the rank sum, one-sided p about 0.003, at two looks one after the other. */
const LEAST_Z = 2.7;
const LEAST_DIFFERENCE_MS = 50;
const RECENT_TASKS = 3;
/** Others that a worker is compared with. */
const MOST_PEERS = 32;

const medianOf = (values: readonly number[]): number => quartilesOf(values).median;

/**
 * Workers that take far longer for tasks of one phase and queue than the others do: at least 1.8 times at the median,
 * and not by chance (Mann and Whitney, "On a test of whether one of two random variables is stochastically larger",
 * 1947, by its normal approximation). Tasks are taken as alike; a group whose tasks differ widely passes neither test.
 */
export function skewSigns(
  book: WorkBook,
  now: number,
  isOpen: (worker_id: string) => boolean,
): Sign[] {
  return [...book.groups.values()].flatMap((group) => {
    const workers = [...group.workers.values()];
    if (workers.length <= LEAST_PEERS) return [];
    return workers.flatMap((worker) => {
      const peers = workers.filter((one) => one !== worker);
      return skewSign(group, { worker, peers, now, open: isOpen(worker.worker_id) }) ?? [];
    });
  });
}

interface Compared {
  worker: WorkerBook;
  peers: readonly WorkerBook[];
  now: number;
  open: boolean;
}

function skewSign(group: Group, { worker, peers, now, open }: Compared): Sign | null {
  const told = peers.filter(({ took }) => took.length >= LEAST_PEER_TASKS).slice(0, MOST_PEERS);
  if (told.length < LEAST_PEERS) return null;
  const own = [...worker.took.slice(-RECENT_TASKS), ...underWay(group, worker, now)];
  const theirs = told.flatMap(({ took }) => took);
  const [mine, usual] = [medianOf(own), medianOf(theirs)];
  const factor = mine / Math.max(usual, 1);
  if (!(factor >= SLOWER[open ? 1 : 0]) || mine - usual < LEAST_DIFFERENCE_MS) return null;
  const z = rankSumZ(own, theirs);
  if (z < LEAST_Z && !open) return null;
  const workers = peers.length + 1;
  const isAlone = group.waiting.size === 0 && onlyRuns(group, worker.worker_id);
  const labels = {
    worker_id: worker.worker_id,
    ...(group.queue === null ? {} : { queue: group.queue }),
  };
  return {
    ...{ kind: 'SKEW', title: 'One worker is far behind the others', pattern: null },
    ...{ metric: 'task_processing_ms', labels, unit: 'ms', threshold: usual * SLOWER[0] },
    ...{ samples: [[now - STEP_MS, mine]], needs_ms: 2000 },
    // Alone at the end, all wait for it; before, the others do what it leaves.
    impact: isAlone ? 1 - usual / mine : (1 - usual / mine) / workers,
    impact_basis: isAlone ? 'critical_path' : 'throughput',
    fit: fraction(0.7 + (z - LEAST_Z) / 10),
    whose: { ...group.whose, worker_id: worker.worker_id },
    says: `Worker ${worker.worker_id} takes ${duration(mine)} for a task that takes the other ${peers.length} workers ${duration(usual)}`,
    facts: { takes_ms: mine, peers: peers.length, usual_ms: usual },
    series: [worker, ...told].slice(0, 5).map(({ worker_id }) => ({
      ...{ metric: 'task_processing_ms', labels: { ...labels, worker_id }, unit: 'ms' },
      ...{ title: `Tasks of ${worker_id}`, aggregation: 'avg' as const },
    })),
  };
}

/** What it works on counts once it has taken longer than its tasks did: it may be stuck. */
function underWay(group: Group, { worker_id, took }: WorkerBook, now: number): number[] {
  const usual = medianOf(took);
  const ages = [...group.running.values()]
    .filter((run) => run.worker_id === worker_id)
    .map(({ since }) => now - since);
  return ages.filter((age) => age > (Number.isFinite(usual) ? usual : 0)).slice(0, RECENT_TASKS);
}

function onlyRuns({ running }: Group, worker_id: string): boolean {
  return running.size > 0 && [...running.values()].every((run) => run.worker_id === worker_id);
}

/** How many standard deviations the ranks of `a` lie above those of `b`; 0 for too few. Ties count half. */
export function rankSumZ(a: readonly number[], b: readonly number[]): number {
  const [n, m] = [a.length, b.length];
  if (n === 0 || m === 0) return 0;
  let above = 0;
  for (const x of a) for (const y of b) above += x > y ? 1 : x === y ? 0.5 : 0;
  return (above - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
}
