/** What the process trees of jobs use from one look to the next: CPU, kernel, disks, threads. Linux only. */
import { readFile, readdir } from 'node:fs/promises';
import { listProcesses, treeOf } from './processTree.ts';

export interface JobTree {
  /** Cores in use, and those of the kernel among them. */
  cores: number;
  kernel_cores: number;
  /** Null where it may not be read. */
  disk_mb_s: number | null;
  /** Cores of each thread, process by process; null where they were not looked at. */
  threads: number[][] | null;
}

interface Times {
  cpu_ms: number;
  kernel_ms: number;
  /** Of ended children that it waited for. */
  waited_ms: number;
  waited_kernel_ms: number;
  threads: number;
  started: string;
}

interface Member extends Times {
  disk_bytes: number | null;
}

interface Tree {
  pid: number;
  pids: number[];
  members: Map<number, Member>;
  threads: Map<string, number> | null;
  at: number;
}

/** A tick of /proc/<pid>/stat; see proc(5). */
const TICK_MS = 10;
const MB = 1024 * 1024;
/** Who belongs to a tree is asked anew so often: it takes a look at all processes of the machine. */
const MEMBERS_MS = 3000;
const LEAST_MS = 200;
const MOST_TREES = 16;
const MOST_MEMBERS = 128;
const MOST_THREADS = 256;
/** Threads are looked at where a tree has about one core, and at first: they may take turns. */
const [ONE_CORE_LEAST, ONE_CORE_MOST] = [0.7, 1.3];

export class JobTrees {
  readonly #trees = new Map<string, Tree>();
  #membersAt = Number.NEGATIVE_INFINITY;

  /** `jobs`: their ids and processes, the newest last. `elapsed`: milliseconds that never jump. The first look of a tree tells nothing. */
  async look(jobs: ReadonlyMap<string, number>, elapsed: number): Promise<Map<string, JobTree>> {
    if (process.platform !== 'linux') return new Map();
    await this.#sync(jobs, elapsed);
    const uses = new Map<string, JobTree>();
    for (const [job_id, tree] of this.#trees) {
      const use = await lookAt(tree, elapsed);
      if (use) uses.set(job_id, use);
    }
    return uses;
  }

