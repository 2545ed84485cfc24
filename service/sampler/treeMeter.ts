/** CPU of a process tree between two looks, as percent of the whole machine. */
import { type ProcessInfo, treeOf } from './processTree.ts';

export interface Usage {
  /** Percent of all cores together, 0 to 100. */
  cpu_percent: number;
  memory_mb: number;
  processes: number;
}

/** CPU time is counted in ticks of 10 ms: between two looks closer than this it would be noise. */
const LEAST_MS = 50;

export class TreeMeter {
  readonly pid: number;
  readonly #cores: number;
  #started: string | undefined;
  #before = new Map<number, ProcessInfo>();
  #at: number | undefined;
  #looks = 0;

  constructor(pid: number, cores: number) {
    this.pid = pid;
    this.#cores = cores;
  }

  /** The first look has no CPU to tell; null when the process is gone, its pid belongs to another one now, or the last look was just before. */
  look(processes: readonly ProcessInfo[], elapsed: number): Usage | null {
    this.#looks++;
    const tree = treeOf(processes, this.pid);
    const root = tree[0];
    if (root === undefined) return null;
    this.#started ??= root.started;
    if (root.started !== this.#started) return null;
    const wall = this.#at === undefined ? 0 : elapsed - this.#at;
    if (this.#at !== undefined && wall < LEAST_MS) return null;
    const used = this.#used(tree);
    this.#before = new Map(tree.map((info) => [info.pid, info]));
    this.#at = elapsed;
    const memory_mb = tree.reduce((sum, info) => sum + info.memory_mb, 0);
    const cpu_percent = wall > 0 ? Math.min(100, (used / wall / this.#cores) * 100) : 0;
    return { cpu_percent: round(cpu_percent), memory_mb: round(memory_mb), processes: tree.length };
  }

  /**
   * CPU milliseconds since the last look. A child that ended in between is in what its parent waited for, with all of its
   * time: what was counted while it ran is taken off again.
   */
  #used(tree: readonly ProcessInfo[]): number {
    let used = 0;
    let waited = 0;
    const gone = new Map(this.#before);
    for (const { pid, cpu_ms, waited_ms } of tree) {
      const before = gone.get(pid);
      gone.delete(pid);
      used += Math.max(0, cpu_ms - (before?.cpu_ms ?? 0));
      waited += Math.max(0, waited_ms - (before?.waited_ms ?? 0));
    }
    for (const { cpu_ms, waited_ms } of gone.values()) waited -= cpu_ms + waited_ms;
    return used + Math.max(0, waited);
  }

  /** How often it was looked at. */
  get looks(): number {
    return this.#looks;
  }

  /** True after the first look: from then on CPU is known. */
  get isWarm(): boolean {
    return this.#at !== undefined;
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
