/** What the processes of running jobs use: whose a bottleneck of this machine is. */
import type { FrameMetric, Frame } from './frame.ts';
import { type Sign, type Whose, fraction } from './sign.ts';

/** The process tree of one job over about the last second. */
export interface TreeUse {
  whose: Whose;
  /** Cores in use, of programs and kernel together, and of the kernel alone. */
  cores: number;
  kernel_cores: number;
  /** MB a second that its processes read from and wrote to disks; null where the machine does not tell. */
  disk_mb_s: number | null;
  /** Cores that each thread used, process by process; null: not looked at. */
  threads: readonly (readonly number[])[] | null;
  /** As the job itself reported it, of a machine that may be another one: less sure. */
  isReported: boolean;
}

/** It must have this share of what the whole machine does. */
const MOST = 0.5;
const REPORTED = 0.8;

/** The tree that has most of what `of` tells and at least half of `all`; undefined where none has. */
export function owner(
  trees: readonly TreeUse[],
  all: number,
  of: (tree: TreeUse) => number,
): { tree: TreeUse; share: number } | undefined {
  let best: TreeUse | undefined;
  for (const tree of trees) if (best === undefined || of(tree) > of(best)) best = tree;
  if (best === undefined || all <= 0) return undefined;
  const share = fraction(of(best) / all);
  return share >= MOST ? { tree: best, share } : undefined;
}

/** The same sign, with whose it is where one job has most of it; the less of it, the less sure. */
export function attributed(sign: Sign, frame: Frame, trees: readonly TreeUse[]): Sign {
  const value = (metric: FrameMetric): number => frame.values[metric] ?? 0;
  const cores = (metric: FrameMetric): number => (value(metric) / 100) * frame.cores;
  const found = (() => {
    switch (sign.kind) {
      case 'CPU':
        return owner(trees, cores('cpu_percent'), (tree) => tree.cores);
      case 'IPC':
      case 'NETWORK':
        return owner(trees, cores('host_cpu_system_percent'), (tree) => tree.kernel_cores);
      case 'IO':
      case 'MEMORY':
        return owner(
          trees,
          sum(trees, (tree) => tree.disk_mb_s),
          (tree) => tree.disk_mb_s ?? 0,
        );
      default:
        return undefined;
    }
  })();
  if (found === undefined) return sign;
  const { whose, isReported } = found.tree;
  const sure = isReported ? REPORTED : 1;
  return { ...sign, whose, fit: sign.fit * sure * (0.8 + 0.2 * found.share) };
}

function sum(trees: readonly TreeUse[], of: (tree: TreeUse) => number | null): number {
  return trees.reduce((all, tree) => all + (of(tree) ?? 0), 0);
}

/** Threads are known a second after the rest, and tell more than one number does. */
const NEEDS_MS = 2000;
/** One core, more or less. */
const [LEAST_CORES, MOST_CORES] = [0.8, 1.15];
const LEAST_THREADS = 3;
/** A thread that takes part has at least this share of a core, and of what the busiest has. */
const [PART, FAIR] = [0.08, 0.4];
/** Of what the whole job uses: the process with the lock is where its time goes. */
const MOST_OF_TREE = 0.8;

/**
 * Threads that take turns: several of one process compute, about as much each, and together they have one core, while
 * another core is free. So looks a lock around all of the work, such as an interpreter's (Beazley, "Understanding the
 * Python GIL", 2010). Processes that wait for each other are none, nor is one busy thread with the helpers of its runtime.
 */
export function lockSigns({ time, cores, values }: Frame, trees: readonly TreeUse[]): Sign[] {
  const cpu = values.cpu_percent;
  if (cores < 2 || cpu === undefined) return [];
  const free = cores * (1 - cpu / 100);
  return trees.flatMap((tree): Sign[] => {
    const taking = turns(tree);
    const isOne = tree.cores >= LEAST_CORES && tree.cores <= MOST_CORES;
    if (!isOne || taking < LEAST_THREADS || free < 0.5) return [];
    const could = Math.min(taking, cores);
    return [
      {
        ...{ kind: 'LOCK', title: 'Threads wait for one lock', pattern: null, unit: 'cores' },
        ...{ metric: 'cpu_percent', labels: labelsOf(tree.whose), threshold: LEAST_CORES },
        ...{ samples: [[time - 1000, tree.cores]], needs_ms: NEEDS_MS, whose: tree.whose },
        ...{ impact: 1 - tree.cores / could, impact_basis: 'throughput', fit: 0.85 },
        says: `${taking} threads of one job take turns: together they use ${tree.cores.toFixed(1)} cores while ${free.toFixed(1)} are free`,
        facts: { threads: taking, used_cores: tree.cores, free_cores: free },
        series: [
          {
            metric: 'cpu_percent',
            labels: labelsOf(tree.whose),
            unit: 'percent',
            ...{ title: 'CPU in use', aggregation: 'avg' },
          },
          {
            metric: 'cpu_percent',
            labels: { source: 'host' },
            unit: 'percent',
            ...{ title: 'CPU of the machine', aggregation: 'avg' },
          },
        ],
      },
    ];
  });
}

/** How many threads of one process share what the job uses, about as much each; 0: of no process. */
function turns({ cores, threads }: TreeUse): number {
  for (const all of threads ?? []) {
    const most = Math.max(0, ...all);
    const taking = all.filter((used) => used >= PART && used >= FAIR * most);
    const together = taking.reduce((sum, used) => sum + used, 0);
    if (taking.length >= LEAST_THREADS && together >= MOST_OF_TREE * cores) return taking.length;
  }
  return 0;
}

function labelsOf({ pipeline }: Whose): Record<string, string> {
  return pipeline === null ? { source: 'job' } : { source: 'job', pipeline };
}

/** The job whose kernel time stands out, when data is moved: its own CPU is what the moves are held against. */
export function mover(trees: readonly TreeUse[], kernelCores: number): TreeUse | undefined {
  return owner(trees, kernelCores, (tree) => tree.kernel_cores)?.tree;
}