  async #sync(jobs: ReadonlyMap<string, number>, elapsed: number): Promise<void> {
    for (const [id, { pid }] of this.#trees) if (jobs.get(id) !== pid) this.#trees.delete(id);
    const newest = [...jobs].slice(-MOST_TREES);
    const isNew = newest.some(([id]) => !this.#trees.has(id));
    if (!isNew && elapsed - this.#membersAt < MEMBERS_MS) return;
    this.#membersAt = elapsed;
    const processes = await listProcesses();
    for (const [id, pid] of newest) {
      const held = this.#trees.get(id);
      const tree = held ?? { pid, pids: [], members: new Map(), threads: null, at: Number.NaN };
      tree.pids = treeOf(processes, pid)
        .slice(0, MOST_MEMBERS)
        .map((info) => info.pid);
      this.#trees.set(id, tree);
    }
  }
}

async function lookAt(tree: Tree, elapsed: number): Promise<JobTree | null> {
  const wall = elapsed - tree.at;
  if (wall < LEAST_MS) return null;
  const before = tree.members;
  const found = await Promise.all(
    tree.pids.map(async (pid) => [pid, await memberOf(pid)] as const),
  );
  const members = new Map(found.flatMap(([pid, one]) => (one ? [[pid, one] as const] : [])));
  [tree.members, tree.at] = [members, elapsed];
  if (!Number.isFinite(wall)) {
    await threadsOf(tree, true, wall);
    return null;
  }
  const cores = grown(members, before, ['cpu_ms', 'waited_ms']) / wall;
  const isOne = cores >= ONE_CORE_LEAST && cores <= ONE_CORE_MOST;
  return {
    cores,
    kernel_cores: grown(members, before, ['kernel_ms', 'waited_kernel_ms']) / wall,
    disk_mb_s: diskRate(members, before, wall),
    threads: await threadsOf(tree, isOne, wall),
  };
}

/** What grew in those that are there, and in what they waited for without what was counted of it before. */
function grown(
  members: ReadonlyMap<number, Member>,
  before: ReadonlyMap<number, Member>,
  [own, waited]: readonly ['cpu_ms', 'waited_ms'] | readonly ['kernel_ms', 'waited_kernel_ms'],
): number {
  let used = 0;
  let ended = 0;
  for (const [pid, member] of members) {
    const held = before.get(pid);
    const known = held?.started === member.started ? held : undefined;
    used += Math.max(0, member[own] - (known?.[own] ?? 0));
    ended += Math.max(0, member[waited] - (known?.[waited] ?? member[waited]));
  }
  for (const [pid, member] of before) if (!members.has(pid)) ended -= member[own];
  return used + Math.max(0, ended);
}

function diskRate(
  members: ReadonlyMap<number, Member>,
  before: ReadonlyMap<number, Member>,
  wall: number,
): number | null {
  let bytes: number | null = null;
  for (const [pid, { disk_bytes }] of members) {
    const held = before.get(pid)?.disk_bytes;
    if (disk_bytes !== null && typeof held === 'number')
      bytes = (bytes ?? 0) + Math.max(0, disk_bytes - held);
  }
  return bytes === null ? null : bytes / MB / (wall / 1000);
}

/** Null at the first look and where it was not asked for. */
async function threadsOf(tree: Tree, wanted: boolean, wall: number): Promise<number[][] | null> {
  const before = tree.threads;
  const several = [...tree.members].filter(([, { threads }]) => threads > 1);
  if (!wanted || several.length === 0) {
    tree.threads = null;
    return null;
  }
  const now = new Map<string, number>();
  const used: number[][] = [];
  for (const [pid] of several) {
    const folder = `/proc/${pid}/task`;
    const ids = (await readdir(folder).catch(() => [])).slice(0, MOST_THREADS - now.size);
    const all = await Promise.all(
      ids.map(async (id) => [id, await timesOf(`${folder}/${id}`)] as const),
    );
    const known = all.flatMap(([id, times]) => (times ? [[id, times.cpu_ms] as const] : []));
    for (const [id, ms] of known) now.set(id, ms);
    used.push(known.map(([id, ms]) => Math.max(0, ms - (before?.get(id) ?? ms)) / wall));
  }
  tree.threads = now;
  return before === null ? null : used;
}

async function memberOf(pid: number): Promise<Member | null> {
  const times = await timesOf(`/proc/${pid}`);
  if (times === null) return null;
  // Only its owner and root may read it: then it is not known.
  const io = await readFile(`/proc/${pid}/io`, 'latin1').catch(() => '');
  return { ...times, disk_bytes: parseDiskBytes(io) };
}

/** Null where the process ended in between. */
async function timesOf(folder: string): Promise<Times | null> {
  const text = await readFile(`${folder}/stat`, 'latin1').catch(() => null);
  return text === null ? null : parseTimes(text);
}

/** One line of /proc/<pid>/stat or of a thread's; null for other text. */
export function parseTimes(stat: string): Times | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ms = (field: number): number => Number(fields[field - 3]) * TICK_MS;
  const times = {
    cpu_ms: ms(14) + ms(15),
    kernel_ms: ms(15),
    waited_ms: ms(16) + ms(17),
    waited_kernel_ms: ms(17),
    threads: Number(fields[20 - 3]),
  };
  const started = fields[22 - 3] ?? '';
  return Object.values(times).every(Number.isFinite) ? { ...times, started } : null;
}

/** /proc/<pid>/io: bytes that went to and from disks; null for other text. */
export function parseDiskBytes(text: string): number | null {
  const of = (name: string): number => {
    const found = new RegExp(`^${name}: (\\d+)$`, 'm').exec(text);
    return Number(found?.[1] ?? Number.NaN);
  };
  const bytes = of('read_bytes') + of('write_bytes');
  return Number.isFinite(bytes) ? bytes : null;
}
